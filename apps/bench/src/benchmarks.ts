import type { Benchmark } from './benchmark.js';
import { condition } from './condition/condition.js';
import { dataplane } from './dataplane/dataplane.js';
import { deploy } from './deploy/deploy.js';
import { descriptor } from './descriptor/descriptor.js';
import { footprint } from './footprint/footprint.js';
import { hop } from './hop/hop.js';
import { load } from './load/load.js';
import { planner } from './planner/planner.js';
import { swap } from './swap/swap.js';

export const benchmarks: readonly Benchmark[] = [
  load,
  condition,
  swap,
  hop,
  deploy,
  footprint,
  planner,
  descriptor,
  dataplane,
];
