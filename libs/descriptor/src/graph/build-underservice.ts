import { DIRECTIONS } from '@underware/core';
import type { Direction, ResidencyPolicy, SourcePosition, Underservice } from '@underware/core';
import type { ServiceNode } from '../service/service-node.js';
import { readOneOf, readTexts } from './read-values.js';
import { kindOf } from './underservice-kind.js';

export function buildUnderservice(
  node: ServiceNode,
  residencies: ReadonlyMap<string, ResidencyPolicy>,
  position: SourcePosition,
): Underservice {
  const { directions, residency, ...model } = node.properties;
  const backends = node.requirements
    .filter(({ name }) => name === 'backend')
    .map(({ target, properties: { weight } }) => ({ port: target, weight }));
  const bindings = new Map<string, Set<Direction>>();
  for (const { name, target, properties } of node.requirements) {
    if (name !== 'port') continue;
    const written = readTexts(properties['directions'] ?? directions);
    const seen = bindings.get(target) ?? new Set();
    for (const direction of DIRECTIONS) if (written.includes(direction)) seen.add(direction);
    bindings.set(target, seen);
  }
  const kind = kindOf(node.template.type);
  return {
    name: node.name,
    // Of none, nothing is checked and nothing planned: it is an error that `checkService` finds.
    kind: 'kind' in kind ? kind.kind : '',
    bindings: [...bindings].map(([port, seen]) => ({
      port,
      directions: DIRECTIONS.filter((direction) => seen.has(direction)),
    })),
    model: backends.length === 0 ? model : { ...model, backends },
    residency: residencies.get(node.name) ?? readOneOf(residency, ['auto', 'dynamic', 'persistent']),
    position,
  };
}
