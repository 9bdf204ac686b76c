import type { InventoryHost, Plan, ServiceGraph, Vnf } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { plan } from '../plan.js';
import type { PlanOptions } from '../plan.js';
import { CATALOG, host, NOW, OPTIONS } from '../plan.spec-support.js';

export const position = { file: 'x', line: 1, column: 1 };

/** VNFs of half a cpu each, by name, all on one link with a port `<name>_port`. */
export function graphOf(vnfs: Record<string, Partial<Vnf>>, more: Partial<ServiceGraph> = {}): ServiceGraph {
  return {
    name: 'x',
    version: '1',
    description: '',
    vnfs: Object.entries(vnfs).map(([name, own]) => ({
      name,
      runtimes: ['process'],
      command: ['run'],
      environment: {},
      cpus: 0.5,
      memoryBytes: 1000,
      hostLabels: {},
      position,
      ...own,
    })),
    ports: Object.keys(vnfs).map((vnf) => ({
      name: `${vnf}_port`,
      vnf,
      link: 'net',
      addresses: [],
      position,
    })),
    links: [{ name: 'net', subnets: ['10.9.0.0/16'], mtu: 1500, position }],
    underservices: [],
    assertions: [],
    startsAfter: {},
    ...more,
  };
}

/** Hosts `h1`, `h2`, … with what is given of each. */
export function hostsOf(...own: Partial<InventoryHost>[]): InventoryHost[] {
  return own.map((each, i) => host(`h${i + 1}`, each));
}

export function withFacts(facts: Partial<InventoryHost['facts']>): Partial<InventoryHost> {
  return { facts: { ...host('h').facts, ...facts } };
}

export function make(
  graph: ServiceGraph,
  hosts: InventoryHost[],
  options: Partial<PlanOptions> = {},
  catalog = CATALOG,
): Plan {
  return plan(graph, { hosts }, catalog, { ...OPTIONS, ...options }, NOW);
}

/** `web h1, db h2`. */
export function places({ placements }: Plan): string {
  return placements.map(({ vnf, host: at }) => `${vnf} ${at}`).join(', ');
}

/** The answer of a planning that fails: its reason, then its evidence. */
export function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof UnderwareError) || error.code !== 'PLAN_IMPOSSIBLE') throw error;
    return [`${error.report.on}: ${error.report.why}`, error.report.detail ?? ''].join('\n');
  }
  throw new Error('a plan was made');
}
