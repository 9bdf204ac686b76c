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
    'host h2\n  ↻ instance guard on web_port tcx/egress\n',
  );
  const lost = {
    hosts: inventory.hosts.map((each) => (each.id === 'h2' ? { ...each, ready: false } : each)),
  };
  const moved = plan(graph, lost, CATALOG, { ...OPTIONS, previous }, NOW);
  expect(formatChanges(planByHost(moved, made), new Map([['h3', 'third']]))).toMatchInlineSnapshot(`
   "host h1
     ~ route 10.60.0.10/32
     ~ route fd60::10/128
   host h2
     - port web_port
     - route 10.60.0.10/32
     - route 10.60.0.2/32
     - route fd60::10/128
     - route fd60::2/128
     - instance guard on web_port tcx/egress
     - instance meter on web_port tcx/egress
     - instance meter on web_port xdp
     - workload web
   host third
     + port web_port
     + route 10.60.0.10/32
     + route 10.60.0.2/32
     + route fd60::10/128
     + route fd60::2/128
     + instance guard on web_port tcx/egress
     + instance meter on web_port tcx/egress
     + instance meter on web_port xdp
     + workload web
   "
  `);
  expect(moved.placements.map(({ reason }) => reason)).toEqual([
    'stays where it is: 12.5 % used',
    'moves from h2, which is not ready; the only host that fits: 12.5 % used with it',
  ]);
  const ended = planByHost({ ...made, slices: {} }, made);
  expect(ended.flatMap(({ changes }) => changes.map(({ mark }) => mark))).toEqual(
    Array.from({ length: 17 }, () => '-'),
  );
});
