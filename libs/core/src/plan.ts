import type { HostSlice } from './host-state.js';
import type { Runtime } from './inventory.js';

/** One decision and its reason in words; rejected alternatives are decisions too. */
export interface Decision {
  /** What is decided: `vnf web`, `instance guard on web_port inbound`, … */
  subject: string;
  outcome: 'chosen' | 'rejected';
  /** What was chosen or rejected: `h2`, `container`, `firewall@0.1.0`. */
  choice: string;
  reason: string;
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
}
