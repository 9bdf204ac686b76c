import type { Hugepages, InventoryHost, ServiceGraph, Vnf } from '@underware/core';
import { compareText } from '../stable-names.js';

/** Something hosts have so much of. Amounts are whole numbers, so that sums are exact. */
export interface Resource {
  key: string;
  /** What of it a VNF needs, plugin instances and bandwidth aside: those depend on the host. */
  need(vnf: Vnf): number;
  total(host: InventoryHost): number;
  /** By other services. */
  used(host: InventoryHost): number;
  /** A number in words, e.g. `0.5` or `64 MiB`, and what follows it, e.g. ` cpus`. */
  amount(number: number): string;
  unit: string;
}

/** The columns of every table of amounts; the first two are what a host's share in use is taken of. */
export const CPUS = 0;
export const MEMORY = 1;
export const PINNED = 2;
export const BITS = 3;

const FIXED: Resource[] = [
  {
    key: 'cpus',
    need: ({ cpus }) => Math.ceil(cpus * 1000),
    total: ({ facts }) => Math.floor(facts.cpus * 1000),
    used: ({ used }) => Math.ceil(used.cpus * 1000),
    amount: (number) => `${number / 1000}`,
    unit: ' cpus',
  },
  {
    key: 'memory',
    need: ({ memoryBytes }) => Math.ceil(memoryBytes),
    total: ({ facts }) => facts.memoryBytes,
    used: ({ used }) => used.memoryBytes,
    amount: formatBytes,
    unit: ' of memory',
  },
  {
    key: 'pinned memory',
    need: () => 0,
    total: ({ pinnedBudgetBytes = Infinity }) => pinnedBudgetBytes,
    used: ({ used }) => used.pinnedBytes ?? 0,
    amount: formatBytes,
    unit: ' for plugin instances',
  },
  {
    key: 'bandwidth',
    need: () => 0,
    total: uplinkBits,
    used: ({ used }) => used.bitsPerSecond ?? 0,
    amount: formatBits,
    unit: ' on its uplinks',
  },
];

/** Every resource that the graph asks for. */
export function resourcesOf({ vnfs }: ServiceGraph): Resource[] {
  const pages = new Set(vnfs.flatMap(({ hugepages = [] }) => hugepages.map(({ pageBytes }) => pageBytes)));
  const classes = new Set(vnfs.flatMap(({ devices = {} }) => Object.keys(devices)));
  return [
    ...FIXED,
    ...[...pages].sort((a, b) => a - b).map(hugepagesOf),
    ...[...classes].sort(compareText).map(devicesOf),
  ];
}

function hugepagesOf(pageBytes: number): Resource {
  const count = (pages: readonly Hugepages[] = []): number =>
    pages.reduce((sum, pool) => sum + (pool.pageBytes === pageBytes ? pool.count : 0), 0);
  return {
    key: `hugepages ${pageBytes}`,
    need: ({ hugepages }) => count(hugepages),
    total: ({ facts }) => count(facts.hugepages),
    used: ({ used }) => count(used.hugepages),
    amount: String,
    unit: ` huge pages of ${formatBytes(pageBytes)}`,
  };
}

function devicesOf(name: string): Resource {
  const count = (devices: Record<string, number> = {}): number =>
    Object.hasOwn(devices, name) ? (devices[name] ?? 0) : 0;
  return {
    key: `device ${name}`,
    need: ({ devices }) => count(devices),
    total: ({ facts }) => count(facts.devices),
    used: ({ used }) => count(used.devices),
    amount: String,
    unit: ` devices ${name}`,
  };
}

/** As much as is asked for where an uplink does not say what it carries. */
function uplinkBits({ facts: { uplinks } }: InventoryHost): number {
  return uplinks.reduce((sum, { bitsPerSecond = Infinity }) => sum + bitsPerSecond, 0);
}

export function formatBytes(bytes: number): string {
  return scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
}

function formatBits(bits: number): string {
  return scaled(bits, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
}

function scaled(amount: number, step: number, units: readonly string[]): string {
  let value = amount;
  let unit = 0;
  while (value >= step && unit < units.length - 1) {
    value /= step;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${units[unit] ?? ''}`;
}

/** An amount in words, e.g. `0.5 cpus`. */
export function inWords({ amount, unit }: Resource, number: number): string {
  return `${amount(number)}${unit}`;
}

/** What is free of a host's whole where more is needed, e.g. `has 0.25 of 4 cpus free, 0.5 needed`. */
export function lackOf(resource: Resource, free: number, total: number, needed: number): string {
  const unit = resource.key === 'memory' ? '' : resource.unit;
  const { amount } = resource;
  return `has ${amount(Math.max(0, free))} of ${amount(total)}${unit} free, ${amount(needed)} needed`;
}
