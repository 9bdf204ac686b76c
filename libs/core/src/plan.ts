import type { HostSlice } from './host-state.js';
import type { Hugepages, Runtime } from './inventory.js';

/** One decision and its reason in words; rejected alternatives are decisions too. */
export interface Decision {
  /** What is decided: `vnf web`, `instance guard on web_port inbound`, … */
  subject: string;
  outcome: 'chosen' | 'rejected';
  /** What was chosen or rejected: `h2`, `container`, `firewall@0.1.0`. */
  choice: string;
  reason: string;
  /** Id of the host that it is about; undefined: no host alone. */
  host?: string;
}

/** What an operator wants of every plan. */
export interface PlanningPolicy {
  /** A reason for every host that was not taken, however many there are; otherwise many hosts are summed up. */
  explain?: boolean;
  /** The deepest chain that is planned on any hook, at most what the kernel allows. */
  chainDepth?: number;
}

/** What a plan takes of one host, with what was there before it. Shares are of the host's whole, from 0 to 1. */
export interface HostCost {
  cpus: number;
  memoryBytes: number;
  /** Kernel memory of the service's plugin instances, where it is known. */
  pinnedBytes: number;
  instances: number;
  /** The fuller of cpu and memory, other services included. */
  share: number;
  /** What is set aside for the service beside that, if anything. */
  reserved?: Reserved;
}

/** Amounts of a host that are set aside and no share is taken of. */
export interface Reserved {
  hugepages?: Hugepages[];
  /** By class. */
  devices?: Record<string, number>;
  /** On its uplinks, all together. */
  bitsPerSecond?: number;
}

/** What a plan costs. Less is better in every figure. */
export interface PlanCosts {
  /** How full the fullest host is that the service is on: what placement keeps low. */
  peakShare: number;
  /** No placement of this service can be below it: the bound of the problem without whole numbers. */
  boundShare: number;
  /** Where the bound is from: the planner's own sums, or a solved linear programme. */
  boundBy: 'sums' | 'linear programme';
  /** VNFs that were on another host before. */
  moved: number;
  hosts: Record<string, HostCost>;
}

export interface Placement {
  vnf: string;
  host: string;
  runtime: Runtime;
  reason: string;
}

/** The immutable result of planning. The same input gives the same plan, byte for byte. */
export interface Plan {
  id: string;
  service: string;
  createdAt: string;
  graph: { name: string; version: string };
  placements: Placement[];
  /** What every host must become, by host id, workloads included. */
  slices: Record<string, HostSlice>;
  decisions: Decision[];
  /** The network identifier of each link, by its name: unique among all services. */
  vnis?: Record<string, number>;
  /** Undefined in plans that were stored before there were any. */
  costs?: PlanCosts;
}

/** `+` is new, `~` is changed, `↻` is replaced in place by another revision, `-` goes away; what stays has no mark. */
export type Mark = '+' | '~' | '↻' | '-';

export interface Change {
  mark: Mark;
  what: 'port' | 'route' | 'instance' | 'assertion' | 'workload';
  /** `guard on web_port xdp`, `web`, … */
  name: string;
  /** What it was and what it will be, or what it is when it is new. */
  detail: string;
}

/** What a plan does on one host. */
export interface HostPlan {
  host: string;
  /** VNFs. */
  placed: string[];
  /** Keys of plugin instances: loaded by this plan, or there already, of this service or held for it. */
  loaded: string[];
  reused: string[];
  /** Instances of each chain by key, in the order in which packets meet them. */
  chained: { port: string; hook: string; instances: string[] }[];
  /** Keys of instances that outlive the service, and of those that go with their last user. */
  pinned: string[];
  dynamic: string[];
  /** VNFs that this plan starts, those first that others wait for. */
  started: string[];
  /** Against the plan before, in the order of names. */
  changes: Change[];
  cost?: HostCost;
}
