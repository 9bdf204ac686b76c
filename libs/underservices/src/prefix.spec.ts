import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  addressAt,
  addressAsNumber,
  containsPrefix,
  formatPrefix,
  networkOf,
  parsePrefix,
} from './prefix.js';

const parse = (text: string) => {
  const prefix = parsePrefix(text);
  if (prefix === undefined) throw new Error(`${text} is no prefix`);
  return prefix;
};

it.each([
  '10.0.0.0/33',
  '10.0.0/8',
  '::/129',
  '10.0.0.0/08',
  '10.0.0.0/',
  'fd00::/8/9',
  '',
  'web',
  '1.2.3.4/-1',
])('%j is no prefix', (text) => {
  expect(parsePrefix(text)).toBeUndefined();
});

it.each([
  ['10.60.0.77/24', '10.60.0.0/24'],
  ['10.60.255.77/20', '10.60.240.0/20'],
  ['fd60::1:2/64', 'fd60::/64'],
  ['10.1.2.3', '10.1.2.3/32'],
  ['1.2.3.4/0', '0.0.0.0/0'],
])('%s is on the network %s', (text, network) => {
  expect(formatPrefix(networkOf(parse(text)))).toBe(network);
});

it('a network holds exactly the addresses that begin with its bits', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV4(), fc.ipV6()),
      fc.nat(128),
      fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
      (address, length, seed) => {
        const host = parse(address);
        const bits = host.bytes.length * 8;
        const network = networkOf({ ...host, length: Math.min(length, bits) });
        expect(containsPrefix(network, host)).toBe(true);
        const size = 1n << BigInt(bits - network.length);
        const inside = { ...addressAt(network, seed % size), length: bits };
        expect(containsPrefix(network, inside)).toBe(true);
        const after = addressAsNumber(network) + size;
        // What comes after the last network of a family wraps around to its first.
        const wraps = after === 1n << BigInt(bits) && addressAsNumber(network) === 0n;
        expect(containsPrefix(network, { ...addressAt(network, size), length: bits })).toBe(wraps);
      },
    ),
  );
});
