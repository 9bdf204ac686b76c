import type { NodeTemplate, Topology } from '@underware/tosca';

/** A template with values for its inputs, and those that stand for nodes of it. */
export interface Scope {
  topology: Topology;
  /** Names of the nodes it is inside of, from the entry on; empty for the entry itself. */
  path: readonly string[];
  /** What it stands for; undefined for the entry. */
  outer?: { scope: Scope; node: NodeTemplate };
  /** By node of the topology. */
  inner: Map<string, Scope>;
}

/** The scope and all within it, each before what is inside of it. */
export function scopesWithin(scope: Scope): Scope[] {
  const found = [scope];
  for (let at = 0; at < found.length; at++) found.push(...(found[at]?.inner.values() ?? []));
  return found;
}

/** The requirement of the substituted node that gives this one, or this node itself, its target; with its number among those. */
export function mappedRequirement(
  { topology: { substitution } }: Scope,
  node: string,
  requirement: string | undefined,
): { name: string; index?: number } | undefined {
  const mapping = substitution?.requirements.find(
    (each) => each.node.name === node && each.requirement === requirement,
  );
  if (mapping === undefined) return undefined;
  const entries = [
    ...new Set(substitution?.requirements.filter((each) => each.name === mapping.name).map((e) => e.place)),
  ];
  // Several entries of one name share out the requirements of that name; a single one gets all.
  return entries.length === 1
    ? { name: mapping.name }
    : { name: mapping.name, index: entries.indexOf(mapping.place) };
}
