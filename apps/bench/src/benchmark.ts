import type { BenchResult } from './result.js';

/** A named group of measurements; it prepares and removes what it needs, under the prefix `uwb`. */
export interface Benchmark {
  name: string;
  measures: string;
  run(): AsyncIterable<BenchResult>;
}
