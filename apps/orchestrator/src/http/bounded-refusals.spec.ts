import { expect, it } from '@jest/globals';
import { BoundedRefusals } from './bounded-refusals.js';

it('keeps one refusal in so much time, and says how many were not kept', () => {
  const refusals = new BoundedRefusals(1_000);
  const times = [5_000, 5_001, 5_999, 6_000, 6_500, 9_000];
  expect(times.map((now) => refusals.take(now))).toEqual([0, undefined, undefined, 2, undefined, 1]);
});
