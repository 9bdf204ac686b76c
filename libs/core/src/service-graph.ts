import type { Direction } from './hook.js';
import type { Hugepages, Runtime } from './inventory.js';
import type { PacketSpec } from './packet-spec.js';

/** Where something was written: 1-based line and column in a named file. */
export interface SourcePosition {
  file: string;
  line: number;
  column: number;
}

export interface HealthCheck {
  kind: 'tcp' | 'http' | 'command';
  /** tcp and http: the port inside the VNF. */
  port?: number;
  /** http: the path; 2xx and 3xx are healthy. */
  path?: string;
  command?: string[];
  intervalSeconds: number;
  timeoutSeconds: number;
  /** Failures in a row before the VNF counts as unhealthy. */
  retries: number;
}

export interface Vnf {
  name: string;
  /** In order of preference; the planner takes the first that the host offers. */
  runtimes: Runtime[];
  image?: string;
  command: string[];
  environment: Record<string, string>;
  /** In cores, e.g. 0.5. */
  cpus: number;
  memoryBytes: number;
  /** Beside `memoryBytes`. */
  hugepages?: Hugepages[];
  /** How many devices it needs for itself, by class, e.g. `{ gpu: 1 }`. */
  devices?: Record<string, number>;
  healthCheck?: HealthCheck;
  /** Hosts it may run on: every label must match. */
  hostLabels: Record<string, string>;
  scaling?: Scaling;
  healing?: Healing;
  position: SourcePosition;
}

/** How many of a VNF there may be; it starts with `initial`. */
export interface Scaling {
  minimum: number;
  initial: number;
  maximum: number;
  /** How many one step adds or takes away. */
  step: number;
}

/** What is done about a VNF that fails its health check or loses its host. */
export interface Healing {
  /** In order: the next is tried when the one before it has been tried `attempts` times. */
  actions: ('restart' | 'replace' | 'move')[];
  attempts: number;
  /** Since the last success, after which attempts are counted anew. */
  windowSeconds: number;
}

/** A connection point of a VNF on a link. */
export interface Port {
  name: string;
  vnf: string;
  link: string;
  /** CIDR addresses as written; where empty, the planner assigns from the link's subnets. */
  addresses: string[];
  position: SourcePosition;
}

/** A network between ports: every port is reachable from every other by routing between hosts. */
export interface Link {
  name: string;
  subnets: string[];
  mtu: number;
  /** What each of its ports may send to other hosts: reserved on the uplinks of its host. */
  bitsPerSecond?: number;
  /** The most that a packet between two of its ports may take one way between their hosts. */
  maxLatencyMs?: number;
  position: SourcePosition;
}

export type ResidencyPolicy = 'persistent' | 'dynamic' | 'auto';

/** A kernel service of the descriptor: its model is checked by `libs/underservices/<kind>`. */
export interface Underservice {
  name: string;
  /** `firewall`, `probe`, … */
  kind: string;
  /** Ports it is bound to, with the directions it sees. */
  bindings: { port: string; directions: Direction[] }[];
  /** The service model, with inputs resolved, as written in the descriptor's properties. */
  model: Record<string, unknown>;
  residency: ResidencyPolicy;
  position: SourcePosition;
}

/** A test packet and the verdict that the author expects of a port's chain. */
export interface Assertion {
  name: string;
  port: string;
  direction: Direction;
  packet: PacketSpec;
  /** Which addresses stand for port names in the packet; undefined: every family that both ends have. */
  family?: 'ipv4' | 'ipv6';
  expect: 'pass' | 'drop';
  position: SourcePosition;
}

/** VNFs that must be on hosts, or in zones, different from one another. */
export interface AntiAffinity {
  name: string;
  vnfs: string[];
  /** Undefined: `host`. */
  scope?: 'host' | 'zone';
  position: SourcePosition;
}

/** VNFs that must be on one host, or in one zone. */
export interface Affinity {
  name: string;
  vnfs: string[];
  scope: 'host' | 'zone';
  position: SourcePosition;
}

/** Where VNFs may be: in one of the zones, on hosts with all of the labels; what is not given allows all. */
export interface PlacementRule {
  name: string;
  vnfs: string[];
  zones?: string[];
  hostLabels?: Record<string, string>;
  position: SourcePosition;
}

/** A way through the service (VNFFG): what matches goes by the hops in order. */
export interface ForwardingPath {
  name: string;
  /** Ports, and underservices that are bound to them, in the order in which a packet meets them. */
  hops: { kind: 'port' | 'underservice'; name: string }[];
  /** The classifier: packets of which flows go this way; empty: all. */
  match: {
    protocol?: string;
    sourcePrefix?: string;
    destinationPrefix?: string;
    sourcePorts?: string;
    destinationPorts?: string;
  }[];
  position: SourcePosition;
}

/** Where the service meets the outside: a link, or one port, under a name of its own. */
export interface ServiceAccessPoint {
  name: string;
  link?: string;
  port?: string;
  position: SourcePosition;
}

/** What a descriptor compiles to. */
export interface ServiceGraph {
  name: string;
  version: string;
  description: string;
  vnfs: Vnf[];
  ports: Port[];
  links: Link[];
  underservices: Underservice[];
  assertions: Assertion[];
  antiAffinity?: AntiAffinity[];
  affinity?: Affinity[];
  placementRules?: PlacementRule[];
  forwardingPaths?: ForwardingPath[];
  accessPoints?: ServiceAccessPoint[];
  /** VNF names by VNF name: started only after these are healthy. */
  startsAfter: Record<string, string[]>;
}
