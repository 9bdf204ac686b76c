import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { CATALOG, example, host, NOW, OPTIONS } from './plan.spec-support.js';
import { plan } from './plan.js';

const folder = new URL('../../../examples/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .filter((name) => !readFileSync(new URL(name, folder), 'utf8').includes('underware.plan_only: true'))
  .map((name) => name.replace('.yaml', ''));

describe('examples that are not marked plan-only', () => {
  it.each(names)('%s has a place for everything on three hosts', (name) => {
    const graph = example(name);
    const made = plan(graph, { hosts: [host('h1'), host('h2'), host('h3')] }, CATALOG, OPTIONS, NOW);
    const slices = Object.values(made.slices);
    const of = <T>(each: (slice: (typeof slices)[number]) => T[]): T[] =>
      slices.flatMap((slice) => each(slice));
    expect(of(({ workloads }) => workloads.map((workload) => workload.vnf)).sort()).toEqual(
      graph.vnfs.map((vnf) => vnf.name).sort(),
    );
    expect(new Set(of(({ instances }) => instances.map(({ underservice }) => underservice)))).toEqual(
      new Set(graph.underservices.map((underservice) => underservice.name)),
    );
  });
});
