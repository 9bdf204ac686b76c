import type { InstanceConfig, PacketSpec } from '@underware/core';
import { buildPacket, checksum, parseIp, parseMac } from '@underware/packet';
import { asFragment, packetTable, withBytes, withVlanTags } from '@underware/testkit';
import type { PacketRow } from '@underware/testkit';
import { compileUnderservice, SWITCH_COUNTERS } from '@underware/underservices';
import type { Segment } from '@underware/underservices';

const A = { mac: '02:00:00:00:00:0a', v4: '10.70.0.10', v6: 'fd70::a' };
const B = { mac: '02:00:00:00:00:0b', v4: '10.70.0.11', v6: 'fd70::b' };
const C = { mac: '02:00:00:00:00:0c', v4: '10.70.0.12', v6: 'fd70::c' };
const NOBODY = '02:00:00:00:00:ff';
const EVERYBODY = 'ff:ff:ff:ff:ff:ff';
const LOOPBACK = 1;
const VNI = 5000;
const HERE = '192.0.2.1';
const THERE = '192.0.2.2';

const segment: Segment = {
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
function config(direction: 'inbound' | 'outbound', model: Record<string, unknown> = {}): InstanceConfig {
  const binding = { port: 'a', direction, hook: 'xdp', addresses: new Map(), segment } as const;
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

const counted = (name: (typeof SWITCH_COUNTERS)[number]): PacketRow['counts'] => [
  ['counters', SWITCH_COUNTERS.indexOf(name)],
];

const spec4: PacketSpec = { protocol: 'udp', source: A.v4, destination: B.v4, payloadBytes: 10 };
const spec6: PacketSpec = { protocol: 'tcp', source: A.v6, destination: B.v6, destinationPort: 80 };
const frame = (spec: PacketSpec, to = B.mac, from = A.mac): Uint8Array =>
  buildPacket(spec, { sourceMac: from, destinationMac: to });

interface Arp {
  operation?: number;
  sender?: { mac: string; v4: string };
  asked?: string;
  to?: string;
  from?: string;
}

function arp({
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

function bytes(...parts: ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

interface Neighbour {
  type: 135 | 136;
  from: string;
  to: string;
  source: string;
  destination: string;
  target: string;
  option: string;
}

/** A neighbour message with its one option, and the checksum that it must have. */
function neighbour({ type, from, to, source, destination, target, option }: Neighbour): Uint8Array {
  const [flags, kind] = type === 135 ? [0, 1] : [0x60, 2];
  const ends = bytes(parseIp(source).bytes, parseIp(destination).bytes);
  const message = bytes([type, 0, 0, 0, flags, 0, 0, 0], parseIp(target).bytes, [kind, 1], parseMac(option));
  const sum = checksum(bytes(ends, [0, 0, 0, message.length, 0, 0, 0, 58], message));
  message.set([sum >> 8, sum & 255], 2);
  const header = [0x86, 0xdd, 0x60, 0, 0, 0, 0, message.length, 58, 255];
  return bytes(parseMac(to), parseMac(from), header, ends, message);
}

const solicitation = {
  type: 135,
  from: A.mac,
  to: '33:33:ff:00:00:0c',
  source: A.v6,
  destination: 'ff02::1:ff00:c',
  target: C.v6,
  option: A.mac,
} as const;

packetTable('switch at a port', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('outbound'),
  counterMaps: ['counters'],
  rows: [
    {
      name: 'IPv4 to a port of this host',
      packet: frame(spec4),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'IPv6 to a port of this host',
      packet: frame(spec6),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'a later fragment',
      packet: asFragment(frame(spec4), { offset: 64, more: false }),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'a frame of 60 bytes that is neither IP nor ARP',
      packet: withBytes(frame({ ...spec4, payloadBytes: 18 }), 12, [0x88, 0xb5]),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'to a host whose uplink is not there',
      packet: frame({ ...spec4, destination: C.v4 }, C.mac),
      expect: 'drop',
      counts: counted('unreachable'),
    },
    {
      name: 'to a station that nobody is',
      packet: frame(spec4, NOBODY),
      expect: 'drop',
      counts: counted('unknown'),
    },
    { name: 'a broadcast', packet: frame(spec4, EVERYBODY), expect: 'drop', counts: counted('multicast') },
    {
      name: "under another's Ethernet address",
      packet: frame(spec4, B.mac, C.mac),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: "under another's IPv4 address",
      packet: frame({ ...spec4, source: C.v4 }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: "under another's IPv6 address",
      packet: frame({ ...spec6, source: C.v6 }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'with an IPv4 header that is cut',
      packet: frame(spec4).subarray(0, 30),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'with a VLAN tag',
      packet: withVlanTags(frame(spec4), [7]),
      expect: 'drop',
      counts: counted('tagged'),
    },
    {
      name: 'ARP for a station of this host',
      packet: arp(),
      out: arp({ operation: 2, sender: { mac: B.mac, v4: B.v4 }, asked: A.v4, to: A.mac, from: B.mac }),
      expect: 'redirect',
      counts: counted('arp_answered'),
    },
    {
      name: 'ARP for a station of another host',
      packet: arp({ asked: C.v4 }),
      out: arp({ operation: 2, sender: { mac: C.mac, v4: C.v4 }, asked: A.v4, to: A.mac, from: C.mac }),
      expect: 'redirect',
      counts: counted('arp_answered'),
    },
    {
      name: 'ARP for an address that nobody has',
      packet: arp({ asked: '10.70.0.99' }),
      expect: 'drop',
      counts: counted('unknown'),
    },
    { name: 'ARP for itself', packet: arp({ asked: A.v4 }), expect: 'drop', counts: counted('unknown') },
    {
      name: "ARP under another's IPv4 address",
      packet: arp({ sender: { mac: A.mac, v4: C.v4 } }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: "ARP under another's Ethernet address",
      packet: arp({ sender: { mac: C.mac, v4: A.v4 } }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'an ARP reply to a station',
      packet: arp({ operation: 2, asked: B.v4, to: B.mac }),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'ARP of another kind of network',
      packet: withBytes(arp(), 15, [6]),
      expect: 'drop',
      counts: counted('malformed'),
    },
    {
      name: 'a neighbour solicitation',
      packet: neighbour(solicitation),
      out: neighbour({
        type: 136,
        from: C.mac,
        to: A.mac,
        source: C.v6,
        destination: A.v6,
        target: C.v6,
        option: C.mac,
      }),
      expect: 'redirect',
      counts: counted('nd_answered'),
    },
    {
      name: 'a neighbour solicitation for nobody',
      packet: neighbour({ ...solicitation, target: 'fd70::99' }),
      expect: 'drop',
      counts: counted('unknown'),
    },
    {
      name: "a neighbour solicitation under another's address",
      packet: neighbour({ ...solicitation, source: B.v6 }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
  ],
});

packetTable('switch at a port without protection', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('outbound', { anti_spoofing: false }),
  counterMaps: ['counters'],
  rows: [
    {
      name: "under another's addresses",
      packet: frame({ ...spec4, source: C.v4 }, B.mac, C.mac),
      expect: 'redirect',
      counts: counted('local'),
    },
  ],
});

packetTable('switch with isolated ports', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('outbound', { isolated: true }),
  counterMaps: ['counters'],
  rows: [
    { name: 'to another port', packet: frame(spec4), expect: 'drop', counts: counted('isolated') },
    { name: 'ARP for another port', packet: arp(), expect: 'drop', counts: counted('unknown') },
  ],
});

/** A frame of the segment as the other host sends it. */
function tunnelled(inner: Uint8Array, { from = THERE, vni = VNI, port = 4789 } = {}): Uint8Array {
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

const back = frame({ ...spec4, source: C.v4, destination: B.v4 }, B.mac, C.mac);
const strange = tunnelled(back, { vni: VNI + 1 });

packetTable('switch at an uplink', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('inbound'),
  counterMaps: ['counters'],
  rows: [
    { name: 'a frame of another segment', packet: strange, expect: 'pass', counts: counted('not_ours') },
    {
      name: 'VXLAN to another port',
      packet: tunnelled(back, { port: 8472 }),
      expect: 'pass',
      counts: counted('not_ours'),
    },
    { name: 'what is no tunnel', packet: back, expect: 'pass', counts: counted('not_ours') },
    {
      name: 'from a host that does not have the station',
      packet: tunnelled(back, { from: '192.0.2.3' }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'from a station of this very host',
      packet: tunnelled(frame(spec4)),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'to a station of another host',
      packet: tunnelled(frame(spec4, C.mac, C.mac)),
      expect: 'drop',
      counts: counted('unknown'),
    },
    {
      name: 'to many',
      packet: tunnelled(frame(spec4, EVERYBODY, C.mac)),
      expect: 'drop',
      counts: counted('multicast'),
    },
    {
      name: 'a frame that is cut',
      packet: tunnelled(new Uint8Array(10)),
      expect: 'drop',
      counts: counted('malformed'),
    },
  ],
});
