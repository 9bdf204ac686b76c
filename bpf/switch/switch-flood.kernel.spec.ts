import { afterEach, expect } from '@jest/globals';
import type { PacketSpec } from '@underware/core';
import { parseIp, parseMac } from '@underware/packet';
import { describeKernel, itKernel, packetTable, PluginInstance } from '@underware/testkit';
import type { PacketRow } from '@underware/testkit';
import { SWITCH_COUNTERS } from '@underware/underservices';
import {
  A,
  B,
  C,
  NOBODY,
  EVERYBODY,
  VNI,
  config,
  counted,
  spec4,
  spec6,
  frame,
  arp,
  neighbour,
  solicitation,
  tunnelled,
} from './switch-packets.spec-support.js';

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
    { name: 'what is for a station', packet: frame(spec4), expect: 'pass', counts: [] },
    {
      name: "what is for nobody that is known, the host's own end of the port too",
      packet: frame(spec4, NOBODY),
      expect: 'drop',
      counts: [],
    },
  ],
});

/** A row of `learned`. */
function heard(secondsAgo: number) {
  return {
    end: { address: [...parseIp(ENDPOINT).bytes], mac: [2, 0, 0, 0, 1, 9] },
    reserved: [0, 0, 0, 0, 0, 0],
    seen: process.hrtime.bigint() - BigInt(secondsAgo) * 1_000_000_000n,
  };
}

/** With nobody to copy to among ports, hosts or endpoints, loops over them are dead code, which kernels take differently. */
describeKernel('copies of a switch', () => {
  const models = [{ replication: true }, many, { ...many, replication: false }, { ...many, isolated: true }];
  for (const [direction, ports] of [
    ['outbound', ['a']],
    ['outbound', ['a', 'b']],
    ['outbound', ['a', 'c']],
    ['outbound', ['a', 'b', 'c']],
    ['inbound', ['a', 'c']],
  ] as const)
    itKernel(`are made where the ports are ${ports.join()}, ${direction}`, async () => {
      for (const model of models) {
        const instance = await PluginInstance.load('switch', 'switch_tcx', config(direction, model, ports));
        const { verdict } = await instance.run(frame(spec4, EVERYBODY));
        expect([model, verdict]).toEqual([model, direction === 'outbound' ? 'drop' : 'pass']);
        instance.close();
      }
    });
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
    await instance.map('learned').set(key, heard(50));
    // Its way is looked for, and there is no uplink here.
    await instance.run(frame(spec4, GUEST.mac));
    expect(await names()).toEqual(['unreachable 1']);
    await instance.map('learned').set(key, heard(61));
    await instance.run(frame(spec4, GUEST.mac));
    expect(await names()).toEqual(['replicated 1', 'unreachable 1']);
  });
});
