import type { Direction } from './hook.js';
import type { Runtime } from './inventory.js';
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
  healthCheck?: HealthCheck;
  /** Hosts it may run on: every label must match. */
  hostLabels: Record<string, string>;
  position: SourcePosition;
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

/** VNFs that must be on hosts different from one another. */
export interface AntiAffinity {
  name: string;
  vnfs: string[];
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
  /** VNF names by VNF name: started only after these are healthy. */
  startsAfter: Record<string, string[]>;
}
