import type { Hook } from './hook.js';
import type { KernelProfile } from './kernel-profile.js';

/** What a VNF can run as. No agent offers `virtual-machine` yet: a VNF that runs as nothing else finds no host. */
export const RUNTIMES = ['container', 'process', 'virtual-machine'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** A network device of a host that faces the network, with its addresses in CIDR form. */
export interface Uplink {
  device: string;
  mac: string;
  mtu: number;
  addresses: string[];
  /** What it carries each way; undefined: not known, and no link that asks for bandwidth is counted against it. */
  bitsPerSecond?: number;
}

/** Huge pages of one size. */
export interface Hugepages {
  pageBytes: number;
  count: number;
}

/** What an agent reports of its machine when it registers. */
export interface HostFacts {
  profile: KernelProfile;
  cpus: number;
  memoryBytes: number;
  runtimes: { runtime: Runtime; description: string }[];
  uplinks: Uplink[];
  agentVersion: string;
  /** Reserved by the host at boot, beside `memoryBytes`. */
  hugepages?: Hugepages[];
  /** How many devices of a class can be handed to VNFs, by class, e.g. `gpu`. */
  devices?: Record<string, number>;
}

/** A plugin instance that is loaded on a host without a user. */
export interface HeldInstance {
  key: string;
  id: string;
  revision: string;
  hook: Hook;
  /** The plugin's. */
  digest: string;
  /** ISO 8601: when its last user went. */
  since: string;
}

/** A host as the planner sees it. */
export interface InventoryHost {
  id: string;
  name: string;
  labels: Record<string, string>;
  /** Hosts that fail or are served together; where it is undefined, the label `zone` says it. */
  zone?: string;
  /** Kernel memory that plugin instances may take all together; undefined: as much as there is. */
  pinnedBudgetBytes?: number;
  facts: HostFacts;
  /** Ready to take work: enrolled, registered, heart beating. When false, `reason` says why. */
  ready: boolean;
  reason?: string;
  /** What service instances already placed here take. */
  used: {
    cpus: number;
    memoryBytes: number;
    hugepages?: Hugepages[];
    devices?: Record<string, number>;
    /** By plugin instances. */
    pinnedBytes?: number;
    /** Plugin instances on the XDP chain of an uplink, by device. */
    uplinkInstances?: Record<string, number>;
    /** Reserved on the uplinks, all together. */
    bitsPerSecond?: number;
  };
  /** What a plan may use without loading it. */
  held?: HeldInstance[];
  /** Ids of instances that services took over from others, who must not give them to anything else. */
  takenOver?: string[];
  /** Programs that are not ours, by device and hook; they count in the chain budget. */
  foreignPrograms: { device: string; hook: string; name: string; programId: number }[];
}

/** One-way latency between two hosts, or two zones, by name. What names hosts goes before what names zones. */
export interface Latency {
  scope: 'host' | 'zone';
  between: [string, string];
  milliseconds: number;
}

export interface Inventory {
  hosts: InventoryHost[];
  /** Between hosts of which none is given here the latency is not known, which no bound on latency allows. */
  latencies?: Latency[];
}
