import { describe, expect, it } from '@jest/globals';
import type { InventoryHost, Plan, ServiceGraph } from '@underware/core';
import { NOW, OPTIONS, plugin } from '../plan.spec-support.js';
import { plan } from '../plan.js';
import { graphOf, hostsOf, make, places, position, refusal, withFacts } from './placement.spec-support.js';

const MIB = 2 ** 20;
const pages = (count: number) => [{ pageBytes: 2 * MIB, count }];
const zones = (...names: string[]): InventoryHost[] => hostsOf(...names.map((zone) => ({ zone })));

describe('a VNF goes where there is', () => {
  it('a device and huge pages for it, which no other VNF gets', () => {
    const graph = graphOf({
      a: { devices: { gpu: 1 } },
      b: { devices: { gpu: 1 }, hugepages: pages(10) },
    });
    const hosts = hostsOf(
      {},
      withFacts({ devices: { gpu: 1 } }),
      withFacts({ devices: { gpu: 1 }, hugepages: pages(10) }),
    );
    expect(places(make(graph, hosts))).toBe('a h2, b h3');
    expect(refusal(() => make(graph, hosts.slice(0, 2)))).toContain(
      'h2 has 0 of 0 huge pages of 2 MiB free, 10 needed',
    );
    const used = { cpus: 0, memoryBytes: 0, devices: { gpu: 1 }, hugepages: pages(4) };
    const taken = hosts.map((host) => ({ ...host, used }));
    expect(refusal(() => make(graph, taken))).toContain('h3 has 0 of 1 devices gpu free, 1 needed');
  });

  it('a zone, a label or both that a rule wants', () => {
    const rule = { name: 'inside', vnfs: ['a'], zones: ['z2', 'z3'], hostLabels: { disk: 'ssd' }, position };
    const graph = graphOf({ a: {}, b: {} }, { placementRules: [rule] });
    const hosts = hostsOf(
      { zone: 'z1', labels: { disk: 'ssd' } },
      { labels: { zone: 'z2' } },
      { zone: 'z3', labels: { disk: 'ssd' } },
    );
    expect(places(make(graph, hosts))).toBe('a h3, b h1');
    expect(refusal(() => make(graph, hosts.slice(0, 2)))).toMatchInlineSnapshot(`
     "vnf a: no host fits (cannot be met: inside wants a in zone z2 or z3 and where disk=ssd): h1 is in zone z1, not z2 or z3 (inside) · h2 has disk=(none), not ssd (inside)
     cannot be met: inside wants a in zone z2 or z3 and where disk=ssd
     h1 is in zone z1, not z2 or z3 (inside)
     h2 has disk=(none), not ssd (inside)"
    `);
  });

  it('room for its plugin instances in the budget of pinned memory', () => {
    const probe = plugin('probe');
    const catalog = {
      plugins: [{ ...probe, requirements: { ...probe.requirements, memoryBytes: 3 * MIB } }],
    };
    const underservices: ServiceGraph['underservices'] = [
      {
        name: 'm',
        kind: 'probe',
        bindings: [{ port: 'a_port', directions: ['inbound', 'outbound'] }],
        model: {},
        residency: 'auto',
        position,
      },
    ];
    const graph = graphOf({ a: {} }, { underservices });
    const hosts = hostsOf({ pinnedBudgetBytes: 5 * MIB }, { pinnedBudgetBytes: 6 * MIB });
    const made = make(graph, hosts, {}, catalog);
    expect(places(made)).toBe('a h2');
    expect(made.costs?.hosts['h2']).toMatchObject({ pinnedBytes: 6 * MIB, instances: 2, cpus: 0.5 });
    expect(refusal(() => make(graph, hosts.slice(0, 1), {}, catalog))).toContain(
      'h1 has 5 MiB of 5 MiB for plugin instances free, 6 MiB needed',
    );
  });

  it('bandwidth for its link, which counts as soon as the link leaves the host', () => {
    const links = [{ name: 'net', subnets: ['10.9.0.0/16'], mtu: 1500, bitsPerSecond: 6e8, position }];
    const slow = withFacts({
      uplinks: [{ device: 'eth0', mac: '', mtu: 1500, addresses: ['192.0.2.1/24'], bitsPerSecond: 1e9 }],
    });
    const graph = graphOf({ a: {}, b: {}, c: {} }, { links });
    const hosts = hostsOf(slow, slow);
    // Two ports on one host would take 1.2 Gbit/s of its uplink: all are on one, or nothing fits.
    expect(new Set(make(graph, hosts).placements.map(({ host }) => host)).size).toBe(1);
    const antiAffinity = [{ name: 'apart', vnfs: ['a', 'b'], position }];
    expect(refusal(() => make({ ...graph, antiAffinity }, hosts))).toMatchInlineSnapshot(`
     "vnfs a, b and c: no host fits (in conflict: apart keeps a and b on different hosts; link net reserves 600 Mbit/s a port): h1 has 400 Mbit/s of 1 Gbit/s on its uplinks free, 600 Mbit/s needed · h2 has 400 Mbit/s of 1 Gbit/s on its uplinks free, 600 Mbit/s needed
     in conflict: apart keeps a and b on different hosts
     in conflict: link net reserves 600 Mbit/s a port
     h1 has 400 Mbit/s of 1 Gbit/s on its uplinks free, 600 Mbit/s needed
     h2 has 400 Mbit/s of 1 Gbit/s on its uplinks free, 600 Mbit/s needed"
    `);
  });

  it('little latency to its peers', () => {
    const links = [{ name: 'net', subnets: ['10.9.0.0/16'], mtu: 1500, maxLatencyMs: 2, position }];
    const graph = graphOf(
      { a: { hostLabels: { at: 'h1' } }, b: {} },
      { links, antiAffinity: [{ name: 'apart', vnfs: ['a', 'b'], position }] },
    );
    const hosts = hostsOf(
      { zone: 'z1', labels: { at: 'h1' } },
      { zone: 'z2' },
      { zone: 'z3' },
      { zone: 'z3' },
    );
    const latencies = [
      { scope: 'zone', between: ['z1', 'z2'], milliseconds: 9 },
      { scope: 'zone', between: ['z3', 'z1'], milliseconds: 2 },
      { scope: 'host', between: ['h1', 'h3'], milliseconds: 3 },
    ] as const;
    const inventory = {
      hosts,
      latencies: latencies.map((each) => ({
        ...each,
        between: [each.between[0], each.between[1]] as [string, string],
      })),
    };
    const made = plan(graph, inventory, { plugins: [] }, OPTIONS, NOW);
    expect(places(made)).toBe('a h1, b h4');
    expect(made.decisions).toContainEqual({
      subject: 'vnf b',
      outcome: 'rejected',
      choice: 'h2',
      reason: 'cannot reach a over link net: the latency between h2 and h1 is 9 ms, 2 ms allowed',
    });
    expect(refusal(() => plan(graph, { hosts }, { plugins: [] }, OPTIONS, NOW))).toContain(
      'is not known, 2 ms allowed',
    );
  });
});

describe('VNFs go', () => {
  it('together on one host where an affinity says so, all or none', () => {
    const affinity = [{ name: 'close', vnfs: ['a', 'b'], scope: 'host' as const, position }];
    const graph = graphOf({ a: { cpus: 1.5 }, b: { cpus: 1.5 }, c: {} }, { affinity });
    const hosts = hostsOf({}, withFacts({ cpus: 3 }));
    expect(places(make(graph, hosts))).toBe('a h2, b h2, c h1');
    expect(refusal(() => make(graph, hosts.slice(0, 1)))).toMatchInlineSnapshot(`
     "vnfs a, b and c: no host fits (cannot be met: 3 VNFs need 3.5 cpus together, and all hosts that fit them have 2 free): h1 has 2 of 2 cpus free, 3 needed
     cannot be met: 3 VNFs need 3.5 cpus together, and all hosts that fit them have 2 free
     h1 has 2 of 2 cpus free, 3 needed"
    `);
  });

  it('into one zone, or into different ones', () => {
    const four = zones('z1', 'z1', 'z2', 'z2');
    const affinity = [{ name: 'near', vnfs: ['a', 'b', 'c'], scope: 'zone' as const, position }];
    const near = make(graphOf({ a: {}, b: {}, c: {} }, { affinity }), four);
    expect(places(near)).toBe('a h1, b h2, c h1');
    const antiAffinity = [{ name: 'far', vnfs: ['a', 'b', 'c'], scope: 'zone' as const, position }];
    expect(places(make(graphOf({ a: {}, b: {} }, { antiAffinity }), four))).toBe('a h1, b h3');
    expect(refusal(() => make(graphOf({ a: {}, b: {}, c: {} }, { antiAffinity }), four)))
      .toMatchInlineSnapshot(`
     "vnfs a, b and c: no host fits (cannot be met: far keeps a, b and c on hosts of different zones): h1 is in zone z1 with a, which far keeps apart from c · h2 is in zone z1 with a, which far keeps apart from c · h3 is in zone z2 with b, which far keeps apart from c · h4 is in zone z2 with b, which far keeps apart from c
     cannot be met: far keeps a, b and c on hosts of different zones
     h1 is in zone z1 with a, which far keeps apart from c
     h2 is in zone z1 with a, which far keeps apart from c
     h3 is in zone z2 with b, which far keeps apart from c
     h4 is in zone z2 with b, which far keeps apart from c"
    `);
    expect(refusal(() => make(graphOf({ a: {}, b: {} }, { antiAffinity }), hostsOf({}, {})))).toContain(
      'h1 is in no zone',
    );
  });
});

describe('on many hosts', () => {
  const many = hostsOf(
    ...Array.from({ length: 30 }, (_, i) => ({
      labels: { disk: i % 2 === 0 ? 'ssd' : 'hdd' },
      used: { cpus: i < 6 ? 2 : 0.1, memoryBytes: 0 },
    })),
  );
  const graph = graphOf({ a: { hostLabels: { disk: 'ssd' } } });
  const aboutA = (explain: boolean): string[] =>
    make(graph, many, { explain })
      .decisions.filter(({ subject }) => subject === 'vnf a')
      .map(({ outcome, choice, reason }) => `${outcome} ${choice}: ${reason}`);

  it('those that were not taken are summed up', () => {
    expect(aboutA(false)).toEqual([
      'chosen h11: least used with it of 12 that have room: 30.0 %',
      'rejected 15 hosts: do not fit it, e.g. h10 has disk=hdd, not ssd',
      'rejected 3 hosts: have no room for it',
    ]);
  });

  it('each is told apart when that is asked for', () => {
    const lines = aboutA(true);
    expect(lines).toHaveLength(30);
    expect(lines[0]).toBe('chosen h11: least used with it of 12 that fit: 30.0 %');
    expect(lines).toContain('rejected h1: has 0 of 2 cpus free, 0.5 needed');
    expect(lines).toContain('rejected h13: fits, and would be 30.0 % used as well, but its name comes after');
  });
});

describe('what conflicts', () => {
  it('is named at its smallest, whatever else could be in the way', () => {
    const graph = graphOf(
      { a: { hostLabels: { disk: 'ssd' }, cpus: 1.5 }, b: { cpus: 1.5 }, c: { cpus: 0.1 } },
      { affinity: [{ name: 'close', vnfs: ['a', 'c'], scope: 'host', position }] },
    );
    const hosts = hostsOf({ labels: { disk: 'ssd' }, used: { cpus: 1, memoryBytes: 0 } }, {}, {});
    expect(refusal(() => make(graph, hosts))).toMatchInlineSnapshot(`
     "vnf a: no host fits (in conflict: a wants disk=ssd; a needs 1.5 cpus): h1 has 1 of 2 cpus free, 1.5 needed · h2 has disk=(none), not ssd · h3 has disk=(none), not ssd
     in conflict: a wants disk=ssd
     in conflict: a needs 1.5 cpus
     h1 has 1 of 2 cpus free, 1.6 needed
     h2 has disk=(none), not ssd
     h3 has disk=(none), not ssd"
    `);
  });

  it('is said of many VNFs that are too much for all hosts together', () => {
    const graph = graphOf(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`v${i}`, { cpus: 1 }])));
    expect(refusal(() => make(graph, hostsOf({}, {}, {})))).toMatchInlineSnapshot(`
     "vnfs v0, v1, v10, v11, v12 and 25 more: no host fits (cannot be met: 30 VNFs need 30 cpus together, and all hosts that fit them have 6 free): h1 has 0 of 2 cpus free, 1 needed · h2 has 0 of 2 cpus free, 1 needed · h3 has 0 of 2 cpus free, 1 needed
     cannot be met: 30 VNFs need 30 cpus together, and all hosts that fit them have 6 free
     h1 has 0 of 2 cpus free, 1 needed
     h2 has 0 of 2 cpus free, 1 needed
     h3 has 0 of 2 cpus free, 1 needed"
    `);
  });

  it('is that no host is ready, where none is', () => {
    const hosts = hostsOf({ ready: false, reason: 'no heartbeat' });
    expect(refusal(() => make(graphOf({ a: {} }), hosts))).toBe(
      'vnf a: no host fits: h1 is not ready: no heartbeat\nh1 is not ready: no heartbeat',
    );
  });
});

const setAside = ({ costs }: Plan) => Object.values(costs?.hosts ?? {}).map(({ reserved }) => reserved);

describe('what a plan sets aside', () => {
  const bounded = [{ name: 'net', subnets: ['10.9.0.0/16'], mtu: 1500, bitsPerSecond: 1e8, position }];

  it('is huge pages, devices and bandwidth between hosts, by host', () => {
    const facts = withFacts({ hugepages: pages(8), devices: { gpu: 1 } });
    const graph = graphOf(
      { a: { hugepages: pages(3), devices: { gpu: 1 } }, b: { hugepages: pages(2), devices: { gpu: 1 } } },
      { links: bounded },
    );
    expect(setAside(make(graph, hostsOf(facts, facts)))).toEqual([
      { hugepages: pages(3), devices: { gpu: 1 }, bitsPerSecond: 1e8 },
      { hugepages: pages(2), devices: { gpu: 1 }, bitsPerSecond: 1e8 },
    ]);
  });

  it('is nothing of an uplink where a link stays on one host', () => {
    const graph = graphOf({ a: {}, b: {} }, { links: bounded, affinity: [] });
    expect(setAside(make(graph, hostsOf({})))).toEqual([undefined]);
  });
});
