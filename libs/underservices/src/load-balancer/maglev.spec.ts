import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fillRing, ringSize } from './maglev.js';
import type { RingMember } from './maglev.js';

const named = (count: number, weight = 1): RingMember[] =>
  Array.from({ length: count }, (_, i) => ({ name: `backend-${i}`, weight }));

/** Slots by the name of their member. */
function shares(members: readonly RingMember[], size: number): Map<string, number> {
  const counts = new Map(members.map(({ name }) => [name, 0]));
  for (const index of fillRing(members, size)) {
    const { name = '' } = members[index] ?? {};
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The part of slots that name another member. */
function moved(before: readonly RingMember[], after: readonly RingMember[], size: number): number {
  const [a, b] = [fillRing(before, size), fillRing(after, size)];
  return a.filter((index, slot) => before[index]?.name !== after[b[slot] ?? -1]?.name).length / size;
}

describe('the ring', () => {
  it.each([2, 3, 10, 40, 150, 600])('gives %d members of one weight equal shares', (count) => {
    const size = ringSize(count);
    for (const share of shares(named(count), size).values())
      expect(Math.abs(share - size / count)).toBeLessThanOrEqual(Math.max(1, size / count / 100));
  });

  it('gives shares in proportion to weights', () => {
    const members = [1, 2, 4, 93].map((weight, i) => ({ name: `b${i}`, weight }));
    const found = [...shares(members, 16_381).values()];
    for (const [i, { weight }] of members.entries())
      expect(Math.abs((found[i] ?? 0) - (16_381 * weight) / 100)).toBeLessThan(4);
  });

  it('gives nothing to those that drain, and is none without others', () => {
    const members = [...named(3), { name: 'old', weight: 0 }];
    expect(shares(members, 4093).get('old')).toBe(0);
    expect(fillRing([{ name: 'old', weight: 0 }], 4093)).toEqual([]);
    expect(fillRing([], 4093)).toEqual([]);
  });

  it.each([4, 20, 100])('moves little beside the share of the one of %d that goes or comes', (count) => {
    const size = ringSize(count);
    const members = named(count);
    for (const gone of [0, Math.floor(count / 2), count - 1]) {
      const part = moved(
        members,
        members.filter((_, i) => i !== gone),
        size,
      );
      expect(part).toBeGreaterThanOrEqual(0.99 / count);
      expect(part).toBeLessThan(1 / count + 0.04);
    }
  });

  it('does not depend on the order of its members', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 12 }),
        fc.nat(12),
        (names, turn) => {
          const members = names.map((name, i) => ({ name, weight: 1 + (i % 3) }));
          const at = turn % names.length;
          const turned = [...members.slice(at), ...members.slice(0, at)];
          expect(moved(members, turned, 4093)).toBe(0);
        },
      ),
      { numRuns: 20 },
    );
  });
});
