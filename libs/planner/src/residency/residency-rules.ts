import { Demand } from './demand.js';
import type { Copy } from './turns.js';

export const RESIDENCY_POLICIES = ['dynamic', 'persistent', 'lru', 'auto'] as const;
export type ResidencyPolicyName = (typeof RESIDENCY_POLICIES)[number];

/** How a policy decides in a simulation. */
export interface ResidencyRule {
  /** Loads everything when the host comes up, as far as the budget goes. */
  loadsAtStart: boolean;
  used(copy: Copy, at: number): void;
  /** For how many seconds it is held without a user. */
  released(copy: Copy, at: number): number;
  /** Memory ran short: it is unloaded before its time. */
  evicted(copy: Copy, at: number): void;
  /** What is worth least goes first when memory runs short. */
  worth(copy: Copy, lastUsed: number): number;
}

export const RULES: readonly { name: ResidencyPolicyName; make: () => ResidencyRule }[] = [
  { name: 'dynamic', make: () => fixed(false, 0) },
  { name: 'persistent', make: () => fixed(true, Infinity) },
  { name: 'lru', make: () => fixed(false, Infinity) },
  { name: 'auto', make: auto },
];

function fixed(loadsAtStart: boolean, seconds: number): ResidencyRule {
  return {
    loadsAtStart,
    used: () => undefined,
    released: () => seconds,
    evicted: () => undefined,
    worth: (_copy, lastUsed) => lastUsed,
  };
}

function auto(): ResidencyRule {
  const demand = new Demand();
  return {
    loadsAtStart: false,
    used: (copy, at) => demand.used(copy.name, copy.costs, at),
    released: (copy, at) => demand.released(copy.name, at).seconds,
    evicted: (copy, at) => demand.evicted(copy.name, at),
    worth: (copy) => demand.worth(copy.name),
  };
}
