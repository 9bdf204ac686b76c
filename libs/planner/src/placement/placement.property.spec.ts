import { expect, it } from '@jest/globals';
import type { InventoryHost, Plan, ServiceGraph } from '@underware/core';
import { UnderwareError } from '@underware/core';
import * as fc from 'fast-check';
import { plan } from '../plan.js';
import type { PlanOptions } from '../plan.js';
import { CATALOG, NOW, OPTIONS } from '../plan.spec-support.js';
import { graphOf, hostsOf, position, withFacts } from './placement.spec-support.js';

const NAMES = ['a', 'b', 'c', 'd'];
const scope = fc.constantFrom('host' as const, 'zone' as const);
const some = fc.subarray(NAMES, { minLength: 2 });

/** Four VNFs with every kind of need and rule, some of the time. */
const graphs = fc
  .record({
    needs: fc.array(fc.record({ cpus: fc.integer({ min: 1, max: 15 }), pages: fc.nat(2), gpus: fc.nat(1) }), {
      minLength: 4,
      maxLength: 4,
    }),
    apart: fc.option(fc.record({ vnfs: some, scope })),
    together: fc.option(fc.record({ vnfs: some, scope })),
    zone: fc.option(fc.record({ vnfs: some, zones: fc.subarray(['z1', 'z2'], { minLength: 1 }) })),
    bits: fc.option(fc.integer({ min: 1, max: 4 })),
  })
  .map(({ needs, apart, together, zone, bits }): ServiceGraph =>
    graphOf(
      Object.fromEntries(
        needs.map(({ cpus, pages, gpus }, i) => [
          NAMES[i] ?? '',
          { cpus: cpus / 10, hugepages: [{ pageBytes: 4096, count: pages }], devices: { gpu: gpus } },
        ]),
      ),
      {
        ...(apart === null ? {} : { antiAffinity: [{ name: 'apart', ...apart, position }] }),
        ...(together === null ? {} : { affinity: [{ name: 'together', ...together, position }] }),
        ...(zone === null ? {} : { placementRules: [{ name: 'zone', ...zone, position }] }),
        links: [
          {
            name: 'net',
            subnets: ['10.9.0.0/24'],
            mtu: 1500,
            position,
            ...(bits === null ? {} : { bitsPerSecond: bits }),
          },
        ],
      },
    ),
  );

const hosts = fc
  .array(
    fc.record({
      cpus: fc.integer({ min: 1, max: 3 }),
      pages: fc.nat(4),
      gpus: fc.nat(2),
      zone: fc.constantFrom('z1', 'z2', undefined),
      bits: fc.integer({ min: 2, max: 8 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((records) =>
    hostsOf(
      ...records.map(({ cpus, pages, gpus, zone, bits }, i) => ({
        ...withFacts({
          cpus,
          hugepages: [{ pageBytes: 4096, count: pages }],
          devices: { gpu: gpus },
          uplinks: [
            { device: 'eth0', mac: '', mtu: 1500, addresses: [`192.0.2.${i + 1}/24`], bitsPerSecond: bits },
          ],
        }),
        ...(zone === undefined ? {} : { zone }),
      })),
    ),
  );

function planned(
  graph: ServiceGraph,
  inventory: InventoryHost[],
  options: Partial<PlanOptions> = {},
): Plan | undefined {
  try {
    return plan(graph, { hosts: inventory }, CATALOG, { ...OPTIONS, ...options }, NOW);
  } catch (error) {
    if (error instanceof UnderwareError && error.code === 'PLAN_IMPOSSIBLE') return undefined;
    throw error;
  }
}

/** Whether this host for every VNF breaks no rule; written without the planner's words on purpose. */
function allowed(graph: ServiceGraph, at: readonly InventoryHost[]): boolean {
  const hostOf = new Map(NAMES.map((name, i) => [name, at[i]]));
  const bits = graph.links[0]?.bitsPerSecond ?? 0;
  const spans = new Set(at).size > 1;
  const roomOn = (host: InventoryHost): boolean => {
    const here = graph.vnfs.filter(({ name }) => hostOf.get(name) === host);
    const sum = (of: (vnf: ServiceGraph['vnfs'][number]) => number): number =>
      here.reduce((all, vnf) => all + of(vnf), 0);
    const { cpus, hugepages, devices, uplinks } = host.facts;
    return (
      host.ready &&
      sum((vnf) => Math.round(vnf.cpus * 10)) <= cpus * 10 &&
      sum((vnf) => vnf.hugepages?.[0]?.count ?? 0) <= (hugepages?.[0]?.count ?? 0) &&
      sum((vnf) => vnf.devices?.['gpu'] ?? 0) <= (devices?.['gpu'] ?? 0) &&
      (!spans || here.length * bits <= (uplinks[0]?.bitsPerSecond ?? 0))
    );
  };
  const spots = (vnfs: readonly string[], by: 'host' | 'zone' | undefined): (string | undefined)[] =>
    vnfs.map((vnf) => (by === 'zone' ? hostOf.get(vnf)?.zone : hostOf.get(vnf)?.id));
  return (
    at.every(roomOn) &&
    (graph.antiAffinity ?? []).every((rule) => {
      const all = spots(rule.vnfs, rule.scope);
      return !all.includes(undefined) && new Set(all).size === all.length;
    }) &&
    (graph.affinity ?? []).every((rule) => {
      const all = new Set(spots(rule.vnfs, rule.scope));
      return all.size === 1 && !all.has(undefined);
    }) &&
    (graph.placementRules ?? []).every(({ vnfs, zones = [] }) =>
      vnfs.every((vnf) => zones.includes(hostOf.get(vnf)?.zone ?? '')),
    )
  );
}

function everyChoice(count: number, inventory: readonly InventoryHost[]): InventoryHost[][] {
  if (count === 0) return [[]];
  return everyChoice(count - 1, inventory).flatMap((rest) => inventory.map((at) => [...rest, at]));
}

function chosen(made: Plan, inventory: readonly InventoryHost[]): InventoryHost[] {
  return made.placements.flatMap(({ host }) => inventory.filter(({ id }) => id === host));
}

it('a plan is made exactly when there is one, and breaks no rule', () => {
  fc.assert(
    fc.property(graphs, hosts, (graph, inventory) => {
      const made = planned(graph, inventory);
      const possible = everyChoice(4, inventory).some((choice) => allowed(graph, choice));
      const kept = made !== undefined && allowed(graph, chosen(made, inventory));
      expect({ made: made !== undefined, kept }).toEqual({ made: possible, kept: possible });
    }),
    { numRuns: 200 },
  );
});

it('the share that a plan names is that of its fullest host, and never below the bound', () => {
  fc.assert(
    fc.property(graphs, hosts, (graph, inventory) => {
      const costs = planned(graph, inventory)?.costs;
      if (costs === undefined) return;
      expect(Math.max(...Object.values(costs.hosts).map(({ share }) => share))).toBeCloseTo(costs.peakShare);
      expect(costs.boundShare).toBeLessThanOrEqual(costs.peakShare);
    }),
  );
});

it('planning again moves nothing, and where a host is lost, its VNFs and as few others as can be', () => {
  fc.assert(
    fc.property(graphs, hosts, fc.nat(3), (graph, inventory, number) => {
      const made = planned(graph, inventory);
      if (made === undefined) return;
      const previous = { plan: made, graph, inventory: { hosts: inventory }, catalog: CATALOG };
      const again = planned(graph, inventory, { previous });
      expect(again?.slices).toEqual(made.slices);
      expect(again?.costs?.moved).toBe(0);
      const lost = inventory[number % inventory.length];
      const left = inventory.map((host) => (host === lost ? { ...host, ready: false } : host));
      const after = planned(graph, left, { previous });
      const before = chosen(made, left);
      const moves = everyChoice(4, left)
        .filter((choice) => allowed(graph, choice))
        .map((choice) => choice.filter((host, i) => host !== before[i]).length);
      expect(after?.costs?.moved).toBe(moves.length === 0 ? undefined : Math.min(...moves));
      // Slices that were taken over are the ones that would be built.
      const rebuilt = planned(graph, left, { previous: { ...previous, catalog: { plugins: [] } } });
      expect(rebuilt?.slices).toEqual(after?.slices);
    }),
    { numRuns: 200 },
  );
});
