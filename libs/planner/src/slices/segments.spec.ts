import { describe, expect, it } from '@jest/globals';
import type { Inventory, Plan } from '@underware/core';
import { plan } from '../plan.js';
import { CATALOG, example, host, NOW, OPTIONS } from '../plan.spec-support.js';

const two: Inventory = { hosts: [host('h1'), host('h2')] };

function switches(made: Plan, id: string): string[] {
  return (made.slices[id]?.instances ?? [])
    .filter(({ underservice }) => underservice === 'bridge')
    .map(({ port, hook }) => `${port.replace(/.*\//, '')} ${hook}`);
}

const BOTH = ['xdp', 'tcx/ingress'];
function of(...ports: string[]): string[] {
  return ports.flatMap((port) => BOTH.map((hook) => `${port} ${hook}`));
}

/** Hosts with so many instances of other services on their uplinks. */
function beside(others: number): Inventory {
  return {
    hosts: two.hosts.map((each) => ({ ...each, used: { ...each.used, uplinkInstances: { eth0: others } } })),
  };
}

describe('a segment', () => {
  it('has frames to many copied where the model says so, and carries a segment to endpoints from a host alone', () => {
    const graph = example('switched-segment');
    const withModel = (model: Record<string, unknown>, hosts: Inventory): Plan =>
      plan(
        {
          ...graph,
          antiAffinity: [],
          placementRules: [],
          underservices: graph.underservices.map((each) =>
            each.kind === 'switch' ? { ...each, model: { ...each.model, ...model } } : each,
          ),
        },
        hosts,
        CATALOG,
        OPTIONS,
        NOW,
      );
    const made = withModel({ replication: true }, two);
    expect(switches(made, 'h2').toSorted()).toEqual(of('far_port', 'eth0').toSorted());
    const keys = made.slices['h2']?.instances.map(({ id }) => id) ?? [];
    expect(new Set(keys).size).toBe(keys.length);
    const learning = { learning: true, endpoints: ['192.0.2.200'] };
    const alone = withModel(learning, { hosts: [host('h1')] });
    expect(switches(alone, 'h1')).toContain('eth0 xdp');
  });

  it('refuses more segments on an uplink than the kernel calls instances for, those of other services with them', () => {
    const graph = example('switched-segment');
    expect(plan(graph, beside(15), CATALOG, OPTIONS, NOW).slices['h1']?.instances).not.toEqual([]);
    expect(() => plan(graph, beside(16), CATALOG, OPTIONS, NOW)).toThrow(
      /uplink eth0 of h1: it would carry 1 segments of this service beside 16 of others, and 16 are possible/,
    );
  });
});
