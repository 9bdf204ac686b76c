import { hop } from './hop/hop.js';
import { load } from './load/load.js';
import { swap } from './swap/swap.js';
import type { BenchResult } from './result.js';

/** A named group of measurements; it prepares and removes what it needs, under the prefix `uwb`. */
export interface Benchmark {
  name: string;
  measures: string;
  run(): AsyncIterable<BenchResult>;
}

export const benchmarks: readonly Benchmark[] = [load, swap, hop];
