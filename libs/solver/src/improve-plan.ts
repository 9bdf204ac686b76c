import type { Catalog, Inventory, Plan, ServiceGraph } from '@underware/core';
import { Improvement, plan } from '@underware/planner';
import type { PlanOptions } from '@underware/planner';
import { Solver } from './solver.js';

/** The longest that one small programme is worked at. */
const STEP_MS = 1000;

export interface ImprovedPlan {
  plan: Plan;
  /** Programmes that were solved, the ones for the bound aside, and those of them that bettered the plan. */
  solved: number;
  accepted: number;
}

/** Plans, then betters the plan for at most so many milliseconds. Throws what `plan` throws. */
export async function improvePlan(
  graph: ServiceGraph,
  inventory: Inventory,
  catalog: Catalog,
  options: PlanOptions,
  now: string,
  milliseconds: number,
): Promise<ImprovedPlan> {
  const first = plan(graph, inventory, catalog, options, now);
  const improvement = new Improvement(graph, inventory, catalog, options, first);
  const deadline = performance.now() + milliseconds;
  const left = (): number => deadline - performance.now();
  const solver = new Solver();
  try {
    const relaxedBound = await boundOf(improvement, solver, left);
    let [solved, accepted] = [0, 0];
    for (let model = improvement.next(); model !== undefined && left() > 0; model = improvement.next()) {
      const answer = await solver.solve(model, Math.min(STEP_MS, Math.max(1, left())));
      solved += 1;
      if (improvement.accept(answer?.values ?? new Map())) accepted += 1;
    }
    const better = accepted > 0 ? { suggested: improvement.placements() } : {};
    const bound = relaxedBound === undefined ? {} : { relaxedBound };
    return {
      plan: plan(graph, inventory, catalog, { ...options, ...better, ...bound }, now),
      solved,
      accepted,
    };
  } finally {
    await solver.close();
  }
}

/** The bound of the relaxed programme, where it is small enough and solved in time. */
export async function boundOf(
  improvement: Improvement,
  solver: Solver,
  left: () => number,
): Promise<number | undefined> {
  let values: ReadonlyMap<string, number> | undefined;
  for (let model = improvement.nextBound(); model !== undefined; model = improvement.nextBound(values)) {
    const next = left() > 0 ? await solver.solve(model, left()) : undefined;
    // A programme that was not solved to its end says nothing about what is below it.
    if (next?.isOptimal !== true) return undefined;
    values = next.values;
  }
  return values?.get('peak');
}
