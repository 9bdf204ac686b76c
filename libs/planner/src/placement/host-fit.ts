import { hookFor } from '@underware/core';
import type { Catalog, Direction, Hook, InventoryHost, Runtime, ServiceGraph, Vnf } from '@underware/core';
import { CHAIN_DEPTH, choosePlugin } from './choose-plugin.js';
import { deviceName } from '../stable-names.js';

/** What capacity counts in: whole numbers, so that sums are exact. */
export interface Capacity {
  millicpus: number;
  bytes: number;
}

export function need(vnf: Vnf): Capacity {
  return { millicpus: Math.ceil(vnf.cpus * 1000), bytes: Math.ceil(vnf.memoryBytes) };
}

export function total({ facts }: InventoryHost): Capacity {
  return { millicpus: Math.floor(facts.cpus * 1000), bytes: facts.memoryBytes };
}

export function usedBefore({ used }: InventoryHost): Capacity {
  return { millicpus: Math.ceil(used.cpus * 1000), bytes: used.memoryBytes };
}

/** One plugin instance that a VNF brings along: its host must be able to run it. */
export interface Attachment {
  underservice: string;
  kind: string;
  port: string;
  direction: Direction;
  hook: Hook;
}

export function attachmentsOf(vnf: Vnf, graph: ServiceGraph): Attachment[] {
  const ports = new Set(graph.ports.filter((port) => port.vnf === vnf.name).map(({ name }) => name));
  return graph.underservices.flatMap(({ name: underservice, kind, bindings }) =>
    bindings
      .filter(({ port }) => ports.has(port))
      .flatMap(({ port, directions }) =>
        directions.map((direction) => ({
          underservice,
          kind,
          port,
          direction,
          hook: hookFor('veth', direction),
        })),
      ),
  );
}

/** The first of the VNF's runtimes that the host offers. */
export function runtimeOn(vnf: Vnf, host: InventoryHost): Runtime | undefined {
  const offered = new Set(host.facts.runtimes.map(({ runtime }) => runtime));
  return vnf.runtimes.find((runtime) => offered.has(runtime));
}

/** Every reason why a host cannot take a VNF, whatever else is placed where; empty when it can. */
export function misfits(
  vnf: Vnf,
  attachments: readonly Attachment[],
  host: InventoryHost,
  catalog: Catalog,
  service: string,
): string[] {
  const reasons: string[] = [];
  if (!host.ready) reasons.push(`is not ready: ${host.reason ?? 'no reason was given'}`);
  for (const [label, wanted] of Object.entries(vnf.hostLabels)) {
    const value = Object.hasOwn(host.labels, label) ? host.labels[label] : undefined;
    if (value !== wanted) reasons.push(`has ${label}=${value ?? '(none)'}, not ${wanted}`);
  }
  if (runtimeOn(vnf, host) === undefined) {
    const offered = host.facts.runtimes.map(({ runtime }) => runtime).join(', ') || 'nothing';
    reasons.push(`offers ${offered}, not ${vnf.runtimes.join(' or ')}`);
  }
  reasons.push(...kernelMisfits(attachments, host, catalog));
  reasons.push(...depthMisfits(attachments, host, service));
  return reasons;
}

export function shortOf(wanted: Capacity, used: Capacity, host: InventoryHost): string[] {
  const all = total(host);
  const reasons: string[] = [];
  if (used.millicpus + wanted.millicpus > all.millicpus) {
    const free = Math.max(0, all.millicpus - used.millicpus) / 1000;
    reasons.push(`has ${free} of ${all.millicpus / 1000} cpus free, ${wanted.millicpus / 1000} needed`);
  }
  if (used.bytes + wanted.bytes > all.bytes) {
    const free = Math.max(0, all.bytes - used.bytes);
    reasons.push(
      `has ${formatBytes(free)} of ${formatBytes(all.bytes)} free, ${formatBytes(wanted.bytes)} needed`,
    );
  }
  return reasons;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${units[unit] ?? ''}`;
}

function kernelMisfits(attachments: readonly Attachment[], host: InventoryHost, catalog: Catalog): string[] {
  const reasons = new Set<string>();
  for (const { kind, hook } of attachments) {
    const { chosen, rejected } = choosePlugin(kind, hook, host, catalog);
    if (chosen !== undefined) continue;
    if (rejected.length === 0) reasons.add(`cannot get a ${kind}: no plugin of the catalog implements it`);
    for (const { choice, reason } of rejected) reasons.add(`cannot run ${choice} on ${hook}: ${reason}`);
  }
  return [...reasons];
}

function depthMisfits(attachments: readonly Attachment[], host: InventoryHost, service: string): string[] {
  const depths = new Map<string, { port: string; hook: Hook; depth: number }>();
  for (const { port, hook } of attachments) {
    const chain = depths.get(`${port} ${hook}`) ?? { port, hook, depth: 0 };
    chain.depth += 1;
    depths.set(`${port} ${hook}`, chain);
  }
  return [...depths.values()].flatMap(({ port, hook, depth }) => {
    const device = deviceName(service, port);
    const foreign = host.foreignPrograms.filter((other) => other.device === device && other.hook === hook);
    const budget = CHAIN_DEPTH - foreign.length;
    if (depth <= budget) return [];
    return [`would chain ${depth} instances on ${port} ${hook}, ${budget} are possible`];
  });
}
