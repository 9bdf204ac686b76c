import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Demand } from './demand.js';
import { costsOf, DEFAULT_PRICE } from './residency-costs.js';
import type { SimulatedPolicy } from './simulate.js';
import { simulate } from './simulate.js';
import { makeTrace, SHAPES } from './trace.spec-support.js';
import type { Trace, Use } from './trace.js';

const MEBIBYTE = 2 ** 20;
/** Holds a mebibyte, loads in 10 ms: 600 mebibyte-seconds, so it breaks even after 600 seconds. */
const ONE = { memoryBytes: MEBIBYTE, loadMilliseconds: 10 };

function trace(uses: [string, number, number][], over: Partial<Trace> = {}): Trace {
  return {
    plugins: new Map([...new Set(uses.map(([plugin]) => plugin))].map((plugin) => [plugin, ONE])),
    uses: uses.map(([plugin, from, to]): Use => ({ plugin, from, to })),
    price: DEFAULT_PRICE,
    until: Math.max(...uses.map(([, , to]) => to)),
    ...over,
  };
}

function byName(results: readonly SimulatedPolicy[]): Record<SimulatedPolicy['policy'], SimulatedPolicy> {
  return Object.fromEntries(results.map((result) => [result.policy, result])) as never;
}

describe('the costs of a policy', () => {
  it('are its loads and what it holds without a user, and never what is in use', () => {
    const results = byName(
      simulate(
        trace([
          ['a', 0, 5000],
          ['a', 5100, 9000],
          ['a', 20_000, 20_001],
        ]),
      ),
    );
    expect(results.dynamic).toMatchObject({ cost: 1800, loads: 3, held: 0, peakBytes: MEBIBYTE });
    expect(results.persistent).toMatchObject({ cost: 600 + 100 + 11_000, loads: 1, held: 11_100 });
    expect(results.lru).toMatchObject({ cost: 11_700, loads: 1 });
    // The short gap is held, the long one is not.
    expect(results.optimum).toMatchObject({
      cost: 600 + 100 + 600,
      loads: 2,
      loadMilliseconds: 20,
      held: 100,
    });
  });

  it('count a copy for each of the users of one time', () => {
    const results = byName(
      simulate(
        trace([
          ['a', 0, 100],
          ['a', 50, 150],
          ['a', 160, 170],
        ]),
      ),
    );
    expect(results.dynamic).toMatchObject({ loads: 3, peakBytes: 2 * MEBIBYTE });
    expect(results.lru).toMatchObject({ loads: 2, held: 10 + 70 });
    expect(results.persistent).toMatchObject({ loads: 2, held: 10 + 50 + 70 });
    expect(results.optimum).toMatchObject({ loads: 2, held: 10 });
  });

  it('go on after the last use, until the end of the trace', () => {
    const results = byName(simulate(trace([['a', 0, 1]], { until: 301 })));
    expect(results.lru.held).toBe(300);
    expect(results.dynamic.held).toBe(0);
    expect(results.optimum.held).toBe(0);
  });

  it('include loading again what had to make room', () => {
    const budget = trace(
      [
        ['a', 0, 10],
        ['b', 20, 30],
        ['a', 40, 50],
      ],
      { budgetBytes: MEBIBYTE },
    );
    const results = byName(simulate(budget));
    expect(results.lru).toMatchObject({ loads: 3, held: 10 + 10, peakBytes: MEBIBYTE });
    expect(results.optimum).toMatchObject({ loads: 2, held: 30 });
  });
});

describe('auto', () => {
  it('is within 10 % of the best fixed policy on every trace, and never above twice the optimum', () => {
    const sizes = fc.constantFrom([1, 400], [4, 100], [16, 40]);
    const spec = fc.record({
      shape: fc.constantFrom(...Object.keys(SHAPES)),
      size: sizes,
      seed: fc.integer({ min: 0, max: 2 ** 31 }),
      budget: fc.constantFrom(undefined, undefined, 0.5, 0.8),
    });
    fc.assert(
      fc.property(spec, ({ shape, size: [plugins = 1, usesEach = 1], seed, budget }) => {
        const made = makeTrace({
          shape,
          plugins,
          usesEach,
          seed,
          ...(budget === undefined ? {} : { budget }),
        });
        const { auto, optimum, dynamic, persistent, lru } = byName(simulate(made));
        expect(auto.cost).toBeLessThanOrEqual(1.1 * Math.min(dynamic.cost, persistent.cost, lru.cost));
        // Where memory runs short, the optimum without a budget is out of reach for everyone.
        const bound = budget === undefined ? 2 * optimum.cost : Infinity;
        expect(auto.cost).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 150, seed: 1 },
    );
  }, 60_000);

  it.each(Object.keys(SHAPES))('holds that for %s', (shape) => {
    for (const [plugins, usesEach] of [
      [1, 400],
      [16, 40],
    ] as const) {
      const { auto, optimum, dynamic, persistent, lru } = byName(
        simulate(makeTrace({ shape, plugins, usesEach, seed: 7 })),
      );
      expect(auto.cost).toBeLessThanOrEqual(1.1 * Math.min(dynamic.cost, persistent.cost, lru.cost));
      expect(auto.cost).toBeLessThanOrEqual(2 * optimum.cost);
    }
  });

  it('is not led above twice the optimum by one who knows what it will do next', () => {
    const always = Array.from({ length: 500 }, () => ({ plugin: 0, move: 'just too late' as const }));
    const worst = byName(simulate(adversary(always)));
    expect(worst.auto.cost / worst.optimum.cost).toBeGreaterThan(1.5);
    expect(worst.auto.cost / worst.optimum.cost).toBeLessThanOrEqual(2);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...MOVES), { minLength: 1, maxLength: 120 }), (moves) => {
        const { auto, optimum } = byName(simulate(adversary(moves.map((move) => ({ plugin: 0, move })))));
        expect(auto.cost).toBeLessThanOrEqual(2 * optimum.cost + 1e-6);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('adds one load at most for each plugin that is held when the trace ends', () => {
    const turn = fc.record({ plugin: fc.nat({ max: 2 }), move: fc.constantFrom(...MOVES) });
    fc.assert(
      fc.property(
        fc.array(turn, { minLength: 1, maxLength: 120 }),
        fc.constantFrom(0, 1e9),
        (turns, later) => {
          const made = adversary(turns);
          const { auto, optimum } = byName(simulate({ ...made, until: made.until + later }));
          const idle = made.plugins.size - (later === 0 ? 1 : 0);
          expect(auto.cost).toBeLessThanOrEqual(2 * optimum.cost + idle * costsOf(ONE).reload + 1e-6);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
});

const MOVES = ['just too late', 'at once', 'just in time', 'late'] as const;
type Move = (typeof MOVES)[number];

/** The next use of a plugin comes when it hurts: it is chosen knowing for how long the plugin is held. */
function adversary(turns: readonly { plugin: number; move: Move }[]): Trace {
  const demand = new Demand();
  const costs = costsOf(ONE);
  const uses: [string, number, number][] = [];
  const heldUntil = new Map<string, { since: number; until: number }>();
  let now = 0;
  for (const { plugin, move } of turns) {
    const name = `p${plugin}`;
    const held = heldUntil.get(name);
    const length = (held?.until ?? 0) - (held?.since ?? 0);
    const wanted =
      held === undefined || move === 'at once'
        ? now
        : {
            'just too late': held.until + 1e-3,
            'just in time': held.since + 0.999 * length,
            late: held.until + 10_000,
          }[move];
    const from = Math.max(now + 1e-3, wanted);
    const to = from + 1e-3;
    uses.push([name, from, to]);
    demand.used(`${name} #1`, costs, from);
    heldUntil.set(name, { since: to, until: to + demand.released(`${name} #1`, to).seconds });
    now = to;
  }
  return trace(uses);
}
