import type { GroupTemplate, NodeTemplate, Place, PolicyTemplate } from '@underware/tosca';
import type { Findings } from '../finding.js';
import { isNamed } from '../service/service-node.js';
import type { ServicePolicy } from '../service/service-node.js';
import { leavesOf } from './leaves.js';
import { portsShown, resolveEnd } from './resolve.js';
import type { Scope } from './scope.js';

/** What a policy that targets a nested service means: all that is inside of it of a type, or the one port that it shows. */
const MEANT: Readonly<Record<string, { inside: string; one: boolean } | 'port'>> = {
  'underware.policies.Affinity': { inside: 'underware.nodes.Vnf', one: false },
  'underware.policies.Placement': { inside: 'underware.nodes.Vnf', one: false },
  'underware.policies.Healing': { inside: 'underware.nodes.Vnf', one: false },
  'underware.policies.Residency': { inside: 'underware.nodes.Underservice', one: false },
  'underware.policies.AntiAffinity': { inside: 'underware.nodes.Vnf', one: true },
  'underware.policies.Scaling': { inside: 'underware.nodes.Vnf', one: true },
  'underware.policies.ForwardingPath': 'port',
  'underware.policies.Assertion': 'port',
};

/** Targets of a policy in the flat service, with those of groups among them in their place. */
export function policyTargets(
  scope: Scope,
  policy: PolicyTemplate,
  findings: Findings,
): ServicePolicy['targets'] {
  return policy.targets.flatMap(({ place, node, group }) =>
    [...(node === undefined ? [] : [node]), ...membersOf(group, new Set())].flatMap((each) =>
      targetsFor(scope, policy, each, place, findings).map((name) => ({ name, place })),
    ),
  );
}

/** Groups may hold groups, and hostile ones one another. */
function membersOf(group: GroupTemplate | undefined, seen: Set<GroupTemplate>): NodeTemplate[] {
  if (group === undefined || seen.has(group)) return [];
  seen.add(group);
  return group.members.flatMap(({ node, group: below }) => [
    ...(node === undefined ? [] : [node]),
    ...membersOf(below, seen),
  ]);
}

function targetsFor(
  scope: Scope,
  { name, type }: PolicyTemplate,
  node: NodeTemplate,
  place: Place,
  findings: Findings,
): string[] {
  const inner = scope.inner.get(node.name);
  if (inner === undefined) return [resolveEnd(scope, node, undefined) ?? node.name];
  const [, meant] = Object.entries(MEANT).find(([policy]) => isNamed(type, policy)) ?? [];
  if (meant === undefined) return [];
  const found = meant === 'port' ? portsShown(inner) : leavesOf(inner, meant.inside);
  if (found.length === 1 || (meant !== 'port' && !meant.one)) return found;
  const what = meant === 'port' ? 'ports to the outside' : 'VNFs';
  findings.add(place, {
    code: 'POLICY_INVALID',
    message: `${node.name} has ${found.length} ${what}: policy ${name} can not tell which is meant`,
    expected: 'a nested service with one of them, or a policy inside its template',
  });
  return [];
}
