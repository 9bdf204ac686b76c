import type { Catalog, Inventory, Plan, ServiceGraph } from '@underware/core';
import { Improvement, plan } from '@underware/planner';
import type { PlanOptions } from '@underware/planner';
import { boundOf } from './improve-plan.js';
import { Solver } from './solver.js';

/**
 * The plan as the planner makes it, with a reason for every host that was not taken, and with the bound of a solved linear
 * programme where that is small enough to be solved in so many milliseconds. Throws what `plan` throws.
 */
export async function explainPlan(
  graph: ServiceGraph,
  inventory: Inventory,
  catalog: Catalog,
  options: PlanOptions,
  now: string,
  milliseconds: number,
): Promise<Plan> {
  const explained = { ...options, explain: true };
  const made = plan(graph, inventory, catalog, explained, now);
  const deadline = performance.now() + milliseconds;
  const solver = new Solver();
  try {
    const improvement = new Improvement(graph, inventory, catalog, explained, made);
    const relaxedBound = await boundOf(improvement, solver, () => deadline - performance.now());
    if (relaxedBound === undefined) return made;
    return plan(graph, inventory, catalog, { ...explained, relaxedBound }, now);
  } finally {
    await solver.close();
  }
}
