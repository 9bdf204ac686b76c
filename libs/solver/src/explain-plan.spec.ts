import { expect, it } from '@jest/globals';
import type { InventoryHost, ServiceGraph, Vnf } from '@underware/core';
import { plan } from '@underware/planner';
import { explainPlan } from './explain-plan.js';

const position = { file: 'x', line: 1, column: 1 };
const OPTIONS = { planId: 'p1', service: 's1' };
const CATALOG = { plugins: [] };

function host(name: string): InventoryHost {
  return {
    id: name,
    name,
    labels: {},
    ready: true,
    used: { cpus: 0, memoryBytes: 0 },
    foreignPrograms: [],
    facts: {
      profile: {
        release: '6.18.0',
        architecture: 'x86_64',
        programTypes: [],
        mapTypes: [],
        helpers: {},
        kfuncs: [],
        attach: { xdp: true, tcx: true, trampoline: false },
        btf: true,
        jit: true,
        notes: [],
      },
      cpus: 10,
      memoryBytes: 100,
      runtimes: [{ runtime: 'process', description: '' }],
      uplinks: [],
      agentVersion: '0.1.0',
    },
  };
}

function vnf(name: string, cpus: number): Vnf {
  return {
    name,
    runtimes: ['process'],
    command: ['run'],
    environment: {},
    cpus,
    memoryBytes: 1,
    hostLabels: {},
    position,
  };
}

const graph: ServiceGraph = {
  name: 'x',
  version: '1',
  description: '',
  vnfs: [2.7, 2.3, 2, 1.5, 1.4, 1, 0.9].map((cpus, i) => vnf(`v${i}`, cpus)),
  ports: [],
  links: [],
  underservices: [],
  assertions: [],
  startsAfter: {},
};

it('gives the same placement as planning, with the bound of the linear programme', async () => {
  const inventory = { hosts: [host('h1'), host('h2')] };
  const made = plan(graph, inventory, CATALOG, OPTIONS, 'now');
  const explained = await explainPlan(graph, inventory, CATALOG, OPTIONS, 'now', 20_000);
  expect(explained.placements).toEqual(made.placements);
  expect(explained.slices).toEqual(made.slices);
  expect(explained.costs).toMatchObject({ peakShare: made.costs?.peakShare, boundBy: 'linear programme' });
  expect(explained.costs?.boundShare).toBeCloseTo(0.59);
});

it("gives a reason for every host, and no bound but the planner's where there is no time", async () => {
  const hosts = Array.from({ length: 60 }, (_, i) => host(`h${i}`));
  const explained = await explainPlan(graph, { hosts }, CATALOG, OPTIONS, 'now', 0);
  const about = explained.decisions.filter(({ subject }) => subject === 'vnf v0');
  expect(about).toHaveLength(60);
  expect(explained.costs?.boundBy).toBe('sums');
});
