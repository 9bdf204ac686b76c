import type {
  Catalog,
  CatalogPlugin,
  Inventory,
  InventoryHost,
  KernelProfile,
  ServiceGraph,
  Underservice,
  Vnf,
} from '@underware/core';
import { random } from './random.js';

export interface Scenario {
  graph: ServiceGraph;
  inventory: Inventory;
  catalog: Catalog;
}

const GIB = 2 ** 30;
const HELPERS = ['tail_call', 'map_lookup_elem', 'map_update_elem', 'ktime_get_ns', 'get_prandom_u32'];
const position = { file: 'bench.yaml', line: 1, column: 1 };

/**
 * A service for many hosts: VNFs of every size in groups of eight, each group on a link of its own, behind one firewall and one
 * probe; so each VNF brings two plugin instances. Hosts come in three sizes and ten zones, one in twelve runs a kernel without
 * a helper that the firewall needs. One VNF in six is bound to a zone, the first two of every third group are kept apart.
 * The VNFs take about seven tenths of all there is. The same numbers give the same scenario.
 */
export function scenario(vnfCount: number, hostCount: number, seed = 1): Scenario {
  const next = random(seed);
  const inventory = { hosts: Array.from({ length: hostCount }, (_, i) => hostOf(i)) };
  const shapes = vnfCount / hostCount;
  const vnfs = Array.from({ length: vnfCount }, (_, i) => vnfOf(i, shapes, next));
  const groups = Math.ceil(vnfCount / 8);
  const ports = vnfs.map(({ name }, i) => ({
    name: `p${i}`,
    vnf: name,
    link: `net${Math.floor(i / 8)}`,
    addresses: [],
    position,
  }));
  const graph: ServiceGraph = {
    name: 'many',
    version: '1.0.0',
    description: 'Many VNFs in groups of eight.',
    vnfs,
    ports,
    links: Array.from({ length: groups }, (_, g) => ({
      name: `net${g}`,
      subnets: [`10.${g >> 8}.${g & 255}.0/24`],
      mtu: 1500,
      position,
    })),
    underservices: Array.from({ length: groups }, (_, g) => g).flatMap((g) =>
      servicesOf(
        g,
        ports.slice(g * 8, g * 8 + 8).map(({ name }) => name),
      ),
    ),
    assertions: [],
    antiAffinity: Array.from({ length: groups }, (_, g) => g)
      .filter((g) => g % 3 === 0 && g * 8 + 1 < vnfCount)
      .map((g) => ({ name: `apart${g}`, vnfs: [`v${g * 8}`, `v${g * 8 + 1}`], position })),
    startsAfter: {},
  };
  return {
    graph,
    inventory,
    catalog: { plugins: [plugin('firewall', 'filter'), plugin('probe', 'observe')] },
  };
}

function hostOf(i: number): InventoryHost {
  const [cpus, memory] = (
    [
      [32, 128],
      [16, 64],
      [64, 256],
    ] as const
  )[i % 3] ?? [32, 128];
  const old = i % 12 === 11;
  return {
    id: `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`,
    name: `h${i}`,
    labels: { zone: `z${i % 10}` },
    ready: true,
    used: { cpus: 0, memoryBytes: 0 },
    foreignPrograms: [],
    facts: {
      cpus,
      memoryBytes: memory * GIB,
      agentVersion: '0.1.0',
      runtimes: [{ runtime: 'process', description: 'namespaces' }],
      uplinks: [
        {
          device: 'eth0',
          mac: '02:00:00:00:00:01',
          mtu: 9000,
          addresses: [`172.16.${i >> 8}.${i & 255}/12`],
        },
      ],
      profile: profileOf(old),
    },
  };
}

/** Without `get_prandom_u32` where it is old. */
function profileOf(old: boolean): KernelProfile {
  const helpers = HELPERS.filter((helper) => !old || helper !== 'get_prandom_u32');
  return {
    release: old ? '5.15.0' : '6.18.0',
    architecture: 'x86_64',
    programTypes: ['xdp', 'sched_cls'],
    mapTypes: ['array', 'percpu_array', 'prog_array', 'lru_hash', 'ringbuf', 'lpm_trie', 'hash'],
    helpers: { xdp: helpers, sched_cls: helpers },
    kfuncs: [],
    attach: { xdp: true, tcx: true, trampoline: false },
    btf: true,
    jit: true,
    notes: [],
  };
}

/** Sizes that have nothing to do with one another, around what makes seven tenths of a mean host of its share. */
function vnfOf(i: number, perHost: number, next: () => number): Vnf {
  const cpus = Math.max(0.1, Math.round((26.1 / perHost) * (0.2 + 1.6 * next()) * 10) / 10);
  const memoryBytes = Math.round((104.5 / perHost) * (0.2 + 1.6 * next()) * 1024) * 2 ** 20;
  return {
    name: `v${i}`,
    runtimes: ['process'],
    command: ['/usr/local/bin/vnf', `${i}`],
    environment: {},
    cpus,
    memoryBytes,
    hostLabels: next() < 1 / 6 ? { zone: `z${Math.floor(next() * 10)}` } : {},
    position,
  };
}

function servicesOf(group: number, ports: string[]): Underservice[] {
  const [first = ''] = ports;
  const bindings = ports.map((port) => ({ port, directions: ['inbound' as const] }));
  return [
    {
      name: `guard${group}`,
      kind: 'firewall',
      bindings,
      model: {
        default: 'deny',
        rules: [
          { name: 'first', from: first, to: 'any', protocol: 'tcp', ports: '8080', action: 'allow' },
          { name: 'ping', protocol: 'icmp', action: 'allow' },
        ],
      },
      residency: 'auto',
      position,
    },
    { name: `meter${group}`, kind: 'probe', bindings, model: {}, residency: 'auto', position },
  ];
}

function plugin(kind: string, order: 'filter' | 'observe'): CatalogPlugin {
  const helpers = kind === 'firewall' ? HELPERS : HELPERS.slice(0, 3);
  return {
    digest: `sha256:${(kind === 'firewall' ? 'f' : 'e').repeat(64)}`,
    keyId: `sha256:${'1'.repeat(64)}`,
    manifest: {
      name: kind,
      version: '0.1.0',
      summary: kind,
      license: 'GPL-2.0-only OR BSD-2-Clause',
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
