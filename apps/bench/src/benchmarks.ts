import type { Benchmark } from './benchmark.js';
import { hop } from './hop/hop.js';
import { load } from './load/load.js';
import { swap } from './swap/swap.js';

export const benchmarks: readonly Benchmark[] = [load, swap, hop];
