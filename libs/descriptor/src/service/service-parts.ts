import type { FlatService } from '../nesting/flatten.js';
import { isOf } from './service-node.js';
import type { ServiceNode, ServicePolicy } from './service-node.js';

/** The parts of a service that Underware knows, each kind in the order of the text. */
export interface ServiceParts {
  nodes: ReadonlyMap<string, ServiceNode>;
  policies: readonly ServicePolicy[];
  nodesOf(type: string): ServiceNode[];
  policiesOf(type: string): ServicePolicy[];
}

/** Undefined for a topology of other types alone. */
export function serviceParts({ nodes, policies }: FlatService): ServiceParts | undefined {
  if (nodes.size === 0) return undefined;
  return {
    nodes,
    policies,
    nodesOf: (type) => [...nodes.values()].filter(({ template }) => isOf(template, type)),
    policiesOf: (type) => policies.filter(({ template }) => isOf(template, type)),
  };
}
