import type { Hook } from './hook.js';
import type { Runtime } from './inventory.js';
import type { PacketSpec } from './packet-spec.js';
import type { HealthCheck } from './service-graph.js';

/**
 * Desired state of a host, numbered by generation. Level-triggered: it says what the host must be.
 * All keys are unique on a machine, also across lab hosts that share one: they derive from the service instance's id.
 */
export interface HostState {
  host: string;
  generation: number;
  slices: DesiredSlice[];
  /**
   * Instances that stay loaded without a user: complete, pinned, in no chain. They belong to the host; a slice that has
   * one of them as well has taken it over. Undefined is none.
   */
  held?: DesiredInstance[];
}

/** `conditioned`: ports, chains, routes and assertions hold, workloads are absent. `running`: workloads too. */
export type Stage = 'conditioned' | 'running';

/** What one service instance wants of one host. */
export interface DesiredSlice {
  service: string;
  stage: Stage;
  slice: HostSlice;
}

export interface HostSlice {
  ports: DesiredPort[];
  routes: DesiredRoute[];
  instances: DesiredInstance[];
  assertions: DesiredAssertion[];
  workloads: DesiredWorkload[];
}

/** One network device of the host with its chains. */
export interface DesiredPort {
  /** `<service>/<port name>` for a VNF's port, `uplink/<device>` for an uplink. */
  key: string;
  kind: 'veth' | 'uplink';
  /** Host-side device, at most 15 characters, prefix `uw`. */
  device: string;
  /** veth only: what is at the other end. */
  peer?: {
    /** Network namespace of the VNF, prefix `uw-`. */
    namespace: string;
    /** Device name inside, e.g. `eth0`. */
    device: string;
    mac: string;
    /**
     * CIDR. `10.60.0.2/32`, `fd60::2/128`: the host routes to it, and is its way out. `10.60.0.2/24`: it is on a segment,
     * finds its neighbours there by itself, and the host routes nothing to it or from it.
     */
    addresses: string[];
    /** On a segment: the ways out of it, one of each family at most. */
    gateways?: Gateway[];
  };
  /** On a segment: the host's own stack routes to its addresses, and forwards what it sends, nonetheless. */
  forwards?: true;
  /** Plugins on other ports hand it packets: it has a root on xdp/egress, with or without a chain. */
  delivered?: true;
  /** A plugin rewrites, or answers, what it sends while that is in XDP: checksums are complete, and it takes redirected frames. */
  rewritten?: true;
  /** MAC of the host-side device. */
  mac: string;
  mtu: number;
}

/** A router of a segment: its addresses are known without being asked for. */
export interface Gateway {
  /** IP address, without a length. */
  address: string;
  mac: string;
}

/** A route of the host towards a VNF: by a local device, or by the next hop of another host's uplink. */
export interface DesiredRoute {
  /** CIDR. */
  destination: string;
  via: { device: string } | { nextHop: string };
}

/** A scalar, list or struct, encoded by field name through the object's own BTF. */
export type BtfValue = number | string | boolean | BtfValue[] | { [field: string]: BtfValue };

export interface MapEntry {
  key: BtfValue;
  value: BtfValue;
}

/** What is fixed for the life of a loaded instance: another config is another revision, swapped in place. */
export interface InstanceConfig {
  /** `const volatile` variables by name. */
  rodata: Record<string, BtfValue>;
  /** Entries of config maps by map name. */
  maps: Record<string, MapEntry[]>;
  /** `max_entries` by map name where the plugin's default does not fit. */
  mapSizes: Record<string, number>;
  /** What the agent tells a collector of the flows that the instance remembers; undefined: nothing. */
  export?: FlowExport;
  /** How the agent finds out which backends serve; undefined: nobody looks. */
  checks?: BackendChecks;
}

/**
 * Health checks of the backends of a load balancer. They are made as connections of a client on the port that the instance is
 * on, to a virtual address, so that what lets clients through, or keeps them out, does the same with checks.
 */
export interface BackendChecks {
  protocol: 'tcp' | 'http';
  /** http: what is asked for, and what may be answered; without `status`, 2xx and 3xx. */
  path?: string;
  status?: number[];
  /** Seconds. */
  interval: number;
  timeout: number;
  /** Checks in a row after which a backend that was down serves, and one that served is down. */
  rise: number;
  fall: number;
  /** The TCP service that connections are made to. */
  service: { addresses: string[]; port: number };
  backends: CheckedBackend[];
}

export interface CheckedBackend {
  /** Name of its port. */
  name: string;
  /** By which the maps of the plugin name it, and its place in the list of all. */
  id: number;
  index: number;
  /** Where checks end; all addresses must serve. */
  addresses: string[];
  port: number;
}

/** IPFIX (RFC 7011) over UDP. */
export interface FlowExport {
  /** An IP address. */
  collector: string;
  port: number;
  /** Seconds after which a flow that goes on is told, and after which one that is silent is told as ended. */
  activeTimeout: number;
  idleTimeout: number;
}

export interface DesiredInstance {
  /** `<id>-<revision>`: lower-case hex and dashes only, as bpffs and map names want. */
  key: string;
  /** 16 hex digits, the same across revisions. */
  id: string;
  /** 8 hex digits over plugin digest, program and config. */
  revision: string;
  /** Node template's name of the underservice it implements. */
  underservice: string;
  plugin: { name: string; version: string; digest: string };
  /**
   * 16 hex digits over service and underservice: whose maps of scope `service` it shares. Part of the revision. Undefined for
   * a plugin that has none.
   */
  stateOwner?: string;
  /** Function name in the ELF object. */
  program: string;
  port: string;
  hook: Hook;
  /** Position in the chain: lower first, ties by key. */
  order: number;
  config: InstanceConfig;
  /**
   * What the rows of its telemetry arrays count, by map and index, in the words of the descriptor's author or of the plugin.
   * For people alone: another name is no other instance.
   */
  names?: Record<string, string[]>;
  residency: 'persistent' | 'dynamic';
}

export interface DesiredAssertion {
  name: string;
  port: string;
  hook: Hook;
  packet: PacketSpec;
  /** Where the sender would send it on a segment; undefined: to the other end of the port. */
  destinationMac?: string;
  expect: 'pass' | 'drop';
}

export interface DesiredWorkload {
  /** 16 hex digits. */
  key: string;
  /** 8 hex digits over everything below: another revision is another workload. */
  revision: string;
  vnf: string;
  runtime: Runtime;
  image?: string;
  command: string[];
  environment: Record<string, string>;
  cpus: number;
  memoryBytes: number;
  namespace: string;
  healthCheck?: HealthCheck;
  /** Keys of workloads on this host that must be healthy first. */
  after: string[];
}

/** One chain: the instances on one hook of one port, in order. */
export interface DesiredChain {
  port: string;
  device: string;
  hook: Hook;
  instances: DesiredInstance[];
}

/** The chains of a host: contributions of all its slices merged, by order then key. */
export function chainsOf(state: HostState): DesiredChain[] {
  const chains = new Map<string, DesiredChain>();
  const devices = new Map<string, string>();
  for (const { slice } of state.slices) for (const port of slice.ports) devices.set(port.key, port.device);
  for (const { slice } of state.slices) {
    for (const instance of slice.instances) {
      const id = `${instance.port} ${instance.hook}`;
      const chain = chains.get(id) ?? {
        port: instance.port,
        device: devices.get(instance.port) ?? '',
        hook: instance.hook,
        instances: [],
      };
      chain.instances.push(instance);
      chains.set(id, chain);
    }
  }
  const sorted = [...chains.values()].sort(
    (a, b) => compareText(a.port, b.port) || compareText(a.hook, b.hook),
  );
  for (const chain of sorted) chain.instances.sort((a, b) => a.order - b.order || compareText(a.key, b.key));
  return sorted;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
