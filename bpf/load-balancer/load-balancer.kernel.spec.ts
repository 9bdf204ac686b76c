import { expect } from '@jest/globals';
import type { PacketSpec } from '@underware/core';
import { buildPacket, checksum, readPacket } from '@underware/packet';
import {
  asFragment,
  describeKernel,
  itKernel,
  packetTable,
  padded,
  PluginInstance,
  withBytes,
  withExtensions,
  withVlanTags,
} from '@underware/testkit';
import type { PacketRow } from '@underware/testkit';
import { balancerConfig, COUNTER, SHARED, VIRTUAL } from './balancer-config.spec-support.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const WEB = { web: ['10.99.1.10', 'fd99:1::10'] };
const one = balancerConfig('outbound', { backends: WEB });

const tcp4: PacketSpec = {
  protocol: 'tcp',
  source: '10.99.0.1',
  destination: VIRTUAL.ipv4,
  sourcePort: 40_000,
  destinationPort: 80,
  payloadBytes: 5,
};
const tcp6: PacketSpec = { ...tcp4, source: 'fd99::1', destination: VIRTUAL.ipv6 };
const udp4: PacketSpec = { ...tcp4, protocol: 'udp', destinationPort: 53 };
const udp6: PacketSpec = { ...tcp6, protocol: 'udp', destinationPort: 53 };
const packet = (spec: PacketSpec, changes: Partial<PacketSpec> = {}): Uint8Array =>
  buildPacket({ ...spec, ...changes }, l2);
/** The same as the backend gets it. */
const toBackend = (spec: PacketSpec, changes: Partial<PacketSpec> = {}): Uint8Array =>
  packet(spec, {
    destination: spec.destination.includes(':') ? 'fd99:1::10' : '10.99.1.10',
    destinationPort: spec.protocol === 'tcp' ? 8080 : 5353,
    ...changes,
  });

const counted = (...names: (keyof typeof COUNTER)[]): PacketRow['counts'] =>
  names.map((name) => ['counters', COUNTER[name]]);
const opened = (service: number): PacketRow['counts'] => [
  ...counted('forwarded', 'opened'),
  ['service_counts', service],
  ['backend_opened', 0],
];
/** With the ICMP checksum that its bytes need. */
function sealed(frame: Uint8Array): Uint8Array {
  const six = frame[12] === 0x86;
  const at = six ? 54 : 34;
  const open = withBytes(frame, at + 2, [0, 0]);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, open.length - at);
  length[7] = 58;
  const sum = six ? checksum(open.subarray(22, 54), length, open.subarray(at)) : checksum(open.subarray(at));
  return withBytes(open, at + 2, [sum >> 8, sum & 0xff]);
}

function ping(family: 4 | 6): Uint8Array {
  return sealed(
    withBytes(packet(family === 4 ? tcp4 : tcp6, { protocol: 'icmp' }), family === 4 ? 38 : 58, [7, 9]),
  );
}

/** The answer to it: addresses and Ethernet addresses change places, the type becomes that of a reply. */
function pong(family: 4 | 6): Uint8Array {
  const { source, destination } = family === 4 ? tcp4 : tcp6;
  const frame = buildPacket(
    { ...tcp4, protocol: 'icmp', source: destination, destination: source },
    { sourceMac: l2.destinationMac, destinationMac: l2.sourceMac },
  );
  const at = family === 4 ? 34 : 54;
  return sealed(withBytes(withBytes(frame, at, [family === 4 ? 0 : 129]), at + 4, [7, 9]));
}

const rows: PacketRow[] = [
  { name: 'TCP to a service', packet: packet(tcp4), expect: 'pass', out: toBackend(tcp4), counts: opened(0) },
  {
    name: 'TCP over IPv6',
    packet: packet(tcp6),
    expect: 'pass',
    out: toBackend(tcp6),
    counts: opened(0),
  },
  { name: 'UDP', packet: packet(udp4), expect: 'pass', out: toBackend(udp4), counts: opened(1) },
  { name: 'UDP over IPv6', packet: packet(udp6), expect: 'pass', out: toBackend(udp6), counts: opened(1) },
  {
    name: 'UDP without a checksum',
    packet: withBytes(packet(udp4), 40, [0, 0]),
    expect: 'pass',
    out: withBytes(toBackend(udp4), 40, [0, 0]),
    counts: opened(1),
  },
  {
    name: 'TCP in the midst of a connection that is not known',
    packet: packet(tcp4, { tcpFlags: ['ack'] }),
    expect: 'pass',
    out: toBackend(tcp4, { tcpFlags: ['ack'] }),
    counts: opened(0),
  },
  {
    name: 'with two VLAN tags',
    packet: withVlanTags(packet(tcp4), [5, 6]),
    expect: 'pass',
    out: withVlanTags(toBackend(tcp4), [5, 6]),
    counts: opened(0),
  },
  {
    name: 'with IPv6 extension headers',
    packet: withExtensions(packet(tcp6), [0, 60]),
    expect: 'pass',
    out: withExtensions(toBackend(tcp6), [0, 60]),
    counts: opened(0),
  },
  {
    name: 'of a padded frame',
    packet: padded(packet(tcp4, { payloadBytes: 0 }), 60),
    expect: 'pass',
    out: padded(toBackend(tcp4, { payloadBytes: 0 }), 60),
    counts: opened(0),
  },
  {
    name: 'to a port that serves nothing',
    packet: packet(tcp4, { destinationPort: 81 }),
    expect: 'drop',
    counts: counted('no_service'),
  },
  {
    name: 'of another protocol on the port of a service',
    packet: packet(tcp4, { protocol: 'udp' }),
    expect: 'drop',
    counts: counted('no_service'),
  },
  {
    name: 'of the backend itself, which is the only one',
    packet: packet(tcp4, { source: '10.99.1.10' }),
    expect: 'drop',
    counts: counted('no_backend'),
  },
  {
    name: 'to a backend directly',
    packet: toBackend(tcp4),
    expect: 'pass',
    counts: counted('not_ours'),
  },
  {
    name: 'to somebody else',
    packet: packet(udp6, { destination: 'fd99::2' }),
    expect: 'pass',
    counts: counted('not_ours'),
  },
  { name: 'an echo request', packet: ping(4), expect: 'redirect', out: pong(4), counts: counted('answered') },
  {
    name: 'an echo request over IPv6',
    packet: ping(6),
    expect: 'redirect',
    out: pong(6),
    counts: counted('answered'),
  },
  {
    name: 'a later fragment whose first was not seen',
    packet: asFragment(packet(udp4), { offset: 185, more: false }),
    expect: 'drop',
    counts: counted('fragment'),
  },
  {
    name: 'a later fragment over IPv6',
    packet: asFragment(packet(udp6), { offset: 185, more: true }),
    expect: 'drop',
    counts: counted('fragment'),
  },
  {
    name: 'a first fragment',
    packet: asFragment(packet(udp6), { offset: 0, more: true }),
    expect: 'pass',
    out: asFragment(toBackend(udp6), { offset: 0, more: true }),
    counts: opened(1),
  },
  {
    name: 'ARP',
    packet: withBytes(new Uint8Array(60), 12, [0x08, 0x06]),
    expect: 'pass',
    counts: counted('not_ours'),
  },
  {
    name: 'cut short in the transport header',
    packet: packet(tcp4, { payloadBytes: 0 }).subarray(0, 40),
    expect: 'drop',
    counts: counted('malformed'),
  },
  {
    name: 'with three VLAN tags',
    packet: withVlanTags(packet(tcp4), [5, 6, 7]),
    expect: 'drop',
    counts: counted('malformed'),
  },
];

packetTable('what a client sends', {
  object: 'load-balancer',
  programs: ['balancer_xdp'],
  config: one,
  counterMaps: ['counters', 'service_counts', 'backend_opened'],
  rows,
});

/** An ICMP error of `source` about a packet, of which it quotes `bytes`, up to its ports. */
function icmpError(source: string, about: Uint8Array, bytes: number): Uint8Array {
  const quoted = about.subarray(14, 14 + bytes);
  const { ip } = readPacket(about);
  const [from, to] = [source, ip?.source ?? ''];
  const six = from.includes(':');
  const frame = buildPacket(
    { protocol: 'icmp', source: from, destination: to, payloadBytes: quoted.length },
    l2,
  );
  const at = six ? 54 : 34;
  return sealed(withBytes(withBytes(frame, at, [six ? 1 : 3, six ? 4 : 3]), at + 8, [...quoted]));
}

/** A client's instances, which share what is of their service. */
async function load(config = one) {
  const sent = await PluginInstance.load('load-balancer', 'balancer_xdp', config);
  const shared = { of: sent, maps: SHARED };
  const inbound = balancerConfig('inbound', { backends: WEB });
  const received = await PluginInstance.load('load-balancer', 'balancer_tcx', inbound, shared);
  const delivered = await PluginInstance.load('load-balancer', 'balancer_xdp', inbound, shared);
  const all = [sent, received, delivered];
  return { sent, received, delivered, close: () => all.forEach((each) => each.close()) };
}
/** The answer to it, as the client gets it. */
const reversed = (spec: PacketSpec, changes: Partial<PacketSpec> = {}): Uint8Array =>
  packet(spec, {
    source: spec.destination,
    destination: spec.source,
    sourcePort: spec.destinationPort ?? 0,
    destinationPort: spec.sourcePort ?? 0,
    ...changes,
  });

describeKernel('a connection', () => {
  itKernel('has its answers come back under the virtual address, whichever hook they meet', async () => {
    const { sent, received, delivered, close } = await load();
    for (const spec of [tcp4, tcp6, udp4, udp6]) {
      const request = await sent.run(packet(spec));
      const { ip, tcp, udp } = readPacket(request.packet);
      const answer = reversed(spec, {
        source: ip?.destination ?? '',
        sourcePort: (tcp ?? udp)?.destinationPort ?? 0,
      });
      for (const way of [received, delivered]) {
        expect(await way.run(answer)).toEqual({ verdict: 'pass', packet: reversed(spec) });
        const other = reversed(spec, { source: ip?.destination ?? '', sourcePort: 1 });
        expect(await way.run(other)).toEqual({ verdict: 'pass', packet: other });
      }
    }
    const counters = await received.counters('counters');
    expect([counters[COUNTER.returned]?.packets, counters[COUNTER.not_ours]?.packets]).toEqual([4, 4]);
    close();
  });

  itKernel('has ICMP errors about either way translated, with what they quote', async () => {
    const { sent, received, delivered, close } = await load();
    for (const spec of [tcp4, udp6]) {
      const six = spec === udp6;
      const translated = (await sent.run(packet(spec))).packet;
      const [backend, router] = six ? ['fd99:1::10', 'fd99::fe'] : ['10.99.1.10', '10.99.0.254'];
      const bytes = six ? 44 : 24;
      for (const way of [received, delivered]) {
        const told = await way.run(icmpError(backend, translated, bytes));
        expect(hex(told.packet)).toBe(hex(icmpError(spec.destination, packet(spec), bytes)));
        const onTheWay = await way.run(icmpError(router, translated, bytes));
        expect(hex(onTheWay.packet)).toBe(hex(icmpError(router, packet(spec), bytes)));
      }
      const refused = icmpError(spec.source, reversed(spec), bytes);
      const wanted = icmpError(
        spec.source,
        reversed(spec, { source: backend, sourcePort: six ? 5353 : 8080 }),
        bytes,
      );
      expect(hex((await sent.run(refused)).packet)).toBe(hex(wanted));
    }
    expect((await sent.counters('counters'))[COUNTER.related]?.packets).toBe(2);
    close();
  });

  itKernel('has later fragments follow their first, both ways', async () => {
    const { sent, received, close } = await load();
    for (const spec of [udp4, udp6]) {
      await sent.run(asFragment(packet(spec), { offset: 0, more: true }));
      const later = await sent.run(asFragment(packet(spec), { offset: 185, more: false }));
      expect(later.verdict).toBe('pass');
      const { ip } = readPacket(later.packet);
      expect(ip?.destination).toBe(spec === udp4 ? '10.99.1.10' : 'fd99:1::10');
      const answer = reversed(spec, { source: ip?.destination ?? '', sourcePort: 5353 });
      await received.run(asFragment(answer, { offset: 0, more: true }));
      const rest = await received.run(asFragment(answer, { offset: 185, more: false }));
      expect(readPacket(rest.packet).ip?.source).toBe(spec.destination);
    }
    close();
  });

  itKernel('cannot be mistaken for one with the backend itself', async () => {
    const { sent, close } = await load();
    const direct = toBackend(tcp4);
    await sent.run(packet(tcp4));
    expect((await sent.run(direct)).verdict).toBe('drop');
    expect((await sent.run(packet(tcp4, { tcpFlags: ['rst'] }))).verdict).toBe('pass');
    expect((await sent.run(direct)).verdict).toBe('pass');
    expect((await sent.counters('counters'))[COUNTER.collided]?.packets).toBe(1);
    close();
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
