import type { Topology } from '@underware/tosca';
import { isOf, serviceNode, servicePolicy } from './service-node.js';
import type { ServiceNode, ServicePolicy } from './service-node.js';

/** The parts of a topology that Underware knows, each kind in the order of the text. */
export interface ServiceParts {
  nodes: ReadonlyMap<string, ServiceNode>;
  policies: readonly ServicePolicy[];
  nodesOf(type: string): ServiceNode[];
  policiesOf(type: string): ServicePolicy[];
}

/** Undefined for a topology of other types alone. */
export function serviceParts(topology: Topology): ServiceParts | undefined {
  const templates = [...topology.nodes.values()].filter(({ type }) => isUnderware(type));
  if (templates.length === 0) return undefined;
  const nodes = new Map(templates.map((template) => [template.name, serviceNode(template)]));
  const policies = [...topology.policies.values()].map((template) => servicePolicy(template));
  return {
    nodes,
    policies,
    nodesOf: (type) => [...nodes.values()].filter(({ template }) => isOf(template, type)),
    policiesOf: (type) => policies.filter(({ template }) => isOf(template, type)),
  };
}

/** Whether a type is one of the profile `underware`, or derived from one. */
export function isUnderware(type: { name: string; parent?: unknown } | undefined): boolean {
  for (let at = type; at !== undefined; at = at.parent as typeof type) {
    if (at.name.startsWith('underware.')) return true;
  }
  return false;
}
