import { parsePorts, parsePrefix } from '@underware/underservices';

export interface Format {
  expected: string;
  accepts(text: string): boolean;
}

/** Names of nodes, ports, rules: safe in file names, map keys, JSON and shells. */
export const NAME: Format = {
  expected: 'a letter, then at most 62 letters, digits, - or _',
  accepts: (text) => /^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(text),
};

const isPrefix = (text: string): boolean => parsePrefix(text) !== undefined;

/** What the pattern of a data type of the profile cannot say, by the name of the type. */
export const FORMATS: ReadonlyMap<string, Format> = new Map([
  [
    'underware.datatypes.Prefix',
    { expected: 'an IPv4 or IPv6 prefix, e.g. 10.60.0.0/24 or fd60::/64', accepts: isPrefix },
  ],
  [
    'underware.datatypes.Address',
    { expected: 'an IPv4 or IPv6 address, e.g. 10.60.0.2 or fd60::2/64', accepts: isPrefix },
  ],
  [
    'underware.datatypes.Ports',
    {
      expected: 'a port or a range from 0 to 65535, e.g. 8080 or "8000-8100"',
      accepts: (text) => parsePorts(text) !== undefined,
    },
  ],
]);
