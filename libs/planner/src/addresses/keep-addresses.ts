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
  taken: readonly string[],
  before: PlannedBefore | undefined,
): Addressing | undefined {
  if (before === undefined || before.plan.service !== service || !sameContent(before.graph, graph)) {
    return undefined;
  }
  const remembered = addressings.get(before.plan);
  if (remembered !== undefined && taken.length === 0) return remembered;
  const { slices, decisions } = before.plan;
  const given = new Map<string, readonly string[]>();
  for (const { ports } of Object.values(slices)) {
    for (const { key, peer } of ports) given.set(key, peer?.addresses ?? []);
  }
  const others = new Set(
    taken.flatMap((text) => {
      const prefix = parsePrefix(text);
      return prefix === undefined ? [] : [formatAddress(prefix)];
    }),
  );
  const addresses = new Map<string, Prefix[]>();
  for (const { name } of graph.ports) {
    const prefixes = (given.get(portKey(service, name)) ?? []).map((text) => parsePrefix(text));
    const known = prefixes.filter((prefix) => prefix !== undefined);
    if (known.length === 0) return undefined;
    if (others.size > 0 && known.some((prefix) => others.has(formatAddress(prefix)))) return undefined;
    addresses.set(name, known);
  }
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
      const known = (peer?.addresses ?? []).map((text) => parsePrefix(text));
      if (key.startsWith(prefix))
        given.set(
          key.slice(prefix.length),
          known.filter((each) => each !== undefined),
        );
    }
  }
  return given;
}
