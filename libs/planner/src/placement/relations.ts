import { Apart } from './apart.js';
import { Bandwidth } from './bandwidth.js';
import { keyOf } from './constraints.js';
import { listAt } from '../graph-index.js';
import { OneZone } from './one-zone.js';
import { OnLink } from './on-link.js';
import type { Problem } from './problem.js';
import type { Relation } from './relation.js';

/** What holds between units, by unit, with nothing placed. */
export function relationsOf(problem: Problem): { relations: Relation[][]; bandwidths: Bandwidth[][] } {
  const { units, input, active } = problem;
  const { graph, index } = input;
  const unitOf = new Map<string, number>();
  for (const [u, { vnfs }] of units.entries()) for (const { name } of vnfs) unitOf.set(name, u);
  const relations: Relation[][] = units.map(() => []);
  const bandwidths: Bandwidth[][] = units.map(() => []);

  function membersOf(vnfs: Iterable<string>): Map<number, string[]> {
    const members = new Map<number, string[]>();
    for (const name of vnfs) {
      const unit = unitOf.get(name);
      if (unit === undefined) continue;
      const names = listAt(members, unit);
      if (!names.includes(name)) names.push(name);
    }
    return members;
  }

  function relate(relation: Relation, members: ReadonlyMap<number, unknown>): void {
    for (const unit of members.keys()) relations[unit]?.push(relation);
  }

  for (const rule of graph.antiAffinity ?? []) {
    const members = membersOf(rule.vnfs);
    if (active(keyOf.apart(rule.name))) relate(new Apart(rule, problem, members), members);
  }
  for (const rule of graph.affinity ?? []) {
    if (rule.scope === 'zone' && active(keyOf.together(rule.name))) {
      relate(new OneZone(rule, problem), membersOf(rule.vnfs));
    }
  }
  for (const link of graph.links) {
    const ports = index.portsOfLink.get(link.name) ?? [];
    const members = membersOf(ports.map(({ vnf }) => vnf));
    if (members.size < 2) continue;
    const families = active(keyOf.reach(link.name)) ? (input.families.get(link.name) ?? []) : [];
    const latency = active(keyOf.latency(link.name)) ? link.maxLatencyMs : undefined;
    relate(new OnLink(link, problem, families, latency, members), members);
    if (link.bitsPerSecond === undefined || !active(keyOf.bandwidth(link.name))) continue;
    const counts = new Map<number, number>();
    for (const { vnf } of ports) {
      const unit = unitOf.get(vnf);
      if (unit !== undefined) counts.set(unit, (counts.get(unit) ?? 0) + 1);
    }
    const bandwidth = new Bandwidth(link.bitsPerSecond, counts);
    for (const unit of counts.keys()) bandwidths[unit]?.push(bandwidth);
  }
  return { relations, bandwidths };
}
