import type { Plan, ServiceGraph } from '@underware/core';
import { formatAddress, parsePrefix } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import { sameContent } from '../same-content.js';
import { portKey } from '../stable-names.js';
import type { PlannedBefore } from '../slices/reuse.js';
import type { Addressing } from './assign-addresses.js';

const addressings = new WeakMap<Plan, Addressing>();

/** So that they need not be read from the plan while it is at hand. */
export function remember(plan: Plan, addressing: Addressing): void {
  addressings.set(plan, addressing);
}

/** The addresses of an earlier plan of the same graph; undefined where there is none, or another service holds one of them. */
export function keepAddresses(
  graph: ServiceGraph,
  service: string,
  taken: ReadonlyMap<string, string>,
  before: PlannedBefore | undefined,
): Addressing | undefined {
  if (before === undefined || before.plan.service !== service || !sameContent(before.graph, graph)) {
    return undefined;
  }
  const remembered = addressings.get(before.plan);
  if (remembered !== undefined && !isTaken(remembered.addresses, taken)) return remembered;
  const { slices, decisions } = before.plan;
  const given = new Map<string, readonly string[]>();
  for (const { ports } of Object.values(slices)) {
    for (const { key, peer } of ports) given.set(key, peer?.addresses ?? []);
  }
  const addresses = new Map<string, Prefix[]>();
  for (const { name } of graph.ports) {
    const known = (given.get(portKey(service, name)) ?? []).flatMap((text) => hostPrefix(text) ?? []);
    if (known.length === 0) return undefined;
    addresses.set(name, known);
  }
  if (isTaken(addresses, taken)) return undefined;
  return {
    addresses,
    decisions: decisions.filter(({ host, subject }) => host === undefined && subject.startsWith('port ')),
  };
}

/** The addresses of an earlier plan of the service by the names of its ports, whatever has become of the service since. */
export function addressesBefore(
  service: string,
  before: PlannedBefore | undefined,
): Map<string, readonly Prefix[]> {
  const given = new Map<string, readonly Prefix[]>();
  if (before?.plan.service !== service) return given;
  const prefix = portKey(service, '');
  for (const { ports } of Object.values(before.plan.slices)) {
    for (const { key, peer } of ports) {
      const known = (peer?.addresses ?? []).flatMap((text) => hostPrefix(text) ?? []);
      if (key.startsWith(prefix)) given.set(key.slice(prefix.length), known);
    }
  }
  return given;
}

/** On a segment a plan has addresses with the length of their network. */
function hostPrefix(text: string): Prefix | undefined {
  const prefix = parsePrefix(text);
  return prefix && { ...prefix, length: prefix.bytes.length * 8 };
}

function isTaken(
  addresses: ReadonlyMap<string, readonly Prefix[]>,
  taken: ReadonlyMap<string, string>,
): boolean {
  for (const prefixes of addresses.values())
    for (const prefix of prefixes) if (taken.has(formatAddress(prefix))) return true;
  return false;
}
