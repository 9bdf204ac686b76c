import type { ServiceGraph } from '@underware/core';
import type { Findings } from '../finding.js';
import type { ServiceParts } from '../service/service-parts.js';

/** Policies that no placement can satisfy together, whatever hosts there are. */
export function checkPlacement(graph: ServiceGraph, parts: ServiceParts, findings: Findings): void {
  const placeOf = (name: string) => parts.policies.find((policy) => policy.name === name)?.place ?? 0;
  const onOneHost = groupsOf(graph, ['host']);
  // One host is in one zone.
  const inOneZone = groupsOf(graph, ['host', 'zone']);
  for (const { name, vnfs, scope = 'host' } of graph.antiAffinity ?? []) {
    const together = scope === 'host' ? onOneHost : inOneZone;
    const seen = new Map<string, string>();
    for (const vnf of vnfs) {
      const group = together(vnf);
      const other = seen.get(group);
      if (other !== undefined && other !== vnf) {
        findings.add(placeOf(name), {
          code: 'POLICY_INVALID',
          message: `${other} and ${vnf} are to be in different ${scope}s, and in the same by an affinity`,
          expected: 'VNFs that no affinity keeps together',
        });
      }
      seen.set(group, vnf);
    }
  }
  const zones = new Map<string, { policy: string; zones: string[] }>();
  for (const { name, vnfs, zones: allowed } of graph.placementRules ?? []) {
    for (const vnf of allowed === undefined ? [] : vnfs) {
      const before = zones.get(vnf);
      const both = (allowed ?? []).filter((zone) => before === undefined || before.zones.includes(zone));
      if (before !== undefined && both.length === 0) {
        findings.add(placeOf(name), {
          code: 'POLICY_INVALID',
          message: `${vnf} has no zone left: those of ${name} and of ${before.policy} have none in common`,
          expected: `one of ${before.zones.join(', ')}`,
        });
      } else zones.set(vnf, { policy: name, zones: both });
    }
  }
}

/** By VNF, one of those that affinities of the scopes keep it with; the same for all of them. */
function groupsOf({ affinity = [] }: ServiceGraph, scopes: readonly string[]): (vnf: string) => string {
  const parents = new Map<string, string>();
  const find = (vnf: string): string => {
    let at = vnf;
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up;
    return at;
  };
  for (const { vnfs, scope } of affinity) {
    if (!scopes.includes(scope)) continue;
    const [first, ...others] = vnfs;
    for (const other of others) {
      const [a, b] = [find(first ?? other), find(other)];
      if (a !== b) parents.set(b, a);
    }
  }
  return find;
}
