import { describe, expect, it } from '@jest/globals';
import { formatChanges, planByHost } from './plan-by-host.js';
import { plan } from './plan.js';
import { CATALOG, example, host, NOW, OPTIONS, plugin } from './plan.spec-support.js';

const graph = example('web-behind-firewall');
const inventory = { hosts: [host('h1'), host('h2'), host('h3')] };
const made = plan(graph, inventory, CATALOG, OPTIONS, NOW);
const previous = { plan: made, graph, inventory, catalog: CATALOG };

it('says of every host what is placed, loaded, chained and started there', () => {
  const [first, second] = planByHost(made);
  expect(first).toMatchObject({
    host: 'h1',
    placed: ['client'],
    reused: [],
    pinned: [],
    started: ['client'],
  });
  expect(second).toMatchObject({ placed: ['web'], cost: { cpus: 0.25, instances: 3 } });
  expect(second?.loaded).toHaveLength(3);
  const slice = made.slices['h2'];
  const inbound = second?.chained.find(({ hook }) => hook === 'tcx/egress');
  expect(
    inbound?.instances.map((key) => slice?.instances.find((one) => one.key === key)?.underservice),
  ).toEqual(['meter', 'guard']);
});

it('reuses what is there: of the plan before, or held on the host', () => {
  const [again] = planByHost(made, made);
  expect(again).toMatchObject({ loaded: [], started: [], changes: [] });
  expect(again?.reused).toHaveLength(2);
  expect(formatChanges(planByHost(made, made))).toBe('nothing changes\n');
});

it('shows what another plugin, a lost host and the end of a service change', () => {
  const upgraded = plan(
    graph,
    inventory,
    { plugins: [plugin('firewall', '0.2.0'), plugin('probe')] },
    { ...OPTIONS, previous },
    NOW,
  );
  expect(formatChanges(planByHost(upgraded, made))).toBe(
    'host h2\n  ↻ instance guard on web_port tcx/egress: firewall@0.1.0 → firewall@0.2.0\n',
  );
  const lost = {
    hosts: inventory.hosts.map((each) => (each.id === 'h2' ? { ...each, ready: false } : each)),
  };
  const moved = plan(graph, lost, CATALOG, { ...OPTIONS, previous }, NOW);
  expect(formatChanges(planByHost(moved, made), new Map([['h3', 'third']]))).toMatchInlineSnapshot(`
   "host h1
     ~ route 10.60.0.10/32: next hop 192.0.2.2 → next hop 192.0.2.3
     ~ route fd60::10/128: next hop 2001:db8::2 → next hop 2001:db8::3
   host h2
     - port web_port: uw10f646598232 10.60.0.10/32 fd60::10/128
     - route 10.60.0.10/32: device uw10f646598232
     - route 10.60.0.2/32: next hop 192.0.2.1
     - route fd60::10/128: device uw10f646598232
     - route fd60::2/128: next hop 2001:db8::1
     - instance guard on web_port tcx/egress: firewall@0.1.0
     - instance meter on web_port tcx/egress: probe@0.1.0
     - instance meter on web_port xdp: probe@0.1.0
     - assertion admin_is_closed (ipv4) on web_port: tcp from 10.60.0.2 to 10.60.0.10 must be dropped
     - assertion admin_is_closed (ipv6) on web_port: tcp from fd60::2 to fd60::10 must be dropped
     - assertion others_are_kept_out on web_port: tcp from 10.60.0.200 to 10.60.0.10 must be dropped
     - assertion ping_is_answered (ipv4) on web_port: icmp from 10.60.0.2 to 10.60.0.10 must pass
     - assertion ping_is_answered (ipv6) on web_port: icmp from fd60::2 to fd60::10 must pass
     - assertion site_is_reachable (ipv4) on web_port: tcp from 10.60.0.2 to 10.60.0.10 must pass
     - assertion site_is_reachable (ipv6) on web_port: tcp from fd60::2 to fd60::10 must pass
     - assertion udp_is_closed (ipv4) on web_port: udp from 10.60.0.2 to 10.60.0.10 must be dropped
     - assertion udp_is_closed (ipv6) on web_port: udp from fd60::2 to fd60::10 must be dropped
     - workload web: container localhost/underware-demo:1, 0.25 cpus, 64000000 bytes
   host third
     + port web_port: uw10f646598232 10.60.0.10/32 fd60::10/128
     + route 10.60.0.10/32: device uw10f646598232
     + route 10.60.0.2/32: next hop 192.0.2.1
     + route fd60::10/128: device uw10f646598232
     + route fd60::2/128: next hop 2001:db8::1
     + instance guard on web_port tcx/egress: firewall@0.1.0
     + instance meter on web_port tcx/egress: probe@0.1.0
     + instance meter on web_port xdp: probe@0.1.0
     + assertion admin_is_closed (ipv4) on web_port: tcp from 10.60.0.2 to 10.60.0.10 must be dropped
     + assertion admin_is_closed (ipv6) on web_port: tcp from fd60::2 to fd60::10 must be dropped
     + assertion others_are_kept_out on web_port: tcp from 10.60.0.200 to 10.60.0.10 must be dropped
     + assertion ping_is_answered (ipv4) on web_port: icmp from 10.60.0.2 to 10.60.0.10 must pass
     + assertion ping_is_answered (ipv6) on web_port: icmp from fd60::2 to fd60::10 must pass
     + assertion site_is_reachable (ipv4) on web_port: tcp from 10.60.0.2 to 10.60.0.10 must pass
     + assertion site_is_reachable (ipv6) on web_port: tcp from fd60::2 to fd60::10 must pass
     + assertion udp_is_closed (ipv4) on web_port: udp from 10.60.0.2 to 10.60.0.10 must be dropped
     + assertion udp_is_closed (ipv6) on web_port: udp from fd60::2 to fd60::10 must be dropped
     + workload web: container localhost/underware-demo:1, 0.25 cpus, 64000000 bytes
   "
  `);
  expect(moved.placements.map(({ reason }) => reason)).toEqual([
    'stays where it is: 12.5 % used',
    'moves from h2, which is not ready; the only host that fits: 12.5 % used with it',
  ]);
  const ended = planByHost({ ...made, slices: {} }, made);
  expect(ended.flatMap(({ changes }) => changes.map(({ mark }) => mark))).toEqual(
    Array.from({ length: 26 }, () => '-'),
  );
});

describe('a service that is another than before', () => {
  const scaled = example('computed-values');
  const first = plan(scaled, inventory, CATALOG, OPTIONS, NOW);
  const before = { plan: first, graph: scaled, inventory: { hosts: [] }, catalog: { plugins: [] } };
  const changesOf = (changed: typeof scaled): string =>
    formatChanges(
      planByHost(plan(changed, inventory, CATALOG, { ...OPTIONS, previous: before }, NOW), first),
    );

  const portsBut = (name: string) => scaled.ports.filter((port) => port.name !== name);

  it('keeps the addresses of its ports, whichever come or go', () => {
    const [vnf] = scaled.vnfs;
    const [port] = scaled.ports;
    if (vnf === undefined || port === undefined) throw new Error('the example has neither VNF nor port');
    const more = {
      ...scaled,
      vnfs: [{ ...vnf, name: 'a' }, ...scaled.vnfs],
      ports: [{ ...port, name: 'a_port', vnf: 'a' }, ...scaled.ports],
    };
    const changed = changesOf(more);
    expect(changed).toMatch(/\+ port a_port: \S+ 10\.65\.0\.4\/32$/m);
    expect(changed.split('\n').filter((line) => /^ {2}[-~↻]/.test(line))).toEqual([]);
    const fewer = changesOf({ ...scaled, ports: portsBut('admin_port') });
    expect(fewer).toMatch(/- port admin_port: \S+ 10\.65\.0\.2\/32$/m);
    expect(fewer).not.toMatch(/^ {2}.*web_port/m);
  });

  it('has the addresses that it says now', () => {
    const given = scaled.ports.map((port) =>
      port.name === 'web_port' ? { ...port, addresses: ['10.65.0.99'] } : port,
    );
    const [was, is] = ['- route 10.65.0.3/32: device', '+ route 10.65.0.99/32: device'];
    expect(changesOf({ ...scaled, ports: given })).toMatch(new RegExp(`${was}[^]*\\${is}`));
  });

  it('keeps no address that its link has not any more', () => {
    const links = scaled.links.map((link) => ({ ...link, subnets: ['10.65.0.0/30', 'fd65::/64'] }));
    const inside = changesOf({ ...scaled, links, ports: portsBut('web_port') });
    expect(inside).toContain('+ route fd65::2/128: device');
    expect(inside).not.toMatch(/^ {2}.*10\.65\.0\.2\/32: device/m);
    // 10.65.0.3 would be the broadcast now.
    expect(changesOf({ ...scaled, links, ports: portsBut('admin_port') })).toMatch(
      /~ route 10\.65\.0\.2\/32: next hop \S+ → device/,
    );
  });
});
