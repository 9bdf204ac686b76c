import type { NodeTemplate } from '@underware/tosca';
import { isNamed } from '../service/service-node.js';
import { flatName } from './flat-name.js';
import { isStandIn } from './resolve.js';
import type { Scope } from './scope.js';

/** Whether a node is a part of the service by itself: nothing stands for it, and it stands for nothing. */
export function isLeaf(scope: Scope, template: NodeTemplate): boolean {
  return (
    isUnderware(template.type) && !template.directives.includes('substitute') && !isStandIn(scope, template)
  );
}

/** Flat names of the nodes of a type within a scope, whatever stands for them. */
export function leavesOf(scope: Scope, type: string): string[] {
  return [...scope.topology.nodes.values()].flatMap((template) => {
    const inner = scope.inner.get(template.name);
    if (inner !== undefined) return leavesOf(inner, type);
    return isLeaf(scope, template) && isNamed(template.type, type) ? [flatName(scope, template.name)] : [];
  });
}

/** Whether a type is one of the profile `underware`, or derived from one. */
export function isUnderware(type: { name: string; parent?: unknown } | undefined): boolean {
  for (let at = type; at !== undefined; at = at.parent as typeof type) {
    if (at.name.startsWith('underware.')) return true;
  }
  return false;
}
