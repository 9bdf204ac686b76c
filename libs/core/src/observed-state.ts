import type { Hook } from './hook.js';
import type { Gateway } from './host-state.js';
import type { Runtime } from './inventory.js';

/** What the kernel, the network stack and the runtimes of a host say is there; never from the agent's own notes. */
export interface ObservedState {
  roots: ObservedRoot[];
  instances: ObservedInstance[];
  foreign: ForeignProgram[];
  namespaces: string[];
  ports: ObservedPort[];
  routes: ObservedRoute[];
  workloads: ObservedWorkload[];
  /** Runtimes that could not be asked: what they run is not known, and not in `workloads`. */
  unknownRuntimes?: Runtime[];
}

/** A root program attached by its pinned link; `next` is the instance its slot holds. */
export interface ObservedRoot {
  device: string;
  hook: Hook;
  programId: number;
  linkId: number;
  next: NextHop;
  /** False when the device is gone or the link was detached behind our back: it must be attached again. */
  attached: boolean;
}

/** Empty slot, one of our instances, or a program we do not know. */
export type NextHop =
  { kind: 'end' } | { kind: 'instance'; key: string } | { kind: 'unknown'; programId: number };

export interface ObservedInstance {
  key: string;
  programId: number;
  tag: string;
  /** Read back from the program's own frozen .rodata. */
  pluginDigest: string;
  next: NextHop;
  /** False when a pin is missing or a config map was altered: it must be replaced. `reason` says what. */
  intact: boolean;
  reason?: string;
}

export interface ForeignProgram {
  device: string;
  hook: Hook;
  programId: number;
  name: string;
}

export interface ObservedPort {
  device: string;
  mac: string;
  mtu: number;
  /** True for a port that is whole: both ends up, neighbours and ways out in place. */
  up: boolean;
  /** Name of the namespace that holds the other end; undefined when it cannot be told. */
  peerNamespace?: string;
  peerDevice?: string;
  peerMac?: string;
  peerAddresses: string[];
  /** On a segment, where it has any, in the order of addresses. */
  peerGateways?: Gateway[];
  /** On a segment: the host's own stack knows its addresses. */
  forwards?: true;
  /** It was made for packets that are rewritten in XDP. */
  rewritten?: true;
}

export interface ObservedRoute {
  destination: string;
  via: { device: string } | { nextHop: string };
}

export interface ObservedWorkload {
  key: string;
  revision: string;
  runtime: Runtime;
  state: 'running' | 'exited';
  /** Process id on the host, or container id. */
  handle: string;
  exitCode?: number;
  health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  startedAt?: string;
}
