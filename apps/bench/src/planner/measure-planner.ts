import type { Inventory, Plan } from '@underware/core';
import { plan } from '@underware/planner';
import { scenario } from './scenario.js';
import type { Scenario } from './scenario.js';

export interface PlannerSamples {
  /** The first plan of the process. */
  coldMs: number;
  /** The second. */
  planMs: number;
  /** One for each lost host, after some to warm up. */
  replanMs: number[];
  /** Of the whole process at its fullest, in MB. */
  peakMb: number;
  /** How far the fullest host is above the bound, in per cent. */
  gapPercent: number;
}

const OPTIONS = { planId: 'bench', service: 'bench' };
const WARM_UP = 8;
const LOST_HOSTS = 8;

/** Plans once, as an orchestrator that has just started does, then again for one lost host after the other. */
export function measurePlanner(vnfs: number, hosts: number, seed: number): PlannerSamples {
  const large = scenario(vnfs, hosts, seed);
  const { graph, inventory, catalog } = large;
  const [coldMs, made] = timed(() => plan(graph, inventory, catalog, OPTIONS, 'now'));
  // What one plan takes is measured, not that of many.
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const [planMs] = timed(() => plan(graph, inventory, catalog, OPTIONS, 'now'));
  const used = [...new Set(made.placements.map(({ host }) => host))];
  const replanMs = used.slice(0, WARM_UP + LOST_HOSTS).map((lost) => timeReplan(large, made, lost));
  return { coldMs, planMs, replanMs: replanMs.slice(WARM_UP), peakMb, gapPercent: gapOf(made) };
}

function timed<Result>(work: () => Result): [number, Result] {
  const started = performance.now();
  const result = work();
  return [performance.now() - started, result];
}

/** Fails when anything moves that could have stayed. */
function timeReplan({ graph, inventory, catalog }: Scenario, before: Plan, lost: string): number {
  const hosts = inventory.hosts.map((host) =>
    host.id === lost ? { ...host, ready: false, reason: 'no heartbeat for 30 s' } : host,
  );
  const left: Inventory = { ...inventory, hosts };
  const previous = { plan: before, graph, inventory, catalog };
  const [took, made] = timed(() => plan(graph, left, catalog, { ...OPTIONS, previous }, 'later'));
  const orphans = before.placements.filter(({ host }) => host === lost).length;
  if (made.costs?.moved !== orphans) {
    throw new Error(`${made.costs?.moved} VNFs moved, ${orphans} were on the lost host`);
  }
  return took;
}

export function gapOf({ costs }: Plan): number {
  if (costs === undefined) throw new Error('the plan says nothing of its costs');
  return (costs.peakShare / costs.boundShare - 1) * 100;
}
