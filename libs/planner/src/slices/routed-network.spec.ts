import { describe, expect, it } from '@jest/globals';
import { serviceAddresses } from '../addresses/service-addresses.js';
import { plan } from '../plan.js';
import { CATALOG, example, host, impossible, NOW, OPTIONS } from '../plan.spec-support.js';

describe('a service with a router', () => {
  const graph = example('routed-segments');
  const hosts = { hosts: [host('h1'), host('h2')] };
  const made = plan(graph, hosts, CATALOG, OPTIONS, NOW);
  const tableOf = (where: string, underservice: string, port: string, map: string) =>
    made.slices[where]?.instances.find(
      (each) => each.underservice === underservice && each.port === port && each.hook === 'xdp',
    )?.config.maps[map];

  it('each of its ports knows the stations of all segments, and switches believe it from every host', () => {
    for (const [where, port] of [['h1', 's1/near_port'] as const, ['h2', 's1/far_port'] as const])
      expect(tableOf(where, 'gateway', port, 'stations')).toHaveLength(6);
    expect(tableOf('h1', 'back_segment', 'uplink/eth0', 'hosts')).toEqual([
      { key: { address: [192, 0, 2, 2] }, value: 1 },
    ]);
    // The second host has no port of that segment: it sends to it, and nothing comes from it.
    expect(tableOf('h2', 'back_segment', 'uplink/eth0', 'hosts')).toBeUndefined();
    expect(made.slices['h2']?.ports.map(({ key }) => key)).toContain('uplink/eth0');
  });

  it('ports have its addresses for their ways out, and assertions its Ethernet address', () => {
    const near = made.slices['h1']?.ports.find(({ key }) => key === 's1/near_port');
    const [gateway] = near?.peer?.gateways ?? [];
    expect(near?.peer?.gateways?.map(({ address }) => address)).toEqual(['10.69.1.1', 'fd69:1::1']);
    expect(near).toMatchObject({ forwards: true, mac: gateway?.mac });
    const asserted = made.slices['h1']?.assertions.filter(({ port }) => port === 's1/near_port') ?? [];
    expect(new Set(asserted.map(({ destinationMac }) => destinationMac))).toEqual(new Set([gateway?.mac]));
  });

  it('that does not leave by hosts, these know nothing of its ports', () => {
    const inside = {
      ...graph,
      underservices: graph.underservices.map((each) =>
        each.name === 'gateway' ? { ...each, model: { ...each.model, uplink: false } } : each,
      ),
    };
    const slices = Object.values(plan(inside, hosts, CATALOG, OPTIONS, NOW).slices);
    expect(slices.flatMap(({ routes }) => routes)).toEqual([]);
    expect(slices.flatMap(({ ports }) => ports.filter(({ forwards }) => forwards))).toEqual([]);
  });

  it('its addresses are given to no port, nor written for one', () => {
    const [web] = graph.ports.filter(({ name }) => name === 'web_port');
    const taken = {
      ...graph,
      ports: graph.ports.map((each) => (each === web ? { ...each, addresses: ['10.69.2.1'] } : each)),
    };
    expect(impossible(taken, hosts)).toEqual([
      'port web_port: its address 10.69.2.1 is taken by router gateway',
      '',
    ]);
    const model = {
      ...graph.underservices.find(({ name }) => name === 'gateway')?.model,
      addresses: ['10.69.1.2', '10.69.2.1'],
    };
    const other = {
      ...graph,
      underservices: graph.underservices.map((each) => (each.name === 'gateway' ? { ...each, model } : each)),
    };
    const addresses = serviceAddresses(plan(other, hosts, CATALOG, OPTIONS, NOW));
    expect([...addresses.values()].flat()).not.toContain('10.69.1.2');
  });

  it('each of its links needs a switch', () => {
    const bare = {
      ...graph,
      underservices: graph.underservices.filter(({ name }) => name !== 'back_segment'),
    };
    expect(impossible(bare, hosts)[0]).toBe(
      'router gateway: link back_net has no switch, and a router goes between switched segments',
    );
  });

  it('every port of its segments is told where a VNF went', () => {
    const three = [host('h1'), host('h2'), host('h3')];
    const before = { hosts: three };
    const first = plan(graph, before, CATALOG, OPTIONS, NOW);
    const lost = first.placements.find(({ vnf }) => vnf === 'far')?.host;
    const after = { hosts: three.map((each) => (each.id === lost ? { ...each, ready: false } : each)) };
    const previous = { plan: first, graph, inventory: before, catalog: CATALOG };
    const second = plan(graph, after, CATALOG, { ...OPTIONS, previous }, NOW);
    expect(second.slices).toEqual(plan(graph, after, CATALOG, OPTIONS, NOW).slices);
  });
});
