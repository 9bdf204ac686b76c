import { describe, expect, it } from '@jest/globals';
import { RestartPace } from './restart-pace.js';

describe('RestartPace', () => {
  it('lets the first restart pass, then waits longer and longer, and forgets', () => {
    const pace = new RestartPace();
    expect(pace.of('a')).toBeUndefined();
    const restarts: number[] = [];
    for (let second = 0; second < 1_000; second += 10)
      if (!pace.hold(['a'], second * 1000).has('a')) restarts.push(second);
    expect(restarts).toEqual([0, 10, 30, 70, 150, 310, 610, 910]);
    expect(pace.of('a')).toEqual({ restarts: 8, nextTryAt: '1970-01-01T00:20:10.000Z' });
    expect(pace.hold(['b'], 1_000_000)).toEqual(new Set());
    expect(pace.hold(['a'], 1_000_000)).toEqual(new Set(['a']));
    expect(pace.hold(['a'], 2_000_000)).toEqual(new Set());
    expect(pace.hold(['a'], 2_010_000)).toEqual(new Set());
  });
});
