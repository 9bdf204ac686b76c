import { describe, expect, it } from '@jest/globals';
import { lessIsBetter, median, quantile, spread } from './result.js';

describe('statistics of a benchmark', () => {
  it('take the middle, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('interpolate quantiles between ranks', () => {
    expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it('give the spread relative to the median', () => {
    expect(spread([10, 10, 10])).toBe(0);
    expect(spread([8, 10, 12])).toBeCloseTo(0.1);
  });

  it('put us ahead when we take less', () => {
    const about = { bench: 'load', case: 'x', peerName: 'p', unit: 'ms' };
    expect(lessIsBetter(about, [2], [10]).ratio).toBe(5);
  });
});
