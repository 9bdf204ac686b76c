import { parsePorts } from './port-range.js';
import { parsePrefix } from './prefix.js';
import type { DataType, DataTypes } from './schema/property-schema.js';

/** Names of nodes, ports, rules: safe in file names, map keys, JSON and shells. */
export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

const prefixExpected = 'an IPv4 or IPv6 prefix, e.g. 10.60.0.0/24 or fd60::/64';
const cidr = (value: unknown): boolean => typeof value === 'string' && parsePrefix(value) !== undefined;

/** Data types that models and node types share, by TOSCA name. */
export const DATA_TYPES: DataTypes = new Map<string, DataType>([
  [
    'underware.datatypes.Name',
    {
      kind: 'scalar',
      description: 'A name.',
      expected: 'a name: a letter, then at most 62 letters, digits, - or _',
      accepts: (value) => typeof value === 'string' && NAME_PATTERN.test(value),
    },
  ],
  [
    'underware.datatypes.Prefix',
    { kind: 'scalar', description: 'A network.', expected: prefixExpected, accepts: cidr },
  ],
  [
    'underware.datatypes.Address',
    {
      kind: 'scalar',
      description: 'An address, with or without the length of its network.',
      expected: 'an IPv4 or IPv6 address, e.g. 10.60.0.2 or fd60::2/64',
      accepts: cidr,
    },
  ],
  [
    'underware.datatypes.Ports',
    {
      kind: 'scalar',
      description: 'A transport port or a range of them.',
      expected: 'a port or a range from 0 to 65535, e.g. 8080 or "8000-8100"',
      accepts: (value) => parsePorts(value) !== undefined,
    },
  ],
  [
    'underware.datatypes.FirewallRule',
    {
      kind: 'struct',
      description: 'One rule; the first that matches decides.',
      properties: {
        name: { type: 'underware.datatypes.Name', description: 'shown beside its counters' },
        from: {
          type: 'string',
          description: 'a prefix, the name of a port of the descriptor, or any',
          default: 'any',
        },
        to: {
          type: 'string',
          description: 'a prefix, the name of a port of the descriptor, or any',
          default: 'any',
        },
        protocol: {
          type: 'string',
          description: 'icmp is ICMPv6 over IPv6',
          default: 'any',
          constraints: [{ kind: 'valid_values', values: ['any', 'tcp', 'udp', 'icmp'] }],
        },
        ports: {
          type: 'underware.datatypes.Ports',
          description: 'destination ports, tcp and udp alone',
          required: false,
        },
        source_ports: {
          type: 'underware.datatypes.Ports',
          description: 'source ports, tcp and udp alone',
          required: false,
        },
        action: {
          type: 'string',
          description: 'what happens to a packet that matches',
          constraints: [{ kind: 'valid_values', values: ['allow', 'deny'] }],
        },
      },
    },
  ],
]);
