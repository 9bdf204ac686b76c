import { describe, expect, it } from '@jest/globals';
import type { CatalogPlugin, Inventory, ServiceGraph } from '@underware/core';
import { readFileSync } from 'node:fs';
import { formatPlan } from './format-plan.js';
import { plan } from './plan.js';
import { CATALOG, example, host, hostWith, impossible, NOW, OPTIONS, plugin } from './plan.spec-support.js';
import { serviceAddresses } from './addresses/service-addresses.js';

const inventory = (...hosts: Inventory['hosts']): Inventory => ({ hosts });
const two = inventory(host('h1'), host('h2'));

/** The example's graph without what keeps VNFs apart, and with one VNF changed. */
function webWith(change: Partial<ServiceGraph['vnfs'][number]>): ServiceGraph {
  const graph = example('single-probe');
  return { ...graph, vnfs: graph.vnfs.map((vnf) => ({ ...vnf, ...change })) };
}

describe('golden plans', () => {
  it.each([
    'web-behind-firewall',
    'container-firewall',
    'process-pair',
    'single-probe',
    'routed-segments',
    'switched-segment',
    'load-balanced-web',
  ])('%s', (name) => {
    const hosts = inventory(
      host('h1'),
      host('h2', { used: { cpus: 0.5, memoryBytes: 0 } }),
      host('h3', { ready: false, reason: 'no heartbeat for 30 s' }),
    );
    const golden = readFileSync(new URL(`./golden/${name}.txt`, import.meta.url), 'utf8');
    expect(formatPlan(plan(example(name), hosts, CATALOG, OPTIONS, NOW), hosts)).toBe(golden);
  });
});

describe('where VNFs go', () => {
  it('on the least used host, ties by name', () => {
    const graph = example('single-probe');
    const used = { used: { cpus: 0.1, memoryBytes: 0 } };
    const place = (hosts: Inventory) => plan(graph, hosts, CATALOG, OPTIONS, NOW).placements[0]?.host;
    expect(place(inventory(host('h2'), host('h1')))).toBe('h1');
    expect(place(inventory(host('h1', used), host('h2')))).toBe('h2');
  });

  it('in a runtime that the host offers, in the order of preference', () => {
    const graph = example('web-behind-firewall');
    const plain = { runtimes: [{ runtime: 'process', description: '' }] } as const;
    const made = plan(
      graph,
      inventory(hostWith('h1', { runtimes: [...plain.runtimes] }), host('h2')),
      CATALOG,
      OPTIONS,
      NOW,
    );
    expect(made.placements.map(({ vnf, host: at, runtime }) => `${vnf} ${at} ${runtime}`)).toEqual([
      'client h1 process',
      'web h2 container',
    ]);
    expect(made.slices['h1']?.workloads[0]).not.toHaveProperty('image');
    expect(made.decisions).toContainEqual({
      subject: 'runtime of client',
      outcome: 'rejected',
      choice: 'container',
      reason: 'h1 does not offer it',
    });
  });

  it('with an earlier choice taken back where it leaves no place for another', () => {
    const graph = example('web-behind-firewall');
    // Both fit h1, which is used least, and `client` goes first by its size; but `web` has room on h1 alone.
    const vnfs = graph.vnfs.map((vnf) =>
      vnf.name === 'web'
        ? { ...vnf, cpus: 1, memoryBytes: 1 }
        : { ...vnf, cpus: 0.5, memoryBytes: 3_000_000_000 },
    );
    const sized = { ...graph, vnfs };
    const small = hostWith('h2', { cpus: 1 });
    const made = plan(
      sized,
      inventory(host('h1'), { ...small, used: { cpus: 0.1, memoryBytes: 0 } }),
      CATALOG,
      OPTIONS,
      NOW,
    );
    expect(made.placements.map(({ vnf, host: at }) => `${vnf} ${at}`)).toEqual(['client h2', 'web h1']);
    expect(made.placements[0]?.reason).toContain('every VNF finds a place');
  });

  it('nowhere, with every reason of every host', () => {
    const limited = hostWith('h4', {});
    limited.facts.profile = {
      ...limited.facts.profile,
      helpers: { xdp: [], sched_cls: ['tail_call'] },
      mapTypes: ['prog_array'],
    };
    const hosts = inventory(
      host('h1', { ready: false, reason: 'no heartbeat for 30 s' }),
      host('h2', { labels: { zone: 'b' } }),
      hostWith('h3', { runtimes: [], cpus: 0.25, memoryBytes: 64 * 2 ** 20 }),
      { ...limited, labels: { zone: 'a' } },
    );
    expect(impossible(webWith({ hostLabels: { zone: 'a' }, memoryBytes: 128 * 2 ** 20 }), hosts)).toEqual([
      'vnf web: no host fits',
      'in conflict: web wants zone=a',
      'in conflict: meter (probe) runs where web is',
      'h1 is not ready: no heartbeat for 30 s; has zone=(none), not a',
      'h2 has zone=b, not a',
      'h3 has zone=(none), not a; offers nothing, not process; has 0.25 of 0.25 cpus free, 0.5 needed; has 64 MiB of 64 MiB free, 128 MiB needed',
      'h4 cannot run probe@0.1.0 on tcx/egress: h4 lacks map type percpu_array for program probe_tcx; cannot run probe@0.1.0 on xdp: h4 lacks helper bpf_tail_call for program probe_xdp; h4 lacks map type percpu_array for program probe_xdp',
    ]);
  });

  it('tells every switch of a segment where a VNF went', () => {
    const graph = example('switched-segment');
    const hosts = [host('h1'), host('h2'), host('h3')];
    const before = inventory(...hosts);
    const first = plan(graph, before, CATALOG, OPTIONS, NOW);
    const placed = (made: typeof first, vnf: string) =>
      made.placements.find((placement) => placement.vnf === vnf)?.host;
    const lost = placed(first, 'far');
    const after = inventory(...hosts.map((each) => (each.id === lost ? { ...each, ready: false } : each)));
    const previous = { plan: first, graph, inventory: before, catalog: CATALOG };
    const second = plan(graph, after, CATALOG, { ...OPTIONS, previous }, NOW);
    expect(placed(second, 'far')).not.toBe(lost);
    const web = placed(second, 'web') ?? '';
    expect(web).toBe(placed(first, 'web'));
    const switches = (made: typeof first) =>
      made.slices[web]?.instances.filter(({ underservice }) => underservice === 'bridge');
    expect(switches(second)).not.toEqual(switches(first));
    expect(second.slices[web]).toEqual(plan(graph, after, CATALOG, OPTIONS, NOW).slices[web]);
  });

  it("never gives a port an address of a host's own", () => {
    const graph = example('single-probe');
    const [port] = graph.ports;
    const [link] = graph.links;
    if (port === undefined || link === undefined) throw new Error('the example has both');
    const [uplink] = host('h2').facts.uplinks;
    const own = uplink?.addresses[0]?.replace(/\/.*/, '') ?? '';
    const written = { ...graph, ports: [{ ...port, addresses: [own] }] };
    expect(impossible(written, two)).toEqual([
      `port ${port.name}: its address ${own} is taken by eth0 of host h2`,
      '',
    ]);
    // The first that would be given out.
    const pool = {
      ...graph,
      ports: [{ ...port, addresses: [] }],
      links: [{ ...link, subnets: ['10.77.0.0/24'] }],
    };
    const taker = hostWith('h1', {
      uplinks: [{ device: 'eth0', mac: '02:00:00:00:00:01', mtu: 1500, addresses: ['10.77.0.2/24'] }],
    });
    const made = plan(pool, inventory(taker), CATALOG, OPTIONS, NOW);
    expect([...serviceAddresses(made).values()]).toEqual([['10.77.0.3']]);
  });

  it.each<[string, () => string[], string[]]>([
    [
      'without hosts',
      () => impossible(example('single-probe'), inventory()),
      ['vnf web: there is no host', ''],
    ],
    [
      'without a plugin',
      () => impossible(example('single-probe'), two, { plugins: [plugin('firewall')] }),
      [
        'vnf web: no host fits',
        'cannot be met: meter (probe) runs where web is',
        'h1 cannot get a probe: no plugin of the catalog implements it',
        'h2 cannot get a probe: no plugin of the catalog implements it',
      ],
    ],
    [
      'without plugins for what several VNFs need',
      () => impossible(example('switched-segment'), two, { plugins: [plugin('firewall')] }),
      [
        'vnf web: no host fits',
        'cannot be met: bridge (switch) runs where web is',
        'h1 cannot get a switch: no plugin of the catalog implements it',
        'h2 cannot get a switch: no plugin of the catalog implements it',
      ],
    ],
    [
      'with one host for two that are kept apart',
      () => impossible(example('web-behind-firewall'), inventory(host('h1'))),
      [
        'vnfs client and web: no host fits',
        'cannot be met: apart keeps client and web on different hosts',
        'h1 holds client, which apart keeps apart from web',
      ],
    ],
    [
      'between hosts without a common network',
      () =>
        impossible(
          example('web-behind-firewall'),
          inventory(
            host('h1'),
            hostWith('h2', {
              uplinks: [{ device: 'e', mac: '', mtu: 1500, addresses: ['192.0.2.2/24', 'fe80::2/64'] }],
            }),
            hostWith('h3', {
              uplinks: [
                { device: 'e', mac: '', mtu: 1500, addresses: ['198.51.100.3/24', '2001:db8::3/64'] },
              ],
            }),
          ),
        ),
      [
        'vnfs client and web: no host fits',
        'in conflict: apart keeps client and web on different hosts',
        'in conflict: link net joins client and web',
        'h1 holds client, which apart keeps apart from web',
        'h2 cannot reach client over link net: h2 has no ipv6 address on an uplink',
        'h3 cannot reach client over link net: h3 and h1 share no ipv4 network',
      ],
    ],
    [
      'with an address that another service holds',
      () => impossible(example('web-behind-firewall'), two, CATALOG, ['fd60::10']),
      ['port web_port: its address fd60::10 is taken by another service', ''],
    ],
  ])('nor %s', (_what, reasons, expected) => {
    expect(reasons()).toEqual(expected);
  });

  it('nor with more than half of the calls on a port that is delivered to', () => {
    const graph = example('switched-segment');
    const [guard] = graph.underservices.filter(({ kind }) => kind === 'firewall');
    if (guard === undefined) throw new Error('the example has a firewall');
    const withGuards = (count: number): ServiceGraph => ({
      ...graph,
      underservices: [
        ...graph.underservices.filter(({ kind }) => kind !== 'firewall'),
        ...Array.from({ length: count }, (_, i) => ({ ...guard, name: `guard${i}` })),
      ],
    });
    expect(plan(withGuards(16), two, CATALOG, OPTIONS, NOW).placements).toHaveLength(3);
    expect(impossible(withGuards(17), two).join(' ')).toContain(
      'would chain 17 instances on web_port xdp/egress, 16 are possible',
    );
  });

  it('nor with a chain deeper than the kernel calls', () => {
    const graph = example('single-probe');
    const [meter] = graph.underservices;
    if (meter === undefined) throw new Error('the example has no probe');
    const many = Array.from({ length: 34 }, (_, i) => ({ ...meter, name: `m${i}` }));
    expect(impossible({ ...graph, underservices: many }, inventory(host('h1')))).toContain(
      'h1 would chain 34 instances on web_port tcx/egress, 33 are possible; would chain 34 instances on web_port xdp, 33 are possible',
    );
    expect(() => plan({ ...graph, underservices: many.slice(1) }, two, CATALOG, OPTIONS, NOW)).not.toThrow();
  });
});

describe('which plugin', () => {
  it('the highest version that runs on the host; what is higher and does not is rejected with its reason', () => {
    const catalog = {
      plugins: [
        plugin('probe', '0.9.0'),
        plugin('probe', '0.10.0'),
        plugin('probe', '1.0.0-rc.1'),
        plugin('probe', '1.0.0', ['tail_call', 'fib_lookup']),
      ],
    };
    const made = plan(example('single-probe'), two, catalog, OPTIONS, NOW);
    const [instance] = made.slices['h1']?.instances ?? [];
    expect(instance?.plugin.version).toBe('1.0.0-rc.1');
    expect(made.decisions).toContainEqual({
      subject: 'instance meter on web_port inbound',
      outcome: 'rejected',
      choice: 'probe@1.0.0',
      reason: 'h1 lacks helper bpf_fib_lookup for program probe_tcx',
      host: 'h1',
    });
  });

  it('another plugin or config is another revision of the same instance', () => {
    const revisions = ['0.1.0', '0.2.0'].map((version) => {
      const [instance] =
        plan(example('single-probe'), two, { plugins: [plugin('probe', version)] }, OPTIONS, NOW).slices['h1']
          ?.instances ?? [];
      return instance;
    });
    expect(revisions[0]?.id).toBe(revisions[1]?.id);
    expect(revisions[0]?.key).not.toBe(revisions[1]?.key);
    expect(revisions[0]?.key).toMatch(/^[0-9a-f]{16}-[0-9a-f]{8}$/);
  });

  it('shares maps within its underservice where it has such, and is bound to that service', () => {
    const stateful = plugin('probe');
    stateful.manifest.maps = { flows: { role: 'state', scope: 'service', description: 'Flows' } };
    const graph = example('single-probe');
    const [meter] = graph.underservices;
    if (meter === undefined) throw new Error('the example has a probe');
    const underservices = [
      { ...meter, directions: ['inbound' as const, 'outbound' as const] },
      { ...meter, name: 'other' },
    ];
    const planned = (service: string, probe = stateful) =>
      plan({ ...graph, underservices }, two, { plugins: [probe] }, { ...OPTIONS, service }, NOW).slices['h1']
        ?.instances ?? [];
    const ownersOf = (name: string, service = 's1') =>
      planned(service).flatMap(({ underservice, stateOwner }) => (underservice === name ? [stateOwner] : []));
    const [inbound, outbound] = ownersOf('meter');
    expect(inbound).toMatch(/^[0-9a-f]{16}$/);
    expect(outbound).toBe(inbound);
    expect(ownersOf('other')).not.toContain(inbound);
    expect(ownersOf('meter', 's2')).not.toContain(inbound);
    const revisions = (service: string, probe?: CatalogPlugin) =>
      planned(service, probe).map(({ revision }) => revision);
    expect(revisions('s1')).not.toEqual(revisions('s2'));
    // Without such maps an instance is nobody's, and any service can take it over.
    expect(revisions('s1', plugin('probe'))).toEqual(revisions('s2', plugin('probe')));
    expect(planned('s1', plugin('probe'))[0]).not.toHaveProperty('stateOwner');
  });
});

describe('addresses', () => {
  it('of other services are passed by', () => {
    const made = plan(
      example('single-probe'),
      two,
      CATALOG,
      {
        ...OPTIONS,
        takenAddresses: ['10.61.0.2', '10.61.0.3/32'],
      },
      NOW,
    );
    expect([...serviceAddresses(made)]).toEqual([['web_port', ['10.61.0.4']]]);
  });

  it.each<[string, string[]]>([
    ['10.61.0.0/30', ['10.61.0.2/32']],
    ['10.61.0.0/31', ['10.61.0.0/32']],
    ['10.61.0.7/32', ['10.61.0.7/32']],
    ['fd00::/126', ['fd00::2/128']],
  ])('of %s are %j', (subnet, expected) => {
    const graph = example('single-probe');
    const links = graph.links.map((link) => ({ ...link, subnets: [subnet] }));
    const made = plan({ ...graph, links }, two, CATALOG, OPTIONS, NOW);
    expect(made.slices['h1']?.ports[0]?.peer?.addresses).toEqual(expected);
  });

  it('run out, which is said', () => {
    const graph = example('process-pair');
    const links = graph.links.map((link) => ({ ...link, subnets: ['10.0.0.0/30'] }));
    const ports = graph.ports.map((port) => ({ ...port, addresses: [] }));
    expect(impossible({ ...graph, links, ports }, two)[0]).toBe(
      'port server_port_in: 10.0.0.0/30 of link net has no address left',
    );
  });
});

it('names fit the kernel: devices of 14 characters, MAC addresses that are local and unicast', () => {
  for (const { device, mac, peer } of plan(example('web-behind-firewall'), two, CATALOG, OPTIONS, NOW).slices[
    'h1'
  ]?.ports ?? []) {
    expect(device).toMatch(/^uw[0-9a-f]{12}$/);
    expect(peer?.namespace).toMatch(/^uw-[0-9a-f]{12}$/);
    for (const address of [mac, peer?.mac]) expect(address).toMatch(/^02(:[0-9a-f]{2}){5}$/);
    expect(mac).not.toBe(peer?.mac);
  }
});

it('what starts first is a key of the same host; across hosts the plan says that it does not hold', () => {
  const graph = example('process-pair');
  const together = plan(graph, inventory(host('h1')), CATALOG, OPTIONS, NOW);
  const [client, server] = together.slices['h1']?.workloads ?? [];
  expect([client?.vnf, client?.after]).toEqual(['client', [server?.key]]);
  const apart = plan(graph, two, CATALOG, OPTIONS, NOW);
  expect(apart.decisions.find(({ subject }) => subject === 'start of client')).toMatchObject({
    outcome: 'rejected',
  });
});
