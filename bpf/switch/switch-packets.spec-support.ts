import type { InstanceConfig, PacketSpec } from '@underware/core';
import { buildPacket, checksum, parseIp, parseMac } from '@underware/packet';
import { withBytes } from '@underware/testkit';
import type { PacketRow } from '@underware/testkit';
import { compileUnderservice, SWITCH_COUNTERS } from '@underware/underservices';
import type { Segment } from '@underware/underservices';

export const A = { mac: '02:00:00:00:00:0a', v4: '10.70.0.10', v6: 'fd70::a' };
export const B = { mac: '02:00:00:00:00:0b', v4: '10.70.0.11', v6: 'fd70::b' };
export const C = { mac: '02:00:00:00:00:0c', v4: '10.70.0.12', v6: 'fd70::c' };
export const NOBODY = '02:00:00:00:00:ff';
export const EVERYBODY = 'ff:ff:ff:ff:ff:ff';
export const LOOPBACK = 1;
export const VNI = 5000;
export const HERE = '192.0.2.1';
export const THERE = '192.0.2.2';

export const segment: Segment = {
  vni: VNI,
  mtu: 1450,
  tunnel: { device: 'eth0', address: HERE, mac: '02:00:00:00:01:01' },
  stations: [
    { port: 'a', mac: A.mac, addresses: [A.v4, A.v6], at: { device: 'uwa' } },
    { port: 'b', mac: B.mac, addresses: [B.v4, B.v6], at: { device: 'uwb' } },
    { port: 'c', mac: C.mac, addresses: [C.v4, C.v6], at: { host: THERE, mac: '02:00:00:00:01:02' } },
  ],
};

/** As the planner compiles it, and one port that can be delivered to: the engine would know it. */
export function config(
  direction: 'inbound' | 'outbound',
  model: Record<string, unknown> = {},
  ports: readonly string[] = ['a', 'b', 'c'],
): InstanceConfig {
  const stations = segment.stations.filter(({ port }) => ports.includes(port));
  const binding = {
    port: 'a',
    direction,
    hook: 'xdp',
    addresses: new Map(),
    segment: { ...segment, stations },
  } as const;
  const compiled = compileUnderservice('switch', model, binding);
  return {
    ...compiled,
    maps: {
      ...compiled.maps,
      uw_ports: [{ key: { name: 'uwb' }, value: { slot: 1, ifindex: LOOPBACK } }],
      uw_exits: [{ key: 1, value: LOOPBACK }],
    },
  };
}

export const counted = (name: (typeof SWITCH_COUNTERS)[number]): PacketRow['counts'] => [
  ['counters', SWITCH_COUNTERS.indexOf(name)],
];

export const spec4: PacketSpec = { protocol: 'udp', source: A.v4, destination: B.v4, payloadBytes: 10 };
export const spec6: PacketSpec = { protocol: 'tcp', source: A.v6, destination: B.v6, destinationPort: 80 };
export const frame = (spec: PacketSpec, to = B.mac, from = A.mac): Uint8Array =>
  buildPacket(spec, { sourceMac: from, destinationMac: to });

export interface Arp {
  operation?: number;
  sender?: { mac: string; v4: string };
  asked?: string;
  to?: string;
  from?: string;
}

export function arp({
  operation = 1,
  sender = A,
  asked = B.v4,
  to = EVERYBODY,
  from = A.mac,
}: Arp = {}): Uint8Array {
  const target = operation === 1 ? '00:00:00:00:00:00' : to;
  const header = [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, operation];
  const [senderEnd, targetEnd] = [
    [parseMac(sender.mac), parseIp(sender.v4).bytes],
    [parseMac(target), parseIp(asked).bytes],
  ];
  return bytes(parseMac(to), parseMac(from), header, ...senderEnd, ...targetEnd, new Uint8Array(18));
}

export function bytes(...parts: ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

export interface Neighbour {
  type: 135 | 136;
  from: string;
  to: string;
  source: string;
  destination: string;
  target: string;
  option: string;
}

/** A neighbour message with its one option, and the checksum that it must have. */
export function neighbour({ type, from, to, source, destination, target, option }: Neighbour): Uint8Array {
  const [flags, kind] = type === 135 ? [0, 1] : [0x60, 2];
  const ends = bytes(parseIp(source).bytes, parseIp(destination).bytes);
  const message = bytes([type, 0, 0, 0, flags, 0, 0, 0], parseIp(target).bytes, [kind, 1], parseMac(option));
  const sum = checksum(bytes(ends, [0, 0, 0, message.length, 0, 0, 0, 58], message));
  message.set([sum >> 8, sum & 255], 2);
  const header = [0x86, 0xdd, 0x60, 0, 0, 0, 0, message.length, 58, 255];
  return bytes(parseMac(to), parseMac(from), header, ends, message);
}

export const solicitation = {
  type: 135,
  from: A.mac,
  to: '33:33:ff:00:00:0c',
  source: A.v6,
  destination: 'ff02::1:ff00:c',
  target: C.v6,
  option: A.mac,
} as const;

/** A frame of the segment as the other host sends it. */
export function tunnelled(inner: Uint8Array, { from = THERE, vni = VNI, port = 4789 } = {}): Uint8Array {
  const outer = buildPacket(
    {
      protocol: 'udp',
      source: from,
      destination: HERE,
      sourcePort: 50_000,
      destinationPort: port,
      payloadBytes: 8 + inner.length,
    },
    { sourceMac: '02:00:00:00:01:02', destinationMac: '02:00:00:00:01:01' },
  );
  return withBytes(outer, 42, [8, 0, 0, 0, vni >> 16, (vni >> 8) & 255, vni & 255, 0, ...inner]);
}
