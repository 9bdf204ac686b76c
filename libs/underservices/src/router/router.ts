import { UnderwareError } from '@underware/core';
import type { BtfValue, InstanceConfig, MapEntry } from '@underware/core';
import { addressBytes, encodeEnd, encodeTunnel, macBytes, mappedBytes } from '../encode-station.js';
import type { Cannot } from '../encode-station.js';
import { labelByIndex, withZeros } from '../label-rows.js';
import { containsPrefix, networkOf, parsePrefix } from '../prefix.js';
import type { Prefix } from '../prefix.js';
import type { RoutedSegment } from '../segment.js';
import type { Binding, UnderserviceKind } from '../underservice-kind.js';
import { bucketsOf } from './buckets.js';
import { checkRouter } from './check.js';

/** Numbers of `bpf/router/router.h`; a test reads the header and holds them together. */
export const ROUTER_COUNTERS = [
  'switched',
  'local',
  'remote',
  'out',
  'host',
  'arp_answered',
  'nd_answered',
  'echo_answered',
  'expired',
  'no_route',
  'no_host',
  'too_long',
  'to_router',
  'discarded',
  'spoofed',
  'isolated',
  'not_routed',
  'unreachable',
  'malformed',
  'error_sent',
] as const;
export const ROUTE_KINDS = { connected: 0, next_hop: 1, discard: 2 } as const;
const NANOSECONDS = 1_000_000_000;
/** `ROUTER_UPLINKS` of the header. */
const MOST_UPLINKS = 16;
const NO_ADDRESS = Array.from({ length: 16 }, () => 0);
const NONE = { kind: ROUTE_KINDS.discard, first: 0, mask: 0 };

/** The gateway of its segments: what each of their ports sends to it is routed at that port. */
export const ROUTER: UnderserviceKind = {
  kind: 'router',
  routes: true,
  check: checkRouter,
  compile: compileRouter,
  label: (_model, map, rows) =>
    map === 'counters' ? labelByIndex(withZeros(rows, ROUTER_COUNTERS.length), ROUTER_COUNTERS) : rows,
};

interface Route {
  prefix: string;
  next_hops?: readonly string[];
}

function compileRouter(model: Record<string, unknown>, binding: Binding): InstanceConfig {
  const cannot: Cannot = (why) => impossible(binding, why);
  const { network, port } = binding;
  if (network === undefined) throw cannot('it is on no segment');
  const { segments, mac, uplinks } = network;
  if ((uplinks?.length ?? 0) > MOST_UPLINKS) throw cannot(`its host has more than ${MOST_UPLINKS} uplinks`);
  const own = segments.findIndex(({ stations }) => stations.some((station) => station.port === port));
  const segment = segments[own];
  const station = segment?.stations.find((each) => each.port === port);
  if (segment === undefined || station === undefined) throw cannot('the port is on none of its segments');
  const addresses = (model['addresses'] as readonly string[]).map((text) => readPrefix(text, cannot));
  const gateways = addresses.map((address) => ({ address, segment: segmentOf(address, segments, cannot) }));
  const here = (family: Prefix['family']): Prefix | undefined =>
    gateways.find((gateway) => gateway.segment === own && gateway.address.family === family)?.address;
  const sourceOf = (family: Prefix['family']): number[] => {
    const source = station.addresses
      .map((text) => readPrefix(text, cannot))
      .find((each) => each.family === family);
    return source === undefined ? NO_ADDRESS : mappedBytes(source);
  };
  const rate = (model['icmp_errors_per_second'] as number | undefined) ?? 0;
  const isDirect = directIn(model, segments, cannot);
  const maps = {
    segments: segments.map((each, index) => ({ key: index, value: encodeSegment(each, cannot) })),
    stations: segments.flatMap((each, index) => stationsOf(each, index, isDirect, cannot)),
    gateways: gateways.map((gateway) => ({
      key: { bytes: mappedBytes(gateway.address) },
      value: gateway.segment,
    })),
    ...routesOf(model, segments, binding, cannot),
    uplinks: (uplinks ?? []).map((name, index) => ({ key: index, value: { name } })),
  };
  return {
    rodata: {
      router_config: {
        icmp_interval: rate === 0 ? 0 : Math.floor(NANOSECONDS / rate),
        segment: own,
        mac: macBytes(mac),
        port_mac: macBytes(station.mac),
        leaves: uplinks === undefined ? 0 : 1,
        uplinks: uplinks?.length ?? 0,
        anti_spoofing: segment.antiSpoofing ? 1 : 0,
        reserved: 0,
        ipv4: [...(here('ipv4')?.bytes ?? [0, 0, 0, 0])],
        ipv6: { bytes: [...(here('ipv6')?.bytes ?? NO_ADDRESS)] },
        source_ipv4: { bytes: sourceOf('ipv4') },
        source_ipv6: { bytes: sourceOf('ipv6') },
      },
    },
    maps,
    mapSizes: Object.fromEntries(
      Object.entries(maps).map(([name, entries]) => [name, Math.max(1, entries.length)]),
    ),
  };
}

function encodeSegment(segment: RoutedSegment, cannot: Cannot): BtfValue {
  return {
    tunnel: encodeTunnel(segment, cannot),
    mtu: segment.mtu,
    isolated: segment.isolated ? 1 : 0,
    reserved: [0, 0, 0],
  };
}

/** Whether no route of the model is as near to an address as the subnet that it is in. */
function directIn(
  model: Record<string, unknown>,
  segments: readonly RoutedSegment[],
  cannot: Cannot,
): (address: Prefix) => boolean {
  const subnets = segments.flatMap(({ subnets }) => subnets.map((text) => readPrefix(text, cannot)));
  const nearer = ((model['routes'] as readonly Route[] | undefined) ?? [])
    .map(({ prefix }) => readPrefix(prefix, cannot))
    .filter((route) => subnets.some((subnet) => containsPrefix(subnet, route)));
  return (address) => {
    const host = { ...address, length: address.bytes.length * 8 };
    const length = Math.max(
      ...subnets.filter((subnet) => containsPrefix(subnet, host)).map((subnet) => subnet.length),
    );
    return length >= 0 && !nearer.some((route) => route.length >= length && containsPrefix(route, host));
  };
}

function stationsOf(
  { stations }: RoutedSegment,
  segment: number,
  isDirect: (address: Prefix) => boolean,
  cannot: Cannot,
): MapEntry[] {
  return stations.flatMap(({ mac, addresses, at }) =>
    addresses.map((address) => ({
      key: { bytes: addressBytes(address, cannot) },
      value: {
        segment,
        mac: macBytes(mac),
        host: encodeEnd('host' in at ? at : undefined, cannot),
        direct: isDirect(readPrefix(address, cannot)) ? 1 : 0,
        reserved: [0, 0, 0],
        port: { name: 'device' in at ? at.device : '' },
      },
    })),
  );
}

/** The subnets of all segments and what the model adds to them; a route of the model goes above a subnet of its length. */
function routesOf(
  model: Record<string, unknown>,
  segments: readonly RoutedSegment[],
  binding: Binding,
  cannot: Cannot,
): { routes: MapEntry[]; next_hops: MapEntry[] } {
  const table = new Map<string, MapEntry>();
  const hops: number[][] = [];
  const known = new Map<string, { first: number; mask: number }>();
  const holders = new Set(
    segments.flatMap(({ stations }) =>
      stations.flatMap(({ addresses }) => addresses.map((text) => addressBytes(text, cannot).join())),
    ),
  );
  const add = (prefix: Prefix, value: BtfValue): void => {
    const network = networkOf(prefix);
    const key = {
      bits: network.length + (network.family === 'ipv4' ? 96 : 0),
      address: { bytes: mappedBytes(network) },
    };
    table.set(`${key.bits} ${key.address.bytes.join()}`, { key, value });
  };
  for (const text of segments.flatMap(({ subnets }) => subnets))
    add(readPrefix(text, cannot), { kind: ROUTE_KINDS.connected, first: 0, mask: 0 });
  for (const { prefix: text, next_hops: named = [] } of (model['routes'] as readonly Route[] | undefined) ??
    []) {
    const prefix = readPrefix(text, cannot);
    const wanted = named.flatMap((name) => binding.addresses.get(name) ?? [name]);
    const found = wanted
      .map((address) => readPrefix(address, cannot))
      .filter(({ family }) => family === prefix.family)
      .map(mappedBytes);
    if (named.length > 0 && found.length === 0)
      throw cannot(`no next hop of ${text} has an address of its family`);
    const nobody = found.findIndex((bytes) => !holders.has(bytes.join()));
    if (nobody >= 0) throw cannot(`a next hop of ${text} is the address of no port of its segments`);
    if (found.length === 0) {
      add(prefix, NONE);
      continue;
    }
    const group = found
      .map((bytes) => bytes.join())
      .sort()
      .join(' ');
    let place = known.get(group);
    if (place === undefined) {
      const buckets = bucketsOf(found);
      known.set(group, (place = { first: hops.length, mask: buckets.length - 1 }));
      hops.push(...buckets);
    }
    add(prefix, { kind: ROUTE_KINDS.next_hop, ...place });
  }
  return {
    routes: [...table.values()],
    next_hops: hops.map((bytes, index) => ({ key: index, value: { bytes } })),
  };
}

function segmentOf(address: Prefix, segments: readonly RoutedSegment[], cannot: Cannot): number {
  const host = { ...address, length: address.bytes.length * 8 };
  const index = segments.findIndex(({ subnets }) =>
    subnets.some((text) => containsPrefix(readPrefix(text, cannot), host)),
  );
  if (index < 0) throw cannot('one of its addresses is in no subnet of its links');
  return index;
}

function readPrefix(text: string, cannot: Cannot): Prefix {
  const prefix = parsePrefix(text);
  if (prefix === undefined) throw cannot(`${text} is no address`);
  return prefix;
}

function impossible({ port, direction }: Binding, why: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'compile the model of a router',
    on: `${port} ${direction}`,
    why,
    remedy: 'Correct the descriptor, or give the uplinks of its hosts IPv4 addresses on one network.',
  });
}
