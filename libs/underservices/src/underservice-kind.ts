import type { Direction, Hook, InstanceConfig } from '@underware/core';
import type { FlowEnds } from './flow-ends.js';
import type { RoutedNetwork, Segment } from './segment.js';

/** What a model may name. */
export interface ModelContext {
  /** Names of the ports of the descriptor. */
  ports: readonly string[];
}

/** Something wrong with a model, at a path into it; who holds the source turns the path into line and column. */
export interface ModelFinding {
  code: 'NAME_DUPLICATE' | 'REFERENCE_UNKNOWN' | 'RULE_INVALID' | 'RULE_UNREACHABLE';
  severity: 'error' | 'warning';
  path: (string | number)[];
  /** `key`: the name at the end of the path is what is wrong, not its value. */
  at: 'key' | 'value';
  message: string;
  expected?: string;
  nearest?: string;
}

/** The port and direction that one plugin instance is compiled for. */
export interface Binding {
  port: string;
  direction: Direction;
  hook: Hook;
  /** CIDR or bare addresses by port name: of the ports that the model names, and of all on the links it is bound to. */
  addresses: ReadonlyMap<string, readonly string[]>;
  /** Of the port's link, or of the link that is carried over the uplink; for kinds that deliver. */
  segment?: Segment;
  /** Every link that the underservice is bound to, in the order of names; for kinds that route. */
  network?: RoutedNetwork;
}

export type TelemetryRow = { key: unknown; value: unknown };

/** A row of a telemetry map with the name that the descriptor's author gave to what it counts. */
export type LabelledRow = TelemetryRow & {
  label?: string;
  /** What is counted, and what becomes of it: `allow tcp from client_port, ports 8080`. */
  about?: string;
};

/** What a record of a plugin's ring buffer says of a packet, in the author's words. */
export interface PacketEvent {
  /** What happened: `new flow`, `rule site`. */
  what: string;
  flow?: FlowEnds;
  bytes?: number;
  /** Of the author's rule that decided. */
  rule?: string;
  action?: string;
}

/**
 * One kind of underservice: how its model becomes a plugin's config. A model is the properties of the descriptor's node
 * as the profile's node type has them: checked against it, defaults filled in, sizes in bytes, times in seconds.
 */
export interface UnderserviceKind {
  /** After the node type: `load-balancer` is `underware.nodes.LoadBalancer`. */
  kind: string;
  /** The config is the same for every port that an underservice is bound to: it is compiled once for all of them. */
  sameOnAllPorts?: boolean;
  /**
   * It hands packets to ports while they are in XDP: its ports are on a segment, not routed by their hosts, and have
   * their inbound chains on xdp/egress as well. It is on the uplink of a host that shares a segment with others.
   */
  delivers?: boolean;
  /** Whether a kind that delivers, with such a model, has a part on tcx/ingress too, for frames that are copied. */
  replicates?(model: Record<string, unknown>): boolean;
  /** IPv4 addresses of tunnel ends that are none of our hosts, for kinds that deliver. */
  endpoints?(model: Record<string, unknown>): string[];
  /**
   * It takes packets from one segment to another, at the port that sends them: it is on what its ports send alone, and
   * is the way out of their VNFs.
   */
  routes?: boolean;
  /** It rewrites packets of its ports, and answers some, while they are in XDP, which knows no unfinished checksums. */
  rewrites?: boolean;
  /** What the node type cannot say. A value that is not known yet, or that a finding was made of, may be anything. */
  check(model: Record<string, unknown>, context: ModelContext): ModelFinding[];
  /** Config for the plugin that implements the kind, by the names of its rodata variables and maps. */
  compile(model: Record<string, unknown>, binding: Binding): InstanceConfig;
  label(
    model: Record<string, unknown>,
    map: string,
    rows: TelemetryRow[],
    addresses: Binding['addresses'],
  ): LabelledRow[];
  /** Names what a record of the plugin's ring buffer is about, as far as this model knows it. */
  event?(model: Record<string, unknown>, record: Record<string, unknown>): PacketEvent;
}
