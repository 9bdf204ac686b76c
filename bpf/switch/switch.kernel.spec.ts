import { afterEach, expect } from '@jest/globals';
import type { InstanceConfig, PacketSpec } from '@underware/core';
import { buildPacket, checksum, parseIp, parseMac } from '@underware/packet';
import {
  asFragment,
  describeKernel,
  itKernel,
  packetTable,
  PluginInstance,
  withBytes,
  withVlanTags,
} from '@underware/testkit';
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
function config(
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

const ENDPOINT = '192.0.2.9';
const many = { replication: true, learning: true, endpoints: [ENDPOINT, '192.0.2.10'] };
const GUEST = { mac: '02:00:00:00:00:0e', v4: '10.70.0.14', v6: 'fd70::e' };
const ALL_NODES = '33:33:00:00:00:fb';

packetTable('switch at a port that copies and learns', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('outbound', many),
  counterMaps: ['counters'],
  rows: [
    { name: 'a broadcast', packet: frame(spec4, EVERYBODY), expect: 'pass', counts: counted('replicated') },
    { name: 'a multicast', packet: frame(spec6, ALL_NODES), expect: 'pass', counts: counted('replicated') },
    {
      name: 'a multicast from its link-local address',
      packet: frame({ ...spec6, source: 'fe80::ff:fe00:a' }, ALL_NODES),
      expect: 'pass',
      counts: counted('replicated'),
    },
    {
      name: "a multicast from another's link-local address",
      packet: frame({ ...spec6, source: 'fe80::ff:fe00:b' }, ALL_NODES),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'a broadcast of who has no address yet',
      packet: frame({ ...spec4, source: '0.0.0.0', destination: '255.255.255.255' }, EVERYBODY),
      expect: 'pass',
      counts: counted('replicated'),
    },
    {
      name: 'to one station without an address',
      packet: frame({ ...spec4, source: '0.0.0.0' }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: "a broadcast under another's IPv4 address",
      packet: frame({ ...spec4, source: C.v4 }, EVERYBODY),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'to a station that may be behind an endpoint',
      packet: frame(spec4, NOBODY),
      expect: 'pass',
      counts: counted('replicated'),
    },
    {
      name: 'ARP for an address that may be behind an endpoint',
      packet: arp({ asked: GUEST.v4 }),
      expect: 'pass',
      counts: counted('replicated'),
    },
    {
      name: 'a neighbour solicitation for one',
      packet: neighbour({ ...solicitation, target: GUEST.v6 }),
      expect: 'pass',
      counts: counted('replicated'),
    },
  ],
});

const guest = (spec: Partial<PacketSpec> = {}, from = GUEST.mac, to = B.mac): Uint8Array =>
  frame({ ...spec4, source: GUEST.v4, ...spec }, to, from);
const seen = (...names: (typeof SWITCH_COUNTERS)[number][]): PacketRow['counts'] => names.flatMap(counted);

packetTable('switch at an uplink that copies and learns', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('inbound', many),
  counterMaps: ['counters'],
  rows: [
    {
      name: 'a broadcast of another host',
      packet: tunnelled(frame({ ...spec4, source: C.v4 }, EVERYBODY, C.mac)),
      expect: 'pass',
      counts: seen('replicated'),
    },
    {
      name: 'a broadcast of an endpoint',
      packet: tunnelled(guest({}, GUEST.mac, EVERYBODY), { from: ENDPOINT }),
      expect: 'pass',
      counts: seen('learned', 'replicated'),
    },
    {
      name: 'ARP of an endpoint for a station of another host, which answers',
      packet: tunnelled(arp({ sender: GUEST, from: GUEST.mac, asked: C.v4 }), { from: ENDPOINT }),
      expect: 'drop',
      counts: seen('learned', 'unknown'),
    },
    {
      name: 'from what is no endpoint',
      packet: tunnelled(guest(), { from: '192.0.2.11' }),
      expect: 'drop',
      counts: seen('spoofed'),
    },
    {
      name: "of an endpoint under a station's Ethernet address",
      packet: tunnelled(guest({}, A.mac), { from: ENDPOINT }),
      expect: 'drop',
      counts: seen('spoofed'),
    },
    {
      name: "of an endpoint under a station's IPv4 address",
      packet: tunnelled(guest({ source: A.v4 }), { from: ENDPOINT }),
      expect: 'drop',
      counts: seen('spoofed'),
    },
    {
      name: "ARP of an endpoint under a station's IPv4 address",
      packet: tunnelled(arp({ sender: { ...GUEST, v4: A.v4 }, from: GUEST.mac, asked: B.v4 }), {
        from: ENDPOINT,
      }),
      expect: 'drop',
      counts: seen('spoofed'),
    },
    {
      name: 'of an endpoint under an address of many',
      packet: tunnelled(guest({}, ALL_NODES), { from: ENDPOINT }),
      expect: 'drop',
      counts: seen('spoofed'),
    },
  ],
});

packetTable('switch that copies', {
  object: 'switch',
  programs: ['switch_tcx'],
  // One port to copy to.
  config: config('outbound', { replication: true }, ['a', 'b']),
  counterMaps: ['counters'],
  rows: [
    { name: 'a broadcast', packet: frame(spec4, EVERYBODY), expect: 'drop', counts: counted('local') },
    { name: 'what is for one alone', packet: frame(spec4), expect: 'pass', counts: [] },
  ],
});

describeKernel('what a switch remembers', () => {
  const loaded: PluginInstance[] = [];

  afterEach(() => {
    for (const instance of loaded.splice(0)) instance.close();
  });

  async function load(direction: 'inbound' | 'outbound', model: Record<string, unknown>) {
    const instance = await PluginInstance.load('switch', 'switch_xdp', config(direction, model));
    loaded.push(instance);
    const names = async (): Promise<string[]> =>
      (await instance.counters('counters')).flatMap(({ packets }, i) =>
        packets > 0 ? [`${SWITCH_COUNTERS[i] ?? ''} ${packets}`] : [],
      );
    return { instance, names };
  }

  itKernel('copies no more frames than it may', async () => {
    const { instance, names } = await load('outbound', { replication: true, replication_limit: 1 });
    for (let i = 0; i < 3; i++) await instance.run(frame(spec4, EVERYBODY));
    expect(await names()).toEqual(['replicated 1', 'limited 2']);
  });

  itKernel('learns where a station is, notices that it moves, and holds no more than it may', async () => {
    const { instance, names } = await load('inbound', { ...many, learned_limit: 4 });
    const send = (from: string, mac = GUEST.mac) => instance.run(tunnelled(guest({}, mac), { from }));
    await send(ENDPOINT);
    await send(ENDPOINT);
    expect(await names()).toEqual(['local 2', 'learned 1']);
    await send('192.0.2.10');
    expect(await names()).toEqual(['local 3', 'learned 1', 'moved 1']);
    for (let i = 1; i < 200; i++) await send(ENDPOINT, `02:00:00:00:02:${i.toString(16).padStart(2, '0')}`);
    let entries = 0;
    for await (const _ of instance.map('learned').entries()) entries += 1;
    expect(entries).toBeGreaterThan(0);
    expect(entries).toBeLessThan(200);
  });

  itKernel('forgets a station that was silent for too long', async () => {
    const { instance, names } = await load('outbound', { ...many, ageing: 60 });
    const key = {
      mac: { bytes: [...parseMac(GUEST.mac)], reserved: [0, 0] },
      vni: VNI,
      reserved: [0, 0, 0, 0],
    };
    const heard = (secondsAgo: number) => ({
      end: { address: [...parseIp(ENDPOINT).bytes], mac: [2, 0, 0, 0, 1, 9] },
      reserved: [0, 0, 0, 0, 0, 0],
      seen: process.hrtime.bigint() - BigInt(secondsAgo) * 1_000_000_000n,
    });
    await instance.map('learned').set(key, heard(50));
    // Its way is looked for, and there is no uplink here.
    await instance.run(frame(spec4, GUEST.mac));
    expect(await names()).toEqual(['unreachable 1']);
    await instance.map('learned').set(key, heard(61));
    await instance.run(frame(spec4, GUEST.mac));
    expect(await names()).toEqual(['replicated 1', 'unreachable 1']);
  });
});
