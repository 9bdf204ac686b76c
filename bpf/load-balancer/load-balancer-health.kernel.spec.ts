import { expect } from '@jest/globals';
import type { PacketSpec } from '@underware/core';
import { buildPacket, readPacket } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance } from '@underware/testkit';
import { balancerConfig, COUNTER, VIRTUAL } from './balancer-config.spec-support.js';
import type { Balancer } from './balancer-config.spec-support.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const NAMES = ['a', 'b', 'c', 'd'];
const ADDRESSES = NAMES.map((_, i) => `10.99.1.${10 + i}`);
const backends = Object.fromEntries(NAMES.map((name, i) => [name, [ADDRESSES[i] ?? '']]));
const plain = { backends, addresses: [VIRTUAL.ipv4] };
const checked = { ...plain, health_check: { protocol: 'tcp' } };

const tcp: PacketSpec = {
  protocol: 'tcp',
  source: '10.99.0.1',
  destination: VIRTUAL.ipv4,
  sourcePort: 40_000,
  destinationPort: 80,
};
const udp: PacketSpec = { ...tcp, protocol: 'udp', destinationPort: 53 };

function mapped(address: string): number[] {
  return [...Array.from({ length: 10 }, () => 0), 255, 255, ...address.split('.').map(Number)];
}

async function load(balancer: Balancer) {
  const config = balancerConfig('outbound', balancer);
  const instance = await PluginInstance.load('load-balancer', 'balancer_xdp', config);
  const ids = config.checks?.backends.map(({ id }) => id) ?? [];
  const say = async (states: Record<number, 'up' | 'down'>): Promise<void> => {
    for (const [i, state] of Object.entries(states))
      await instance.map('health').set(ids[Number(i)] ?? 0, { down: state === 'down' ? 1 : 0 });
  };
  /** Which backend a packet goes to. */
  const to = async (spec: PacketSpec, changes: Partial<PacketSpec> = {}): Promise<number> => {
    const { packet } = await instance.run(buildPacket({ ...spec, ...changes }, l2));
    return ADDRESSES.indexOf(readPacket(packet).ip?.destination ?? '');
  };
  /** Which backends new connections go to. */
  const spread = async (from: number): Promise<number[]> => {
    const seen = new Set<number>();
    for (let i = 0; i < 60; i += 1) seen.add(await to(tcp, { sourcePort: from + i, tcpFlags: ['syn'] }));
    return [...seen].sort();
  };
  const noneHealthy = async () => (await instance.counters('counters'))[COUNTER.none_healthy]?.packets ?? 0;
  return { instance, config, ids, say, to, spread, noneHealthy };
}

describeKernel('the health of backends', () => {
  itKernel('keeps new connections from those that are down or were not seen to serve yet', async () => {
    const { instance, say, spread, noneHealthy } = await load(checked);
    await say({ 0: 'up', 1: 'down', 2: 'up' });
    expect(await spread(1000)).toEqual([0, 2]);
    expect(await noneHealthy()).toBe(0);
    await say({ 1: 'up', 3: 'up' });
    expect(await spread(2000)).toEqual([0, 1, 2, 3]);
    instance.close();
  });

  itKernel('has connections go somewhere all the same when none serves, and counts that', async () => {
    const { instance, say, spread, noneHealthy } = await load(checked);
    expect(await spread(1000)).toEqual([0, 1, 2, 3]);
    await say({ 0: 'down', 1: 'down', 2: 'down', 3: 'down' });
    expect(await spread(2000)).toEqual([0, 1, 2, 3]);
    expect(await noneHealthy()).toBe(120);
    instance.close();
  });

  itKernel('is not asked for where backends are not checked', async () => {
    const { instance, config, noneHealthy, spread } = await load(plain);
    expect(config.checks).toBeUndefined();
    for (const { key } of config.maps['members'] ?? []) await instance.map('health').set(key, { down: 1 });
    expect(await spread(1000)).toEqual([0, 1, 2, 3]);
    expect(await noneHealthy()).toBe(0);
    instance.close();
  });

  itKernel('leaves TCP where it is open, and moves what can begin anew', async () => {
    const { instance, say, to } = await load(checked);
    await say({ 0: 'up', 1: 'up', 2: 'up', 3: 'up' });
    const open = await to(tcp, { tcpFlags: ['syn'] });
    await to(tcp, { tcpFlags: ['ack'] });
    const asked = await to(udp);
    await say({ [open]: 'down', [asked]: 'down' });
    expect(await to(tcp, { tcpFlags: ['ack'] })).toBe(open);
    expect(await to(udp)).not.toBe(asked);
    instance.close();
  });

  itKernel('is found out by connections that go to the backend they were made for', async () => {
    const { instance, ids, say, to } = await load(checked);
    await say({ 0: 'up', 1: 'down', 2: 'up', 3: 'up' });
    const flow = { client: mapped(tcp.source), other: mapped(VIRTUAL.ipv4), other_port: 80, protocol: 6 };
    for (const [i, id] of ids.entries())
      await instance.map('connections').set(
        { ...flow, client_port: 61_000 + i },
        {
          last_ns: Number(process.hrtime.bigint()) - 1e9,
          backend: mapped(ADDRESSES[i] ?? ''),
          id,
          index: i,
          backend_port: 9090,
          check: 1,
        },
      );
    const checks = await Promise.all(
      ids.map((_, i) => to(tcp, { sourcePort: 61_000 + i, tcpFlags: ['syn'] })),
    );
    expect(checks).toEqual([0, 1, 2, 3]);
    const { packet } = await instance.run(buildPacket({ ...tcp, sourcePort: 61_001, tcpFlags: ['ack'] }, l2));
    expect(readPacket(packet).tcp?.destinationPort).toBe(9090);
    const counters = await instance.counters('counters');
    expect([counters[COUNTER.opened]?.packets ?? 0, counters[COUNTER.moved]?.packets ?? 0]).toEqual([0, 0]);
    instance.close();
  });
});
