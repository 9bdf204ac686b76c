import { expect, it } from '@jest/globals';
import { BUCKETS, bucketsOf } from './buckets.js';

const hops = [1, 2, 3, 4].map((last) => [10, 0, 0, last]);
const texts = (buckets: number[][]): string[] => buckets.map((bytes) => bytes.join('.'));

it('a next hop that leaves takes its own flows along, and no others move', () => {
  const before = texts(bucketsOf(hops));
  const after = texts(bucketsOf(hops.slice(0, 3)));
  const moved = before.filter((hop, i) => hop !== after[i]);
  expect(new Set(moved)).toEqual(new Set(['10.0.0.4']));
  expect(moved).toHaveLength(before.filter((hop) => hop === '10.0.0.4').length);
});

it('next hops share the buckets about evenly, in whatever order they come', () => {
  const buckets = texts(bucketsOf(hops));
  for (const hop of texts(hops)) {
    const share = buckets.filter((each) => each === hop).length;
    expect(share).toBeGreaterThan(BUCKETS / 4 / 1.5);
    expect(share).toBeLessThan((BUCKETS / 4) * 1.5);
  }
  expect(texts(bucketsOf(hops.toReversed()))).toEqual(buckets);
});

it('one next hop needs one bucket, none needs none', () => {
  expect(bucketsOf(hops.slice(0, 1))).toEqual([[10, 0, 0, 1]]);
  expect(bucketsOf([])).toEqual([]);
});
