import type { KernelProfile } from './kernel-profile.js';

export const RUNTIMES = ['container', 'process'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** A network device of a host that faces the network, with its addresses in CIDR form. */
export interface Uplink {
  device: string;
  mac: string;
  mtu: number;
  addresses: string[];
}

/** What an agent reports of its machine when it registers. */
export interface HostFacts {
  profile: KernelProfile;
  cpus: number;
  memoryBytes: number;
  runtimes: { runtime: Runtime; description: string }[];
  uplinks: Uplink[];
  agentVersion: string;
}

/** A host as the planner sees it. */
export interface InventoryHost {
  id: string;
  name: string;
  labels: Record<string, string>;
  facts: HostFacts;
  /** Ready to take work: enrolled, registered, heart beating. When false, `reason` says why. */
  ready: boolean;
  reason?: string;
  /** What service instances already placed here take. */
  used: { cpus: number; memoryBytes: number };
  /** Programs that are not ours, by device and hook; they count in the chain budget. */
  foreignPrograms: { device: string; hook: string; name: string; programId: number }[];
}

export interface Inventory {
  hosts: InventoryHost[];
}
