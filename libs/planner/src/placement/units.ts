import type { ServiceGraph, Vnf } from '@underware/core';
import { listAt } from '../graph-index.js';
import { compareText } from '../stable-names.js';
import { keyOf } from './constraints.js';
import type { Active } from './constraints.js';

/** VNFs in groups that affinities keep on one host, most of them alone; groups and members in the order of names. */
export function joined({ vnfs, affinity = [] }: ServiceGraph, active: Active): Vnf[][] {
  const sorted = vnfs.toSorted((a, b) => compareText(a.name, b.name));
  const rules = affinity.filter(({ name, scope }) => scope === 'host' && active(keyOf.together(name)));
  if (rules.length === 0) return sorted.map((vnf) => [vnf]);
  const leaders = new Map(vnfs.map(({ name }) => [name, name]));
  const leaderOf = (name: string): string => {
    let at = name;
    for (let next = leaders.get(at) ?? at; next !== at; next = leaders.get(at) ?? at) at = next;
    return at;
  };
  for (const { vnfs: members } of rules) {
    const present = members
      .filter((member) => leaders.has(member))
      .map(leaderOf)
      .sort(compareText);
    for (const leader of present) leaders.set(leader, present[0] ?? leader);
  }
  const groups = new Map<string, Vnf[]>();
  for (const vnf of sorted) listAt(groups, leaderOf(vnf.name)).push(vnf);
  return [...groups.values()];
}
