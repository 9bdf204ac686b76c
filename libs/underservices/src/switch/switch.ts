import { UnderwareError } from '@underware/core';
import type { BtfValue, InstanceConfig, MapEntry } from '@underware/core';
import { labelByIndex, withZeros } from '../label-rows.js';
import { parsePrefix } from '../prefix.js';
import {
  addressBytes,
  encodeEnd,
  encodeTunnel,
  ipv4Bytes,
  macBytes,
  NO_END,
  NO_MAC,
} from '../encode-station.js';
import type { Cannot } from '../encode-station.js';
import type { Segment, Station } from '../segment.js';
import type { Binding, ModelFinding, UnderserviceKind } from '../underservice-kind.js';

/** Numbers of `bpf/switch/switch.h`; a test reads the header and holds them together. */
export const SWITCH_COUNTERS = [
  'local',
  'remote',
  'arp_answered',
  'nd_answered',
  'replicated',
  'not_ours',
  'spoofed',
  'unknown',
  'isolated',
  'multicast',
  'tagged',
  'unreachable',
  'too_long',
  'malformed',
  'limited',
  'learned',
  'moved',
] as const;
export const SWITCH_ROLES = { port: 0, uplink: 1 } as const;
export const SWITCH_STATIONS = 65536;
export const SWITCH_REPLICAS = 8192;

/** One Ethernet segment over any number of hosts: every instance knows every station, and nothing is flooded. */
export const SWITCH: UnderserviceKind = {
  kind: 'switch',
  delivers: true,
  replicates,
  endpoints: endpointsOf,
  check: checkSwitch,
  compile: compileSwitch,
  label: (_model, map, rows) =>
    map === 'counters' ? labelByIndex(withZeros(rows, SWITCH_COUNTERS.length), SWITCH_COUNTERS) : rows,
};

/** What is copied goes to `switch_tcx` on the hook where the host's stack would take it. */
function replicates(model: Record<string, unknown>): boolean {
  return model['replication'] === true || learns(model);
}

function learns(model: Record<string, unknown>): boolean {
  return model['learning'] === true;
}

/** VXLAN endpoints that are none of our hosts. */
function endpointsOf(model: Record<string, unknown>): string[] {
  const listed = learns(model) && Array.isArray(model['endpoints']) ? model['endpoints'] : [];
  return [...new Set(listed.filter((each) => typeof each === 'string'))].sort();
}

function finding(path: (string | number)[], message: string, expected: string): ModelFinding {
  return { code: 'RULE_INVALID', severity: 'error', path, at: 'value', message, expected };
}

function checkSwitch(model: Record<string, unknown>): ModelFinding[] {
  const listed = Array.isArray(model['endpoints']) ? model['endpoints'] : [];
  if (learns(model) && listed.length === 0)
    return [finding(['learning'], 'Stations are learned from endpoints, and none is given', 'endpoints')];
  if (!learns(model) && listed.length > 0)
    return [
      finding(['endpoints'], 'Nothing is believed of endpoints unless it is learned', 'learning: true'),
    ];
  return listed.flatMap((address, i) =>
    typeof address === 'string' && parsePrefix(address)?.family === 'ipv6'
      ? [finding(['endpoints', i], `Tunnels are over IPv4, and ${address} is not`, 'an IPv4 address')]
      : [],
  );
}

/** At a VNF's port, outbound, for what it sends; at an uplink, inbound, for what other hosts send. */
function compileSwitch(model: Record<string, unknown>, binding: Binding): InstanceConfig {
  const { port, direction, segment } = binding;
  if (segment === undefined) throw impossible(binding, 'it is on no segment');
  const { stations } = segment;
  if (stations.length > SWITCH_STATIONS)
    throw impossible(
      binding,
      `its segment has ${stations.length} stations, a switch holds ${SWITCH_STATIONS}`,
    );
  const own = stations.find((station) => station.port === port);
  if (own === undefined) throw impossible(binding, 'the port is not on the segment');
  const cannot: Cannot = (why) => impossible(binding, why);
  const atUplink = direction === 'inbound';
  const isolated = model['isolated'] === true;
  const endpoints = endpointsOf(model);
  // What comes by the uplink goes to the ports of this host alone, and isolated ports reach no one but endpoints.
  const copies = replicasOf(segment, atUplink ? [] : endpoints, cannot);
  const ports = copies.ports.filter(({ port }) => atUplink || (!isolated && port !== own.port));
  const hosts = atUplink || isolated ? [] : copies.hosts;
  const replicas = replicates(model)
    ? [...ports.map(({ value }) => value), ...hosts, ...copies.endpoints]
    : [];
  if (replicas.length > SWITCH_REPLICAS)
    throw impossible(
      binding,
      `a frame to many would be copied ${replicas.length} times, a switch does ${SWITCH_REPLICAS}`,
    );
  const maps: Record<string, MapEntry[]> = {
    ...tablesOf(segment, cannot),
    replicas: replicas.map((value, key) => ({ key, value })),
    endpoints: endpoints.map((host) => ({ key: { address: ipv4Bytes(host, cannot) }, value: 1 })),
  };
  return {
    rodata: {
      switch_config: {
        role: atUplink ? SWITCH_ROLES.uplink : SWITCH_ROLES.port,
        anti_spoofing: model['anti_spoofing'] === false ? 0 : 1,
        isolated: isolated ? 1 : 0,
        replicates: model['replication'] === true ? 1 : 0,
        pace: replicates(model) ? numberOf(model['replication_limit'], DEFAULT_PACE) : 0,
        ageing: learns(model) ? numberOf(model['ageing'], DEFAULT_AGEING) : 0,
        ports: replicas.length === 0 ? 0 : ports.length,
        hosts: replicas.length === 0 ? 0 : hosts.length,
        endpoints: replicas.length === 0 ? 0 : copies.endpoints.length,
        ...(atUplink ? NO_PORT : encodePort(own, cannot)),
        tunnel: encodeTunnel(segment, cannot),
      },
    },
    maps,
    mapSizes: {
      stations: Math.max(1, maps['stations']?.length ?? 0),
      hosts: Math.max(1, maps['hosts']?.length ?? 0),
      replicas: Math.max(1, replicas.length),
      endpoints: Math.max(1, endpoints.length),
      learned: learns(model) ? numberOf(model['learned_limit'], DEFAULT_LEARNED) : 1,
      addresses: Math.max(1, maps['addresses']?.length ?? 0),
    },
  };
}

const DEFAULT_PACE = 1000;
const DEFAULT_AGEING = 300;
const DEFAULT_LEARNED = 1024;

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

const NO_REPLICA = { host: NO_END, reserved: [0, 0, 0, 0, 0, 0], port: { name: '' } };

/** Entries of `replicas`: ports of this host by name, other hosts with ports of the segment once each, endpoints. */
function replicasOf({ stations }: Segment, endpoints: readonly string[], cannot: Cannot) {
  const ports: { port: string; value: BtfValue }[] = [];
  const hosts = new Map<string, BtfValue>();
  for (const { port, at } of stations) {
    if ('device' in at) ports.push({ port, value: { ...NO_REPLICA, port: { name: at.device } } });
    else hosts.set(at.host, { ...NO_REPLICA, host: encodeEnd(at, cannot) });
  }
  return {
    ports,
    hosts: [...hosts.values()],
    endpoints: endpoints.map((host) => ({ ...NO_REPLICA, host: encodeEnd({ host, mac: NO_MAC }, cannot) })),
  };
}

function tablesOf(segment: Segment, cannot: Cannot): Record<string, MapEntry[]> {
  const { stations, routers = [] } = segment;
  const hosts = new Set(routers.flatMap((router) => router.hosts));
  return {
    stations: [
      ...stations.map((station) => ({ key: macKey(station), value: encodeStation(station, cannot) })),
      ...routers.map((router) => ({ key: macKey(router), value: EVERYWHERE })),
    ],
    addresses: stations.flatMap((station) =>
      [...station.addresses.map((address) => addressBytes(address, cannot)), linkLocalBytes(station)].map(
        (bytes) => ({ key: { bytes }, value: macKey(station) }),
      ),
    ),
    hosts: [...hosts].map((host) => ({ key: { address: ipv4Bytes(host, cannot) }, value: 1 })),
  };
}

const NO_PORT = {
  port_ipv4: [0, 0, 0, 0],
  port_ipv6: Array.from({ length: 16 }, () => 0),
  port_mac: macKey({ mac: NO_MAC }),
};

/** The station that a port's instance compares senders with first. */
function encodePort({ mac, addresses }: Station, cannot: Cannot): Record<keyof typeof NO_PORT, BtfValue> {
  const ipv4 = addresses.find((address) => !address.includes(':'));
  const ipv6 = addresses.find((address) => address.includes(':'));
  return {
    port_ipv4: ipv4 === undefined ? NO_PORT.port_ipv4 : ipv4Bytes(ipv4, cannot),
    port_ipv6: ipv6 === undefined ? NO_PORT.port_ipv6 : addressBytes(ipv6, cannot),
    port_mac: macKey({ mac }),
  };
}

const EVERYWHERE = {
  host: NO_END,
  everywhere: 1,
  reserved: [0, 0, 0, 0, 0],
  port: { name: '' },
};

function encodeStation({ at }: Station, cannot: Cannot): BtfValue {
  return {
    host: encodeEnd('host' in at ? at : undefined, cannot),
    everywhere: 0,
    reserved: [0, 0, 0, 0, 0],
    port: { name: 'device' in at ? at.device : '' },
  };
}

/** The IPv6 address that a device gives itself by its Ethernet address (RFC 4291, appendix A). */
function linkLocalBytes({ mac }: Pick<Station, 'mac'>): number[] {
  const [first = 0, ...rest] = macBytes(mac);
  return [0xfe, 0x80, 0, 0, 0, 0, 0, 0, first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
}

function macKey({ mac }: Pick<Station, 'mac'>): { bytes: number[]; reserved: number[] } {
  return { bytes: macBytes(mac), reserved: [0, 0] };
}

function impossible({ port, direction }: Binding, why: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'compile the model of a switch',
    on: `${port} ${direction}`,
    why,
    remedy: 'Correct the descriptor, or give the uplinks of its hosts IPv4 addresses on one network.',
  });
}
