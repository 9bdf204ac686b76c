import { afterEach, beforeEach, expect } from '@jest/globals';
import type { PacketSpec } from '@underware/core';
import { RingBuffer } from '@underware/libbpf';
import { buildPacket } from '@underware/packet';
import {
  asFragment,
  describeKernel,
  itKernel,
  packetTable,
  PluginInstance,
  waitFor,
  withBytes,
  withVlanTags,
} from '@underware/testkit';
import type { PacketRow } from '@underware/testkit';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
/** Index into `counters`, as in probe.h. */
const [TCP, UDP, ICMP, OTHER_IP, NOT_IP, MALFORMED, NEW_FLOW, EVENT_LOST] = [0, 1, 2, 3, 4, 5, 6, 7];

const tcp4: PacketSpec = {
  protocol: 'tcp',
  source: '10.1.2.3',
  destination: '10.60.0.2',
  sourcePort: 40000,
  destinationPort: 80,
};
const tcp6: PacketSpec = { ...tcp4, source: 'fd60::1', destination: 'fd60::2' };
const packet = (spec: PacketSpec, changes: Partial<PacketSpec> = {}): Uint8Array =>
  buildPacket({ ...spec, ...changes }, l2);
const counts = (...indexes: number[]): PacketRow['counts'] => indexes.map((index) => ['counters', index]);

const gre = withBytes(packet(tcp4), 23, [47]);
const arp = withBytes(new Uint8Array(60), 12, [0x08, 0x06]);
const programs = ['probe_xdp', 'probe_tcx'];

packetTable('probe', {
  object: 'probe',
  programs,
  config: {},
  counterMaps: ['counters'],
  rows: [
    { name: 'TCP', packet: packet(tcp4), expect: 'pass', counts: counts(TCP, NEW_FLOW) },
    { name: 'TCP over IPv6', packet: packet(tcp6), expect: 'pass', counts: counts(TCP, NEW_FLOW) },
    { name: 'UDP', packet: packet(tcp4, { protocol: 'udp' }), expect: 'pass', counts: counts(UDP, NEW_FLOW) },
    {
      name: 'ICMP',
      packet: packet(tcp4, { protocol: 'icmp' }),
      expect: 'pass',
      counts: counts(ICMP, NEW_FLOW),
    },
    {
      name: 'ICMPv6',
      packet: packet(tcp6, { protocol: 'icmp' }),
      expect: 'pass',
      counts: counts(ICMP, NEW_FLOW),
    },
    { name: 'another IP protocol', packet: gre, expect: 'pass', counts: counts(OTHER_IP, NEW_FLOW) },
    {
      name: 'a VLAN',
      packet: withVlanTags(packet(tcp4), [9]),
      expect: 'pass',
      counts: counts(TCP, NEW_FLOW),
    },
    {
      name: 'a later fragment',
      packet: asFragment(packet(tcp4), { offset: 3, more: false }),
      expect: 'pass',
      counts: counts(TCP, NEW_FLOW),
    },
    { name: 'ARP', packet: arp, expect: 'pass', counts: counts(NOT_IP) },
    {
      name: 'a malformed packet',
      packet: packet(tcp4).subarray(0, 30),
      programs: ['probe_xdp'],
      expect: 'pass',
      counts: counts(MALFORMED),
    },
  ],
});

describeKernel('probe', () => {
  let probe: PluginInstance;

  afterEach(() => {
    probe.close();
  });

  for (const program of programs) {
    describeKernel(program, () => {
      beforeEach(async () => {
        probe = await PluginInstance.load('probe', program);
      });

      itKernel('keeps a flow with its packets, bytes and times', async () => {
        const size = packet(tcp6).length;
        await probe.run(packet(tcp6));
        await probe.run(packet(tcp6));
        await probe.run(packet(tcp6, { sourcePort: 40001 }));
        const flows: { key: unknown; value: unknown }[] = [];
        for await (const [key, value] of probe.map('flows').entries()) flows.push({ key, value });
        flows.sort((a, b) => Number(field(a.key, 'source_port')) - Number(field(b.key, 'source_port')));
        expect(flows).toHaveLength(2);
        expect(flows[0]?.key).toMatchObject({
          source_port: 40000,
          destination_port: 80,
          family: 6,
          protocol: 6,
        });
        expect(Number(field(flows[0]?.value, 'packets'))).toBe(2);
        expect(Number(field(flows[0]?.value, 'bytes'))).toBe(2 * size);
        expect(Number(field(flows[1]?.value, 'packets'))).toBe(1);
        const [first, last] = ['first_ns', 'last_ns'].map((name) => Number(field(flows[0]?.value, name)));
        expect(first).toBeGreaterThan(0);
        expect(last).toBeGreaterThanOrEqual(first ?? Infinity);
      });

      itKernel('writes IPv4 addresses in their mapped form', async () => {
        await probe.run(packet(tcp4));
        for await (const [key] of probe.map('flows').entries()) {
          expect([...(field(key, 'source') as Iterable<number>)]).toEqual([
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 1, 2, 3,
          ]);
        }
      });

      itKernel('reports the first packet of a flow, and only that', async () => {
        const events: unknown[] = [];
        const ring = new RingBuffer(probe.map('events'), (event) => events.push(event), {
          type: 'probe_event',
        });
        await probe.run(packet(tcp4));
        await probe.run(packet(tcp4));
        await probe.run(packet(tcp4, { protocol: 'udp' }));
        await waitFor('two events', () => events.length === 2);
        ring.close();
        expect(events).toEqual([
          expect.objectContaining({ flow: expect.objectContaining({ protocol: 6, destination_port: 80 }) }),
          expect.objectContaining({
            flow: expect.objectContaining({ protocol: 17 }),
            bytes: packet(tcp4, { protocol: 'udp' }).length,
          }),
        ]);
      });
    });
  }

  itKernel('counts the events that a full ring refuses, and keeps their flows', async () => {
    probe = await PluginInstance.load('probe', 'probe_xdp', { mapSizes: { events: 4096 } });
    const flows = 200;
    for (let i = 0; i < flows; i++) await probe.run(packet(tcp4, { sourcePort: 1000 + i }));
    const counters = await probe.counters('counters');
    expect(counters[NEW_FLOW]?.packets).toBe(flows);
    // 4096 bytes hold 64 records of 56 bytes and their headers; one slot stays free.
    expect(counters[EVENT_LOST]?.packets).toBeGreaterThanOrEqual(flows - 64);
  });

  itKernel('is silent where events are off', async () => {
    probe = await PluginInstance.load('probe', 'probe_xdp', {
      rodata: { probe_config: { events: 0 } },
      mapSizes: { events: 4096 },
    });
    for (let i = 0; i < 100; i++) await probe.run(packet(tcp4, { sourcePort: 1000 + i }));
    const counters = await probe.counters('counters');
    expect([counters[NEW_FLOW]?.packets, counters[EVENT_LOST]?.packets]).toEqual([100, 0]);
  });

  itKernel('makes room for new flows when the table is full', async () => {
    probe = await PluginInstance.load('probe', 'probe_xdp', { mapSizes: { flows: 64 } });
    for (let i = 0; i < 1000; i++) await probe.run(packet(tcp4, { sourcePort: 1000 + i }));
    let held = 0;
    for await (const entry of probe.map('flows').entries()) held += Number(entry.length === 2);
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(1000);
    expect((await probe.counters('counters'))[NEW_FLOW]?.packets).toBe(1000);
  });
});

function field(value: unknown, name: string): unknown {
  return (value as Record<string, unknown> | undefined)?.[name];
}
