import { expect } from '@jest/globals';
import type { InstanceConfig, PacketSpec } from '@underware/core';
import { buildPacket, checksum, parseIp, parseMac, readPacket } from '@underware/packet';
import {
  asFragment,
  describeKernel,
  itKernel,
  packetTable,
  PluginInstance,
  withBytes,
  withExtensions,
  withVlanTags,
} from '@underware/testkit';
import type { PacketRow } from '@underware/testkit';
import { compileUnderservice, ROUTER_COUNTERS } from '@underware/underservices';
import type { RoutedNetwork } from '@underware/underservices';

const A = { mac: '02:00:00:00:00:0a', v4: '10.71.0.10', v6: 'fd71::a' };
const B = { mac: '02:00:00:00:00:0b', v4: '10.72.0.11', v6: 'fd72::b' };
const C = { mac: '02:00:00:00:00:0c', v4: '10.72.0.12', v6: 'fd72::c' };
const D = { mac: '02:00:00:00:00:0d', v4: '10.71.0.13', v6: 'fd71::d' };
const GATEWAY = { mac: '02:00:00:00:00:ee', v4: '10.71.0.1', v6: 'fd71::1' };
const EVERYBODY = 'ff:ff:ff:ff:ff:ff';
const LOOPBACK = 1;
const LATER = { offset: 64, more: false };
const tunnel = { device: 'eth0', address: '192.0.2.1', mac: '02:00:00:00:01:01' };
const policy = { antiSpoofing: true, isolated: false, tunnel };

const network: RoutedNetwork = {
  mac: GATEWAY.mac,
  segments: [
    {
      ...policy,
      vni: 7100,
      mtu: 1450,
      subnets: ['10.71.0.0/24', 'fd71::/64'],
      stations: [
        { port: 'a', mac: A.mac, addresses: [A.v4, A.v6], at: { device: 'uwa' } },
        { port: 'd', mac: D.mac, addresses: [D.v4, D.v6], at: { device: 'uwd' } },
      ],
    },
    {
      ...policy,
      vni: 7200,
      mtu: 1300,
      subnets: ['10.72.0.0/24', 'fd72::/64'],
      stations: [
        { port: 'b', mac: B.mac, addresses: [B.v4, B.v6], at: { device: 'uwb' } },
        {
          port: 'c',
          mac: C.mac,
          addresses: [C.v4, C.v6],
          at: { host: '192.0.2.2', mac: '02:00:00:00:01:02' },
        },
      ],
    },
  ],
};

/** As the planner compiles it, and one port that can be delivered to: the engine would know it. */
function config(model: Record<string, unknown> = {}, on: RoutedNetwork = network): InstanceConfig {
  const compiled = compileUnderservice(
    'router',
    {
      addresses: [GATEWAY.v4, GATEWAY.v6, '10.72.0.1', 'fd72::1'],
      icmp_errors_per_second: 0,
      routes: [
        { prefix: '198.51.100.0/24', next_hops: ['b'] },
        { prefix: '2001:db8::/32', next_hops: ['b'] },
        { prefix: '198.51.100.128/25' },
      ],
      ...model,
    },
    {
      port: 'a',
      direction: 'outbound',
      hook: 'xdp',
      addresses: new Map([['b', [B.v4, B.v6]]]),
      network: on,
    },
  );
  return {
    ...compiled,
    maps: {
      ...compiled.maps,
      uw_ports: [{ key: { name: 'uwb' }, value: { slot: 1, ifindex: LOOPBACK } }],
      uw_exits: [{ key: 1, value: LOOPBACK }],
    },
  };
}

const counted = (...names: (typeof ROUTER_COUNTERS)[number][]): PacketRow['counts'] =>
  names.map((name) => ['counters', ROUTER_COUNTERS.indexOf(name)]);
const spec4: PacketSpec = { protocol: 'udp', source: A.v4, destination: B.v4, payloadBytes: 10 };
const spec6: PacketSpec = { protocol: 'tcp', source: A.v6, destination: B.v6, destinationPort: 80 };
const frame = (spec: PacketSpec, to = GATEWAY.mac, from = A.mac): Uint8Array =>
  buildPacket(spec, { sourceMac: from, destinationMac: to });
const bytes = (...parts: ArrayLike<number>[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));

/** With its hop limit set, and the checksum that it must have then. */
function hops(packet: Uint8Array, limit: number): Uint8Array {
  if (packet[12] === 0x86) return withBytes(packet, 21, [limit]);
  const set = withBytes(withBytes(packet, 22, [limit]), 24, [0, 0]);
  const sum = checksum(set.subarray(14, 34));
  return withBytes(set, 24, [sum >> 8, sum & 255]);
}

/** Four bytes of "no operation", and the checksum that the header has then. */
function withOptions(packet: Uint8Array, limit: number): Uint8Array {
  const longer = bytes(packet.subarray(0, 34), [1, 1, 1, 1], packet.subarray(34));
  const header = withBytes(withBytes(longer, 14, [0x46]), 16, [0, longer.length - 14]);
  const set = withBytes(withBytes(header, 22, [limit]), 24, [0, 0]);
  const sum = checksum(set.subarray(14, 38));
  return withBytes(set, 24, [sum >> 8, sum & 255]);
}

function routed(spec: PacketSpec, to = B.mac): Uint8Array {
  const sent = frame(spec, to, GATEWAY.mac);
  return hops(sent, (frame(spec)[spec.source.includes(':') ? 21 : 22] ?? 0) - 1);
}

function arp(operation: number, from: string, to: string, sender: string, asked: string, target: string) {
  const header = [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, operation];
  const ends = bytes(parseMac(from), parseIp(sender).bytes, parseMac(target), parseIp(asked).bytes);
  return bytes(parseMac(to), parseMac(from), header, ends, new Uint8Array(18));
}
const NO_MAC = '00:00:00:00:00:00';
const asks = (asked: string): Uint8Array => arp(1, A.mac, EVERYBODY, A.v4, asked, NO_MAC);

packetTable('router', {
  object: 'router',
  programs: ['router_xdp'],
  config: config(),
  counterMaps: ['counters'],
  rows: [
    {
      name: 'IPv4 to another segment',
      packet: frame(spec4),
      out: routed(spec4),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'IPv6 to another segment',
      packet: frame(spec6),
      out: routed(spec6),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'by a static route',
      packet: frame({ ...spec4, destination: '198.51.100.7' }),
      out: routed({ ...spec4, destination: '198.51.100.7' }),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'by a static route of IPv6',
      packet: frame({ ...spec6, destination: '2001:db8::7' }),
      out: routed({ ...spec6, destination: '2001:db8::7' }),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'by a longer route that discards',
      packet: frame({ ...spec4, destination: '198.51.100.200' }),
      expect: 'drop',
      counts: counted('discarded'),
    },
    {
      name: 'that no route matches',
      packet: frame({ ...spec4, destination: '203.0.113.1' }),
      expect: 'drop',
      counts: counted('no_route'),
    },
    {
      name: 'to nobody',
      packet: frame({ ...spec4, destination: '10.72.0.99' }),
      expect: 'drop',
      counts: counted('no_host'),
    },
    {
      name: 'a later fragment, like any packet',
      packet: hops(asFragment(frame(spec4), LATER), 64),
      out: hops(asFragment(frame(spec4, B.mac, GATEWAY.mac), LATER), 63),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'a fragment of IPv6, behind another extension header',
      packet: asFragment(withExtensions(frame(spec6), [0]), { offset: 0, more: true }),
      out: asFragment(withExtensions(routed(spec6), [0]), { offset: 0, more: true }),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'with IPv4 options',
      packet: withOptions(frame(spec4), 64),
      out: withOptions(frame(spec4, B.mac, GATEWAY.mac), 63),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'with a VLAN tag, for the switch to refuse',
      packet: withVlanTags(frame(spec4), [7]),
      expect: 'pass',
      counts: counted('switched'),
    },
    { name: 'at its last hop', packet: hops(frame(spec4), 1), expect: 'drop', counts: counted('expired') },
    {
      name: 'of IPv6 at its last hop',
      packet: hops(frame(spec6), 1),
      expect: 'drop',
      counts: counted('expired'),
    },
    {
      name: 'longer than its segment takes',
      packet: frame({ ...spec6, payloadBytes: 1300 }),
      expect: 'drop',
      counts: counted('too_long'),
    },
    {
      name: "under another's IPv4 address",
      packet: frame({ ...spec4, source: D.v4 }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: "under another's Ethernet address",
      packet: frame({ ...spec4, source: D.v4 }, GATEWAY.mac, D.mac),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'to many',
      packet: frame({ ...spec4, destination: '224.0.0.5' }),
      expect: 'drop',
      counts: counted('not_routed'),
    },
    {
      name: 'that is cut',
      packet: frame(spec4).subarray(0, 40),
      expect: 'drop',
      counts: counted('malformed'),
    },
    {
      name: 'to a host whose uplink is not there',
      packet: frame({ ...spec4, destination: C.v4 }),
      out: routed({ ...spec4, destination: C.v4 }, C.mac),
      expect: 'drop',
      counts: counted('unreachable'),
    },
    {
      name: 'of its own segment, for the switch',
      packet: frame({ ...spec4, destination: D.v4 }, D.mac),
      expect: 'pass',
      counts: counted('switched'),
    },
    {
      name: 'ARP for the router',
      packet: asks(GATEWAY.v4),
      out: arp(2, GATEWAY.mac, A.mac, GATEWAY.v4, A.v4, A.mac),
      expect: 'redirect',
      counts: counted('arp_answered'),
    },
    {
      name: "ARP for the router's address on another segment",
      packet: asks('10.72.0.1'),
      expect: 'pass',
      counts: counted('switched'),
    },
    { name: 'ARP for another station', packet: asks(D.v4), expect: 'pass', counts: counted('switched') },
    {
      name: 'UDP for the router itself',
      packet: frame({ ...spec4, destination: GATEWAY.v4 }),
      expect: 'drop',
      counts: counted('to_router'),
    },
  ],
});

packetTable('router with a way out', {
  object: 'router',
  programs: ['router_xdp'],
  config: config({}, { ...network, uplinks: ['uwb'] }),
  counterMaps: ['counters'],
  rows: [
    {
      name: 'that no route matches, by the stack of a host that does not forward it itself',
      packet: frame({ ...spec4, destination: '203.0.113.1' }),
      expect: 'pass',
      counts: counted('host'),
    },
    {
      name: 'to a station, as without',
      packet: frame(spec4),
      out: routed(spec4),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'by a route that discards, nowhere',
      packet: frame({ ...spec4, destination: '198.51.100.200' }),
      expect: 'drop',
      counts: counted('discarded'),
    },
  ],
});

const isolating = { ...network, segments: network.segments.map((each) => ({ ...each, isolated: true })) };

packetTable('router of isolated segments', {
  object: 'router',
  programs: ['router_xdp'],
  config: config({}, isolating),
  counterMaps: ['counters'],
  rows: [
    {
      name: 'round by the router to a port of the same segment',
      packet: frame({ ...spec4, destination: D.v4 }),
      expect: 'drop',
      counts: counted('isolated'),
    },
    {
      name: 'to another segment',
      packet: frame(spec4),
      out: routed(spec4),
      expect: 'redirect',
      counts: counted('local'),
    },
  ],
});

async function said(packet: Uint8Array, rate = 1, times = 1) {
  const instance = await PluginInstance.load(
    'router',
    'router_xdp',
    config({ icmp_errors_per_second: rate }),
  );
  try {
    const verdicts = [];
    for (let i = 0; i < times; i++) verdicts.push(await instance.run(packet));
    return verdicts;
  } finally {
    instance.close();
  }
}

describeKernel('router: what it says to senders', () => {
  /** An error that a host would take: sums hold, and what it is about is quoted as it was sent. */
  function check(packet: Uint8Array, about: Uint8Array, type: number, code: number, rest = 0): void {
    const v6 = packet[12] === 0x86;
    const at = v6 ? 54 : 34;
    expect(Array.from(packet.subarray(0, 12))).toEqual([...parseMac(A.mac), ...parseMac(GATEWAY.mac)]);
    const message = packet.subarray(at);
    expect([message[0], message[1], new DataView(message.buffer, message.byteOffset).getUint32(4)]).toEqual([
      type,
      code,
      rest,
    ]);
    const quoted = packet.subarray(at + 8);
    expect(Array.from(quoted)).toEqual(Array.from(about.subarray(14, 14 + quoted.length)));
    expect(quoted.length).toBeGreaterThanOrEqual(v6 ? 48 : 28);
    const pseudo = v6
      ? bytes(packet.subarray(22, 54), [0, 0, message.length >> 8, message.length & 255, 0, 0, 0, 58])
      : [];
    expect(checksum(bytes(pseudo, message))).toBe(0);
    if (!v6) expect(checksum(packet.subarray(14, 34))).toBe(0);
    const ip = readPacket(packet).ip;
    expect([ip?.source, ip?.destination]).toEqual(v6 ? [GATEWAY.v6, A.v6] : [GATEWAY.v4, A.v4]);
  }

  const long4 = withBytes(frame({ ...spec4, payloadBytes: 1400 }), 20, [0x40, 0]);
  const cases: [string, Uint8Array, number, number, number?][] = [
    ['time exceeded', hops(frame(spec4), 1), 11, 0],
    ['time exceeded in IPv6', hops(frame(spec6), 1), 3, 0],
    ['no route', frame({ ...spec4, destination: '203.0.113.1' }), 3, 0],
    ['no route in IPv6', frame({ ...spec6, destination: '2001:ffff::1' }), 1, 0],
    ['no host', frame({ ...spec4, destination: '10.72.0.99' }), 3, 1],
    ['no host in IPv6', frame({ ...spec6, destination: 'fd72::99' }), 1, 3],
    ['too long, not to be cut', hops(long4, 64), 3, 4, 1300],
    ['too long in IPv6', frame({ ...spec6, payloadBytes: 1390 }), 2, 0, 1300],
    ['no port', frame({ ...spec4, destination: GATEWAY.v4 }), 3, 3],
  ];
  for (const [name, packet, type, code, rest] of cases) {
    itKernel(name, async () => {
      const [answer] = await said(packet);
      expect(answer?.verdict).toBe('redirect');
      if (answer) check(answer.packet, packet, type, code, rest);
    });
  }

  itKernel('no more errors than were asked for', async () => {
    const verdicts = await said(hops(frame(spec4), 1), 1, 3);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['redirect', 'drop', 'drop']);
  });

  itKernel('nothing about errors, later fragments and what may be cut', async () => {
    const echo = frame({ protocol: 'icmp', source: A.v4, destination: B.v4, payloadBytes: 20 });
    const error = hops(withBytes(echo, 34, [3]), 1);
    const fragment = hops(withBytes(frame(spec4), 20, [0, 8]), 1);
    const cut = hops(withBytes(long4, 20, [0, 0]), 64);
    for (const packet of [error, fragment, cut])
      expect((await said(packet)).map(({ verdict }) => verdict)).toEqual(['drop']);
  });

  itKernel('an answer to echo, in both families', async () => {
    for (const [source, destination] of [
      [A.v4, GATEWAY.v4],
      [A.v6, 'fd72::1'],
    ] as const) {
      const [answer] = await said(frame({ protocol: 'icmp', source, destination, payloadBytes: 20 }), 0);
      const wanted = readPacket(frame({ protocol: 'icmp', source: destination, destination: source }));
      const got = readPacket(answer?.packet ?? new Uint8Array());
      expect([answer?.verdict, got.ip?.source, got.ip?.destination]).toEqual([
        'redirect',
        wanted.ip?.source,
        wanted.ip?.destination,
      ]);
      const v6 = source.includes(':');
      const message = (answer?.packet ?? new Uint8Array()).subarray(v6 ? 54 : 34);
      expect(message[0]).toBe(v6 ? 129 : 0);
      const pseudo = v6
        ? bytes((answer?.packet ?? new Uint8Array()).subarray(22, 54), [0, 0, 0, message.length, 0, 0, 0, 58])
        : [];
      expect(checksum(bytes(pseudo, message))).toBe(0);
    }
  });
});
