import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { plan } from '@underware/planner';
import { improvePlan } from '@underware/solver';
import type { Benchmark } from '../benchmark.js';
import { lessIsBetter } from '../result.js';
import { gapOf } from './measure-planner.js';
import type { PlannerSamples } from './measure-planner.js';
import { scenario } from './scenario.js';

const run = promisify(execFile);
const MEASURE = fileURLToPath(new URL('./process.js', import.meta.url));
const OPTIONS = { planId: 'bench', service: 'bench' };
const ROUNDS = 5;
const SEEDS = [1, 2, 3, 4, 5];
/** What the solver is given for each of the small scenarios. */
const SOLVER_MS = 5000;

export const planner: Benchmark = {
  name: 'planner',
  measures:
    'plan 10,000 VNFs with 20,000 plugin instances on 1,000 hosts, and again after a host is lost, against the targets',
  async *run(signal) {
    const samples: PlannerSamples[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { stdout } = await run(process.execPath, [MEASURE, '10000', '1000', '1'], { signal });
      samples.push(JSON.parse(stdout) as PlannerSamples);
    }
    const about = { bench: 'planner', peerName: 'target' };
    const large = '10000-vnfs-on-1000-hosts';
    const of = (pick: (one: PlannerSamples) => number | number[]): number[] => samples.flatMap(pick);
    yield lessIsBetter(
      { ...about, case: `plan-${large}`, unit: 'ms' },
      of(({ planMs }) => planMs),
      [2000],
    );
    yield lessIsBetter(
      { ...about, case: `plan-cold-${large}`, unit: 'ms' },
      of(({ coldMs }) => coldMs),
      [2000],
    );
    yield lessIsBetter(
      { ...about, case: 'replan-after-lost-host', unit: 'ms' },
      of(({ replanMs }) => replanMs),
      [200],
    );
    yield lessIsBetter(
      { ...about, case: `memory-${large}`, unit: 'MB' },
      of(({ peakMb }) => peakMb),
      [1024],
    );
    yield lessIsBetter(
      { ...about, case: `gap-${large}`, unit: '%' },
      of(({ gapPercent }) => gapPercent),
      [5],
    );
    const [heuristic, solved] = await smallGaps(signal);
    yield lessIsBetter({ ...about, case: 'gap-200-vnfs-on-50-hosts', unit: '%' }, heuristic, [5]);
    yield lessIsBetter({ ...about, case: 'gap-200-vnfs-on-50-hosts-solver', unit: '%' }, solved, [5]);
  },
};

/** Above the bound of the relaxed programme, which the solver solves: the planner's own plans, and the bettered ones. */
async function smallGaps(signal: AbortSignal): Promise<[number[], number[]]> {
  const [heuristic, solved]: [number[], number[]] = [[], []];
  for (const seed of SEEDS) {
    signal.throwIfAborted();
    const { graph, inventory, catalog } = scenario(200, 50, seed);
    const better = await improvePlan(graph, inventory, catalog, OPTIONS, 'now', SOLVER_MS);
    const relaxedBound = better.plan.costs?.boundShare ?? 0;
    heuristic.push(gapOf(plan(graph, inventory, catalog, { ...OPTIONS, relaxedBound }, 'now')));
    solved.push(gapOf(better.plan));
  }
  return [heuristic, solved];
}
