/**
 * Betters a plan with HiGHS, a solver of mixed-integer programmes, and finds the bound that no plan can be below.
 *
 * Layer: I/O, a thread; the programmes and the reading of their answers are the planner's, which is pure and checks every
 * answer. Trade-offs: the planner's own plan comes first and is complete, this only ever replaces it by a better one; the
 * time that it may take is given, and so the result depends on the machine's speed, unlike the planner's.
 * After a crash: nothing remains.
 */
export { explainPlan } from './explain-plan.js';
export { improvePlan } from './improve-plan.js';
export type { ImprovedPlan } from './improve-plan.js';
export { Solver } from './solver.js';
