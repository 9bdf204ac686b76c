import { DEFAULT_PRICE, costsOf, type Footprint } from './residency-costs.js';
import type { Trace, Use } from './trace.js';

/** Numbers from 0 to 1 that look random and are the same every time. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws gaps between the uses of one plugin, as multiples of its break-even time; `done` goes from 0 to 1 over the trace. */
export type Gaps = (random: () => number, done: number, plugin: number) => number;

const exponential =
  (mean: number): Gaps =>
  (random) =>
    -mean * Math.log(1 - random());

/** What gaps between uses may look like, from what never comes back in time to what hardly goes. */
export const SHAPES: Record<string, Gaps> = {
  'short gaps': (random) => 0.01 + 0.2 * random(),
  'long gaps': (random) => 3 + 20 * random(),
  'just over the break-even': (random) => 1.01 + 0.05 * random(),
  'just under the break-even': (random) => 0.9 + 0.09 * random(),
  'by chance, often': exponential(0.3),
  'by chance, at the break-even': exponential(1),
  'by chance, seldom': exponential(5),
  'bursts with long pauses': (random) => (random() < 0.8 ? 0.02 * random() : 10 + 20 * random()),
  'nights between days': (random) => (random() < 0.9 ? 0.3 * random() : 4),
  'heavy tail': (random) => 0.05 / (1 - random()) ** 1.2,
  'first often, then seldom': (random, done) => (done < 0.5 ? 0.2 * random() : 5 + 5 * random()),
  'first seldom, then often': (random, done) => (done < 0.5 ? 5 + 5 * random() : 0.2 * random()),
  'popular and forgotten plugins': (random, _done, plugin) =>
    (plugin % 2 === 0 ? 0.2 : 20) * (0.5 + random()),
};

export interface TraceSpec {
  shape: keyof typeof SHAPES;
  plugins: number;
  usesEach: number;
  seed: number;
  /** Part of what all plugins together take; undefined: no budget. */
  budget?: number;
}

export function makeTrace({ shape, plugins: count, usesEach, seed, budget }: TraceSpec): Trace {
  const random = randomNumbers(seed);
  const plugins = new Map<string, Footprint>();
  const uses: Use[] = [];
  for (let plugin = 0; plugin < count; plugin++) {
    const footprint = { memoryBytes: 2 ** 20 * (0.25 + 8 * random()), loadMilliseconds: 2 + 60 * random() };
    plugins.set(`p${plugin}`, footprint);
    const { breakEvenSeconds } = costsOf(footprint);
    let at = random() * breakEvenSeconds;
    for (let use = 0; use < usesEach; use++) {
      const length = (0.02 + random()) * breakEvenSeconds;
      uses.push({ plugin: `p${plugin}`, from: at, to: at + length });
      at += length + (SHAPES[shape]?.(random, use / usesEach, plugin) ?? 1) * breakEvenSeconds;
    }
  }
  const all = [...plugins.values()].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  return {
    plugins,
    uses: uses.sort((a, b) => a.from - b.from),
    ...(budget === undefined ? {} : { budgetBytes: all * budget }),
    price: DEFAULT_PRICE,
    until: uses.reduce((latest, { to }) => Math.max(latest, to), 0),
  };
}
