import { DIRECTIONS } from '@underware/core';
import type { Direction, ResidencyPolicy, SourcePosition, Underservice } from '@underware/core';
import type { NodeType } from '@underware/tosca';
import type { ServiceNode } from '../service/service-node.js';
import { readOneOf, readTexts } from './read-values.js';

export const UNDERSERVICE = 'underware.nodes.Underservice';

export function buildUnderservice(
  node: ServiceNode,
  residencies: ReadonlyMap<string, ResidencyPolicy>,
  position: SourcePosition,
): Underservice {
  const { directions, residency, ...model } = node.properties;
  const bindings = new Map<string, Set<Direction>>();
  for (const { name, target, properties } of node.requirements) {
    if (name !== 'port') continue;
    const written = readTexts(properties['directions'] ?? directions);
    const seen = bindings.get(target) ?? new Set();
    for (const direction of DIRECTIONS) if (written.includes(direction)) seen.add(direction);
    bindings.set(target, seen);
  }
  return {
    name: node.name,
    kind: kindOf(node.template.type),
    bindings: [...bindings].map(([port, seen]) => ({
      port,
      directions: DIRECTIONS.filter((direction) => seen.has(direction)),
    })),
    model,
    residency: residencies.get(node.name) ?? readOneOf(residency, ['auto', 'dynamic', 'persistent']),
    position,
  };
}

/** From the type right below Underservice: `underware.nodes.LoadBalancer`, or what is derived from it, is `load-balancer`. */
export function kindOf(type: NodeType | undefined): string {
  let name = '';
  for (let at = type; at !== undefined && at.name !== UNDERSERVICE; at = at.parent) name = at.name;
  const last = name.split('.').pop() ?? '';
  return last.replaceAll(/[A-Z]/g, (letter, at) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`);
}
