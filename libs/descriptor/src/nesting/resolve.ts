import type { NodeTemplate, Requirement } from '@underware/tosca';
import { isNamed } from '../service/service-node.js';
import { flatName } from './flat-name.js';
import { mappedRequirement } from './scope.js';
import type { Scope } from './scope.js';

const ATTACHABLE = 'underware.capabilities.Attachable';

/** A target as the flat service has it. */
export interface Resolved {
  target: string;
  requirement: Requirement;
}

/**
 * Where a relationship to a capability of a node ends once nodes have been substituted: its name in the flat service.
 * Undefined where the template that stands for the node does not map the capability.
 */
export function resolveEnd(
  scope: Scope,
  node: NodeTemplate,
  capability: string | undefined,
): string | undefined {
  const inner = scope.inner.get(node.name);
  if (inner !== undefined) {
    const mapped = inner.topology.substitution?.capabilities.get(capability ?? '');
    return mapped && resolveEnd(inner, mapped.node, mapped.capability);
  }
  if (!isStandIn(scope, node)) return flatName(scope, node.name);
  const mapping = mappedRequirement(scope, node.name, undefined);
  const [first] = mapping === undefined ? [] : resolveOuter(scope, mapping);
  return first?.target;
}

/** Whether it stands for a target of the substituted node, and is none of its own. */
export function isStandIn(scope: Scope, { name, directives }: NodeTemplate): boolean {
  return (
    scope.outer !== undefined &&
    directives.includes('select') &&
    mappedRequirement(scope, name, undefined) !== undefined
  );
}

/** Where a requirement ends: at targets of its own, and at those that the substituted node gives it. */
export function resolveRequirement(
  scope: Scope,
  node: NodeTemplate,
  name: string,
): (Resolved | { unmapped: Requirement })[] {
  const own = node.requirements.flatMap((requirement) => {
    if (requirement.name !== name || requirement.target === undefined) return [];
    const target = resolveEnd(scope, requirement.target, requirement.capability?.name);
    return [target === undefined ? { unmapped: requirement } : { target, requirement }];
  });
  const mapping = mappedRequirement(scope, node.name, name);
  return mapping === undefined ? own : [...own, ...resolveOuter(scope, mapping)];
}

function resolveOuter({ outer }: Scope, { name, index }: { name: string; index?: number }): Resolved[] {
  if (outer === undefined) return [];
  const all = resolveRequirement(outer.scope, outer.node, name).filter((each) => 'target' in each);
  return index === undefined ? all : all.slice(index, index + 1);
}

/** Names of the ports that a scope shows outside, through its mappings. */
export function portsShown(scope: Scope): string[] {
  const capabilities = scope.topology.substitution?.capabilities ?? new Map();
  const shown = [...capabilities.values()].flatMap(({ node, capability }) => {
    const type = node.capabilities.get(capability)?.type;
    return isNamed(type, ATTACHABLE) ? (resolveEnd(scope, node, capability) ?? []) : [];
  });
  return [...new Set(shown)];
}
