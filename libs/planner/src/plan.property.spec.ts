import { expect, it } from '@jest/globals';
import type { Catalog, InventoryHost, Plan, ServiceGraph } from '@underware/core';
import { chainsOf, UnderwareError } from '@underware/core';
import * as fc from 'fast-check';
import { plan } from './plan.js';
import { CATALOG, host, NOW, OPTIONS, plugin } from './plan.spec-support.js';

const position = { file: 'x', line: 1, column: 1 };
const COMMON = { environment: {}, hostLabels: {}, command: ['run'], position };

/** Hosts that differ in everything that placement looks at. */
const hosts = fc
  .array(
    fc.record({
      cpus: fc.integer({ min: 1, max: 4 }),
      usedCpus: fc.integer({ min: 0, max: 20 }).map((tenths) => tenths / 10),
      memory: fc.integer({ min: 1, max: 4 }),
      ready: fc.boolean(),
      process: fc.boolean(),
      newHelper: fc.boolean(),
      zone: fc.constantFrom('a', 'b'),
      network: fc.constantFrom(1, 1, 1, 2),
    }),
    { maxLength: 4 },
  )
  .map((records) =>
    records.map((record, i): InventoryHost => {
      const name = `h${i}`;
      const plain = host(name, {
        ready: record.ready,
        reason: 'down',
        labels: { zone: record.zone },
        used: { cpus: record.usedCpus, memoryBytes: 0 },
      });
      const helpers = ['tail_call', ...(record.newHelper ? ['new'] : [])];
      return {
        ...plain,
        facts: {
          ...plain.facts,
          cpus: record.cpus,
          memoryBytes: record.memory * 1000,
          runtimes: record.process ? [{ runtime: 'process', description: '' }] : [],
          uplinks: [{ device: 'u', mac: '', mtu: 1500, addresses: [`10.${record.network}.0.${i + 1}/24`] }],
          profile: { ...plain.facts.profile, helpers: { xdp: helpers, sched_cls: helpers } },
        },
      };
    }),
  );

/** Up to four VNFs with a port each on one link, a probe on every port, the first two kept apart or not. */
const graphs = fc
  .record({
    vnfs: fc.array(
      fc.record({
        cpus: fc.integer({ min: 1, max: 20 }).map((tenths) => tenths / 10),
        memory: fc.integer({ min: 1, max: 2000 }),
        zone: fc.constantFrom(undefined, undefined, 'a', 'b'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    apart: fc.boolean(),
  })
  .map(({ vnfs, apart }): ServiceGraph => {
    const ports = vnfs.map((_, i) => ({ name: `p${i}`, vnf: `v${i}`, link: 'net', addresses: [], position }));
    return {
      name: 'any',
      version: '1',
      description: '',
      vnfs: vnfs.map(({ cpus, memory, zone }, i) => ({
        ...COMMON,
        name: `v${i}`,
        runtimes: ['container', 'process'],
        image: 'x',
        cpus,
        memoryBytes: memory,
        hostLabels: zone === undefined ? {} : { zone },
      })),
      ports,
      links: [{ name: 'net', subnets: ['10.9.0.0/24'], mtu: 1500, position }],
      underservices: [
        {
          name: 'meter',
          kind: 'probe',
          bindings: ports.map(({ name }) => ({ port: name, directions: ['inbound', 'outbound'] })),
          model: {},
          residency: 'auto',
          position,
        },
      ],
      assertions: [],
      ...(apart && vnfs.length > 1
        ? { antiAffinity: [{ name: 'apart', vnfs: ['v0', 'v1'], position }] }
        : {}),
      startsAfter: {},
    };
  });

const CHOICE: Catalog = {
  plugins: [plugin('probe', '1.0.0'), plugin('probe', '2.0.0', ['tail_call', 'new']), ...CATALOG.plugins],
};

function planned(graph: ServiceGraph, inventory: InventoryHost[], catalog = CHOICE): Plan | undefined {
  try {
    return plan(graph, { hosts: inventory }, catalog, OPTIONS, NOW);
  } catch (error) {
    if (error instanceof UnderwareError && error.code === 'PLAN_IMPOSSIBLE') return undefined;
    throw error;
  }
}

/** Whether this host for every VNF breaks no rule; written without the planner's words on purpose. */
function allowed(graph: ServiceGraph, chosen: InventoryHost[]): boolean {
  const sum = (at: InventoryHost, of: (vnf: ServiceGraph['vnfs'][number]) => number): number =>
    graph.vnfs.filter((_, i) => chosen[i] === at).reduce((total, vnf) => total + of(vnf), 0);
  return chosen.every((at, i) => {
    const zone = graph.vnfs[i]?.hostLabels['zone'];
    return (
      at.ready &&
      at.facts.runtimes.length > 0 &&
      (zone === undefined || at.labels['zone'] === zone) &&
      Math.round((sum(at, ({ cpus }) => cpus) + at.used.cpus) * 10) <= at.facts.cpus * 10 &&
      sum(at, ({ memoryBytes }) => memoryBytes) <= at.facts.memoryBytes &&
      networkOf(at) === networkOf(chosen[0] ?? at) &&
      !(graph.antiAffinity !== undefined && i === 1 && chosen[0] === at)
    );
  });
}

function networkOf(at: InventoryHost): string | undefined {
  return at.facts.uplinks[0]?.addresses[0]?.split('.')[1];
}

function everyChoice(count: number, inventory: InventoryHost[]): InventoryHost[][] {
  if (count === 0) return [[]];
  return everyChoice(count - 1, inventory).flatMap((rest) => inventory.map((at) => [...rest, at]));
}

it('the order in which things are listed does not change a byte of the plan', () => {
  fc.assert(
    fc.property(graphs, hosts, fc.infiniteStream(fc.nat()), (graph, inventory, numbers) => {
      const shuffle = <T>(list: readonly T[]): T[] =>
        list
          .map((item): [number, T] => [Number(numbers.next().value), item])
          .sort(([a], [b]) => a - b)
          .map(([, item]) => item);
      const other = { ...graph, vnfs: shuffle(graph.vnfs), ports: shuffle(graph.ports) };
      const catalog = { plugins: shuffle(CHOICE.plugins) };
      expect(JSON.stringify(planned(other, shuffle(inventory), catalog))).toBe(
        JSON.stringify(planned(graph, inventory)),
      );
    }),
  );
});

it('a plan is made exactly when there is one, and breaks no rule', () => {
  fc.assert(
    fc.property(graphs, hosts, (graph, inventory) => {
      const made = planned(graph, inventory);
      const chosen = graph.vnfs.flatMap((vnf) => {
        const id = made?.placements.find((placement) => placement.vnf === vnf.name)?.host;
        return inventory.filter((candidate) => candidate.id === id);
      });
      const kept = chosen.length === graph.vnfs.length && allowed(graph, chosen);
      const possible = everyChoice(graph.vnfs.length, inventory).some((choice) => allowed(graph, choice));
      expect({ made: made !== undefined, kept }).toEqual({ made: possible, kept: possible });
    }),
    { numRuns: 300 },
  );
});

it('every instance runs on the kernel it is for, on a port that is there, under a key of its own', () => {
  fc.assert(
    fc.property(graphs, hosts, (graph, inventory) => {
      const made = planned(graph, inventory);
      const keys = new Set<string>();
      const addresses = new Set<string>();
      for (const [id, slice] of Object.entries(made?.slices ?? {})) {
        const profile = inventory.find((candidate) => candidate.id === id)?.facts.profile;
        const devices = new Set(slice.ports.map(({ key }) => key));
        for (const { key, port, program, plugin: ref } of slice.instances) {
          const chosen = CHOICE.plugins.find(({ digest }) => digest === ref.digest);
          const needs = chosen?.requirements.programs[program];
          expect(needs?.helpers.filter((name) => !profile?.helpers[needs.type]?.includes(name))).toEqual([]);
          expect(devices.has(port)).toBe(true);
          expect(keys.has(key)).toBe(false);
          keys.add(key);
        }
        for (const address of slice.ports.flatMap(({ peer }) => peer?.addresses ?? [])) {
          expect(addresses.has(address)).toBe(false);
          addresses.add(address);
        }
        const chains = chainsOf({
          host: id,
          generation: 1,
          slices: [{ service: 's1', stage: 'running', slice }],
        });
        expect(chains).toHaveLength(slice.ports.length * 2);
        // Every address of the link is routed, one way or the other.
        expect(slice.routes).toHaveLength(graph.ports.length);
      }
    }),
  );
});
