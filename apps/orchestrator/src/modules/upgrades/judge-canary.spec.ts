import { describe, expect, it, test } from '@jest/globals';
import { DEFAULT_BAND } from '@underware/core';
import type { Band, CanaryOutcome, VerdictCounts } from '@underware/core';
import { assert, double, integer, property } from 'fast-check';
import { judgeCanary } from './judge-canary.js';

const judge = (before: VerdictCounts, after: VerdictCounts, change: Partial<Band> = {}, ended = true) =>
  judgeCanary(
    [{ host: 'h1', instance: 'guard on web_port xdp', before, after }],
    { ...DEFAULT_BAND, ...change },
    ended,
  );

const table: [string, VerdictCounts, VerdictCounts, CanaryOutcome][] = [
  ['does the same', { pass: 900, drop: 100 }, { pass: 1800, drop: 200 }, 'inside'],
  ['differs by less than is tolerated', { pass: 9000, drop: 1000 }, { pass: 8600, drop: 1400 }, 'inside'],
  ['drops everything', { pass: 5000 }, { drop: 300 }, 'outside'],
  ['passes what was dropped', { pass: 500, drop: 500 }, { pass: 1000 }, 'outside'],
  ['differs by more than is tolerated', { pass: 9500, drop: 500 }, { pass: 8800, drop: 1200 }, 'outside'],
  ['differs, of too few', { pass: 85, drop: 5 }, { pass: 45, drop: 45 }, 'unseen'],
  ['differs, of few, by what may be chance', { pass: 190, drop: 10 }, { pass: 176, drop: 24 }, 'inside'],
  ['gives packets up', { pass: 100_000 }, { pass: 99_500, aborted: 500 }, 'outside'],
  ['gives fewer packets up', { pass: 9000, aborted: 400 }, { pass: 9400 }, 'inside'],
  ['gives packets up, of traffic that is new', {}, { pass: 1000, aborted: 1000 }, 'outside'],
  ['sees traffic that is new', { pass: 3 }, { drop: 4000 }, 'unseen'],
  ['sees nothing, as before', {}, {}, 'unseen'],
  ['sees no traffic any more', { pass: 90_000 }, { drop: 12 }, 'outside'],
  ['redirects what was passed', { pass: 1000 }, { redirect: 1000 }, 'outside'],
];

describe('a canary', () => {
  test.each(table)('that %s', (_words, before, after, outcome) => {
    expect(judge(before, after).outcome).toBe(outcome);
  });

  it('says the figures that made it', () => {
    const reasonOf = ({ figures }: ReturnType<typeof judge>) => figures.map(({ reason }) => reason);
    expect(reasonOf(judge({ pass: 4800, drop: 200 }, { drop: 250 }))).toEqual([
      'drop 4.0 % of 5000 packets before, 100.0 % of 250 after: more than 7.3 points apart',
    ]);
    expect(reasonOf(judge({ pass: 980, drop: 20 }, { pass: 490, drop: 10 }))).toEqual([
      'drop 2.0 % → 2.0 %, pass 98.0 % → 98.0 % of 1000 and 500 packets',
    ]);
    expect(reasonOf(judge({ pass: 4 }, { pass: 2 }))).toEqual([
      '4 packets before, 2 after: 100 of each are needed to tell',
    ]);
  });

  it('is not blamed for what has not come yet, but for what came', () => {
    expect(judge({ pass: 90_000 }, { pass: 12 }, {}, false).outcome).toBe('unseen');
    expect(judge({ pass: 90_000 }, { drop: 120 }, {}, false).outcome).toBe('outside');
  });

  it('is judged by the band that is asked for', () => {
    const wider = { tolerance: 0.2, minPackets: 10 };
    expect(judge({ pass: 950, drop: 50 }, { pass: 850, drop: 150 }).outcome).toBe('outside');
    expect(judge({ pass: 950, drop: 50 }, { pass: 850, drop: 150 }, wider).outcome).toBe('inside');
    expect(judge({ pass: 20 }, { drop: 20 }, wider).outcome).toBe('outside');
    expect(judge({ pass: 99, aborted: 1 }, { pass: 97, aborted: 3 }, wider).outcome).toBe('inside');
  });

  it('is as good as its worst instance, and seen where one of them is', () => {
    const each = { host: 'h1', instance: 'x' };
    const [good, bad, idle] = [
      { ...each, before: { pass: 500 }, after: { pass: 500 } },
      { ...each, before: { pass: 500 }, after: { drop: 500 } },
      { ...each, before: {}, after: {} },
    ];
    expect(judgeCanary([good, idle], DEFAULT_BAND, true).outcome).toBe('inside');
    expect(judgeCanary([good, idle, bad], DEFAULT_BAND, true).outcome).toBe('outside');
    expect(judgeCanary([idle], DEFAULT_BAND, true).outcome).toBe('unseen');
    expect(judgeCanary([], DEFAULT_BAND, true).outcome).toBe('unseen');
  });

  it('is never outside where chance alone is at work, and always where it drops what passed', () => {
    const packets = integer({ min: 100, max: 4000 });
    assert(
      property(
        packets,
        packets,
        double({ min: 0, max: 1, noNaN: true }),
        integer(),
        (had, has, rate, seed) => {
          const next = randomFrom(seed);
          const draw = (count: number): VerdictCounts => {
            let drop = 0;
            for (let i = 0; i < count; i++) if (next() < rate) drop += 1;
            return { drop, pass: count - drop };
          };
          expect(judge(draw(had), draw(has)).outcome).toBe('inside');
          expect(judge({ pass: had }, { drop: has }, {}, false).outcome).toBe('outside');
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });
});

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
