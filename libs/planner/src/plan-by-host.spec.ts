import { expect, it } from '@jest/globals';
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
