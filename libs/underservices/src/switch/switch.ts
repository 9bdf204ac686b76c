import { UnderwareError } from '@underware/core';
import type { BtfValue, InstanceConfig, MapEntry } from '@underware/core';
import { labelByIndex, withZeros } from '../label-rows.js';
import { parsePrefix } from '../prefix.js';
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
const NO_MAC = '00:00:00:00:00:00';

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
  const { stations, tunnel, vni } = segment;
  if (stations.length > SWITCH_STATIONS)
    throw impossible(
      binding,
      `its segment has ${stations.length} stations, a switch holds ${SWITCH_STATIONS}`,
    );
  const own = stations.find((station) => station.port === port);
  if (own === undefined) throw impossible(binding, 'the port is not on the segment');
  const atUplink = direction === 'inbound';
  return {
    rodata: {
      switch_config: {
        role: atUplink ? SWITCH_ROLES.uplink : SWITCH_ROLES.port,
        vni,
        anti_spoofing: model['anti_spoofing'] === false ? 0 : 1,
        isolated: model['isolated'] === true ? 1 : 0,
        port_mac: macBytes(atUplink ? NO_MAC : own.mac),
        tunnel_mac: macBytes(tunnel?.mac ?? NO_MAC),
        tunnel_address: tunnel === undefined ? [0, 0, 0, 0] : ipv4Bytes(tunnel.address, binding),
        tunnel_port: { name: tunnel?.device ?? '' },
      },
    },
    maps: tablesOf(segment, binding),
    mapSizes: {
      stations: Math.max(1, stations.length),
      addresses: Math.max(
        1,
        stations.reduce((sum, { addresses }) => sum + addresses.length, 0),
      ),
    },
  };
}

function tablesOf({ stations }: Segment, binding: Binding): Record<string, MapEntry[]> {
  return {
    stations: stations.map((station) => ({ key: macKey(station), value: encodeStation(station, binding) })),
    addresses: stations.flatMap((station) =>
      station.addresses.map((address) => ({
        key: { bytes: addressBytes(address, binding) },
        value: macKey(station),
      })),
    ),
  };
}

function encodeStation({ at }: Station, binding: Binding): BtfValue {
  return {
    host: 'host' in at ? ipv4Bytes(at.host, binding) : [0, 0, 0, 0],
    host_mac: macBytes('host' in at ? at.mac : NO_MAC),
    reserved: [0, 0, 0, 0, 0, 0],
    port: { name: 'device' in at ? at.device : '' },
  };
}

function macKey({ mac }: Pick<Station, 'mac'>): { bytes: number[]; reserved: number[] } {
  return { bytes: macBytes(mac), reserved: [0, 0] };
}

function macBytes(mac: string): number[] {
  return mac.split(':').map((digits) => parseInt(digits, 16));
}

/** IPv4 in its IPv4-mapped form. */
function addressBytes(address: string, binding: Binding): number[] {
  const prefix = parsePrefix(address);
  if (prefix === undefined) throw impossible(binding, `${address} is no address`);
  return prefix.family === 'ipv6'
    ? [...prefix.bytes]
    : [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...prefix.bytes];
}

function ipv4Bytes(address: string, binding: Binding): number[] {
  const prefix = parsePrefix(address);
  if (prefix?.family === 'ipv4') return [...prefix.bytes];
  throw impossible(binding, `its hosts reach one another by ${address}, and tunnels are over IPv4`);
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
