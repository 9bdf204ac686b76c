import { derivesFrom } from '../model/derivation.js';
import type { NodeType } from '../model/types.js';
import type { CheckedTemplate } from './check-service-template.js';

/** Gives every node that is to be substituted those of the templates that are for its type, and whether it meets their filters. */
export function findSubstitutes(of: readonly CheckedTemplate[], among: readonly CheckedTemplate[]): void {
  const substituting = among.filter(({ topology }) => topology.substitution?.nodeType !== undefined);
  const byType = new Map<NodeType, CheckedTemplate[]>();
  for (const { topology, entities } of of) {
    for (const [node, entity] of entities) {
      const { type } = node;
      if (type === undefined || !node.directives.includes('substitute')) continue;
      let found = byType.get(type);
      if (found === undefined) {
        found = substituting.filter((each) => derivesFrom(each.topology.substitution?.nodeType, type));
        byType.set(type, found);
      }
      node.substitutes = found
        .filter((each) => each.topology.place !== topology.place)
        .map((each) => ({ topology: each.topology, meets: each.takes(entity) }));
    }
  }
}
