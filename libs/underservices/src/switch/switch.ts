import { UnderwareError } from '@underware/core';
import type { BtfValue, InstanceConfig, MapEntry } from '@underware/core';
import { labelByIndex, withZeros } from '../label-rows.js';
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
  'not_ours',
  'spoofed',
  'unknown',
  'isolated',
  'multicast',
  'tagged',
  'unreachable',
  'too_long',
  'malformed',
] as const;
export const SWITCH_ROLES = { port: 0, uplink: 1 } as const;
export const SWITCH_STATIONS = 65536;

/** One Ethernet segment over any number of hosts: every instance knows every station, and nothing is flooded. */
export const SWITCH: UnderserviceKind = {
  kind: 'switch',
  delivers: true,
  check: checkSwitch,
  compile: compileSwitch,
  label: (_model, map, rows) =>
    map === 'counters' ? labelByIndex(withZeros(rows, SWITCH_COUNTERS.length), SWITCH_COUNTERS) : rows,
};

function checkSwitch(model: Record<string, unknown>): ModelFinding[] {
  if (model['learning'] !== true) return [];
  return [
    {
      code: 'RULE_INVALID',
      severity: 'error',
      path: ['learning'],
      at: 'value',
      message: 'The switch knows its stations from the plan; it learns none',
      expected: 'false',
    },
  ];
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
  const maps = tablesOf(segment, cannot);
  return {
    rodata: {
      switch_config: {
        role: atUplink ? SWITCH_ROLES.uplink : SWITCH_ROLES.port,
        anti_spoofing: model['anti_spoofing'] === false ? 0 : 1,
        isolated: model['isolated'] === true ? 1 : 0,
        ...(atUplink ? NO_PORT : encodePort(own, cannot)),
        tunnel: encodeTunnel(segment, cannot),
      },
    },
    maps,
    mapSizes: {
      stations: Math.max(1, maps['stations']?.length ?? 0),
      hosts: Math.max(1, maps['hosts']?.length ?? 0),
      addresses: Math.max(
        1,
        stations.reduce((sum, { addresses }) => sum + addresses.length, 0),
      ),
    },
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
      station.addresses.map((address) => ({
        key: { bytes: addressBytes(address, cannot) },
        value: macKey(station),
      })),
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
