import { compile } from '@underware/descriptor';
import { UnderwareError } from '@underware/core';
import type { CatalogPlugin, Inventory, InventoryHost, OrderClass, ServiceGraph } from '@underware/core';
import { readFileSync } from 'node:fs';
import { plan } from './plan.js';

const HELPERS = ['tail_call', 'map_lookup_elem', 'ktime_get_ns', 'ringbuf_output'];

/** A ready host with two cores, 4 GB and both runtimes, on two networks with every other. */
export function host(name: string, over: Partial<InventoryHost> = {}): InventoryHost {
  const number = Number(name.replaceAll(/\D/g, '')) || 1;
  return {
    id: name,
    name,
    labels: {},
    ready: true,
    used: { cpus: 0, memoryBytes: 0 },
    foreignPrograms: [],
    ...over,
    facts: {
      cpus: 2,
      memoryBytes: 4_000_000_000,
      agentVersion: '0.1.0',
      runtimes: [
        { runtime: 'container', description: 'podman 4.3' },
        { runtime: 'process', description: 'namespaces' },
      ],
      uplinks: [
        {
          device: 'eth0',
          mac: '02:00:00:00:00:01',
          mtu: 1500,
          addresses: [`192.0.2.${number}/24`, `2001:db8::${number}/64`, 'fe80::1/64'],
        },
      ],
      profile: {
        release: '6.18.0',
        architecture: 'x86_64',
        programTypes: ['xdp', 'sched_cls'],
        mapTypes: ['array', 'percpu_array', 'prog_array', 'lru_hash', 'ringbuf'],
        helpers: { xdp: HELPERS, sched_cls: HELPERS },
        kfuncs: [],
        attach: { xdp: true, tcx: true, trampoline: false },
        btf: true,
        jit: true,
        notes: [],
      },
      ...over.facts,
    },
  };
}

/** A host with some of its facts replaced. */
export function hostWith(name: string, facts: Partial<InventoryHost['facts']>): InventoryHost {
  const plain = host(name);
  return { ...plain, facts: { ...plain.facts, ...facts } };
}

const ORDERS: Record<string, OrderClass> = {
  'load-balancer': 'balance',
  probe: 'observe',
  router: 'route',
  switch: 'switch',
};

export function plugin(kind: string, version = '0.1.0', helpers: string[] = ['tail_call']): CatalogPlugin {
  const order = ORDERS[kind] ?? 'filter';
  return {
    digest: `sha256:${Buffer.from(`${kind} ${version}`).toString('hex').padStart(64, '0')}`,
    keyId: `sha256:${'1'.repeat(64)}`,
    manifest: {
      name: kind,
      version,
      summary: kind,
      license: 'BSD-2-Clause',
      implements: kind,
      order,
      programs: [
        { name: `${kind}_xdp`, hook: 'xdp' },
        { name: `${kind}_tcx`, hook: 'tcx' },
      ],
      maps: {},
    },
    requirements: {
      programs: {
        [`${kind}_xdp`]: { type: 'xdp', helpers, kfuncs: [], attach: 'xdp' },
        [`${kind}_tcx`]: { type: 'sched_cls', helpers, kfuncs: [], attach: 'tcx' },
      },
      mapTypes: ['prog_array', 'percpu_array'],
      coRe: [],
      kernelBtf: false,
    },
  };
}

export const CATALOG = {
  plugins: ['firewall', 'load-balancer', 'probe', 'router', 'switch'].map((kind) => plugin(kind)),
};
export const OPTIONS = { planId: 'p1', service: 's1' };
export const NOW = '2026-01-01T00:00:00.000Z';

export function example(name: string): ServiceGraph {
  const folder = new URL('../../../examples/', import.meta.url);
  const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
  const file = `${name}.yaml`;
  const { graph, findings } = compile({ file, text: read(file), read });
  if (graph === undefined) throw new Error(`${name} does not compile: ${JSON.stringify(findings)}`);
  return graph;
}

/** The reasons by host, from the error that planning ends in. */
export function impossible(
  graph: ServiceGraph,
  hosts: Inventory,
  catalog = CATALOG,
  taken: string[] = [],
): string[] {
  try {
    plan(graph, hosts, catalog, { ...OPTIONS, takenAddresses: taken }, NOW);
  } catch (error) {
    if (!(error instanceof UnderwareError) || error.code !== 'PLAN_IMPOSSIBLE') throw error;
    return [
      `${error.report.on}: ${error.report.why.split(/ \(|: /)[0]}`,
      ...(error.report.detail ?? '').split('\n'),
    ];
  }
  throw new Error('a plan was made');
}
