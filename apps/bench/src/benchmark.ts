import type { BenchResult } from './result.js';

/** A named group of measurements; it prepares and removes what it needs, under the prefix `uwb-`. */
export interface Benchmark {
  name: string;
  measures: string;
  /** Ends early, and takes everything away, when the signal aborts. */
  run(signal: AbortSignal): AsyncIterable<BenchResult>;
}
