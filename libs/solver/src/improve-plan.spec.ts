import { afterAll, describe, expect, it } from '@jest/globals';
import type { Inventory, ServiceGraph } from '@underware/core';
import { plan } from '@underware/planner';
import { improvePlan } from './improve-plan.js';
import { Solver } from './solver.js';

const position = { file: 'x', line: 1, column: 1 };
const CATALOG = { plugins: [] };
const OPTIONS = { planId: 'p1', service: 's1' };

function hosts(count: number): Inventory {
  return {
    hosts: Array.from({ length: count }, (_, i) => ({
      id: `h${i}`,
      name: `h${i}`,
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
    })),
  };
}

/** VNFs without ports, by what they need of cpu. */
function service(...cpus: number[]): ServiceGraph {
  return {
    name: 'x',
    version: '1',
    description: '',
    vnfs: cpus.map((each, i) => ({
      name: `v${i}`,
      runtimes: ['process'],
      command: ['run'],
      environment: {},
      cpus: each,
      memoryBytes: 1,
      hostLabels: {},
      position,
    })),
    ports: [],
    links: [],
    underservices: [],
    assertions: [],
    startsAfter: {},
  };
}

describe('a plan that the planner leaves above the bound', () => {
  // Two hosts of 10 cpus could take 5.9 each; no move and no swap of two VNFs leads there from what the planner finds.
  const graph = service(2.7, 2.3, 2, 1.5, 1.4, 1, 0.9);

  it('is bettered to the bound, and says by whom', async () => {
    const first = plan(graph, hosts(2), CATALOG, OPTIONS, 'now');
    expect(first.costs?.peakShare).toBeCloseTo(0.61);
    const { plan: better, accepted } = await improvePlan(graph, hosts(2), CATALOG, OPTIONS, 'now', 20_000);
    expect(accepted).toBe(1);
    expect(better.costs?.peakShare).toBe(0.59);
    expect(better.costs?.boundShare).toBeCloseTo(0.59);
    expect(better.placements[0]?.reason).toMatch(/^proposed by the solver: \d\d\.0 % used with it$/);
  });

  it('is kept as it is by VNFs that are in force', async () => {
    const before = {
      plan: plan(graph, hosts(2), CATALOG, OPTIONS, 'now'),
      graph,
      inventory: hosts(2),
      catalog: CATALOG,
    };
    const { plan: again } = await improvePlan(
      graph,
      hosts(2),
      CATALOG,
      { ...OPTIONS, previous: before },
      'now',
      20_000,
    );
    expect(again.costs?.moved).toBe(0);
  });
});

describe('the solver', () => {
  const solver = new Solver();
  afterAll(async () => solver.close());

  it('answers with the values of the best solution', async () => {
    const model =
      'Minimize\n goal: peak\nSubject To\n r0: x_0_0 + x_0_1 = 1\n r1: 2 x_0_0 - peak <= 0\n r2: 3 x_0_1 - peak <= 0\nBinary\n x_0_0\n x_0_1\nEnd';
    const answer = await solver.solve(model, 10_000);
    expect(answer?.isOptimal).toBe(true);
    expect(answer?.values).toEqual(
      new Map([
        ['peak', 2],
        ['x_0_0', 1],
        ['x_0_1', 0],
      ]),
    );
  });

  it('says when there is none, and when it is asked nonsense', async () => {
    await expect(
      solver.solve('Minimize\n goal: x\nSubject To\n r0: x <= 1\n r1: x >= 2\nEnd', 10_000),
    ).resolves.toBeUndefined();
    await expect(solver.solve('not a programme', 10_000)).resolves.toBeUndefined();
  });
});
