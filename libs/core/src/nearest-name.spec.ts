import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { nearestName } from './nearest-name.js';

it.each([
  ['frirewall', 'firewall'],
  ['Firewall', 'firewall'],
  ['prode', 'probe'],
  ['zzz', undefined],
  ['rotuer', 'router'],
  ['x'.repeat(10_000), undefined],
  ['İ'.repeat(64), undefined],
])('the nearest name to %.20s is %s', (name, expected) => {
  expect(nearestName(name, ['firewall', 'probe', 'router'])).toBe(expected);
});

it('does not depend on the order of candidates', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string({ maxLength: 8 })), (name, candidates) => {
      expect(nearestName(name, candidates)).toBe(nearestName(name, candidates.toReversed()));
    }),
  );
});
