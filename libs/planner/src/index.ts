/**
 * Decides: where every part of a service goes and what each host must become.
 *
 * Layer: pure; imports core and underservices. Time and ids come in as arguments; the same input gives the same
 * result, byte for byte, and every decision carries its reason in words.
 * Trade-offs: placement is a search by least choice and least use with a bound on its tries, not an optimum, and says how
 * far from one it may be; `Improvement` betters it with a solver that others run. What is looked up often is kept for one
 * planning, and for the next one that is given its plan: what that was made from must not change. Names, devices, MAC
 * addresses and keys are hashes over the service's id, so nothing has to be remembered to find them again.
 * After a crash: nothing remains.
 */
export { CHAIN_DEPTH } from './placement/choose-plugin.js';
export { drawPlan } from './draw-plan.js';
export { formatPlan } from './format-plan.js';
export { Improvement } from './improve/improvement.js';
export { formatChanges, planByHost } from './plan-by-host.js';
export { plan } from './plan.js';
export { checkPlugin } from './preflight.js';
export type { ProgramCheck } from './preflight.js';
export type { PlanOptions } from './plan.js';
export type { Upgrade } from './placement/plugins-in-force.js';
export type { PlannedBefore } from './slices/reuse.js';
export { decideHolds, overBudget } from './residency/decide-holds.js';
export type { Hold, HoldPlan, HostDemand, PastUse } from './residency/decide-holds.js';
export { Demand } from './residency/demand.js';
export type { HoldDecision } from './residency/demand.js';
export { costsOf, DEFAULT_PRICE } from './residency/residency-costs.js';
export type { Footprint, ResidencyCosts, ResidencyPrice } from './residency/residency-costs.js';
export { simulate } from './residency/simulate.js';
export type { SimulatedPolicy } from './residency/simulate.js';
export { parseTrace } from './residency/trace.js';
export type { Trace, Use } from './residency/trace.js';
export { replaceVersion } from './slices/replace-version.js';
export { serviceAddresses } from './addresses/service-addresses.js';
export { stableJson } from './stable-names.js';
