import { derivesFrom } from '../model/derivation.js';
import type { Topology } from '../model/topology.js';
import type { NodeType } from '../model/types.js';

/** Gives every node that is to be substituted those of the templates that can stand for it. */
export function findSubstitutes(topologies: readonly Topology[], among: readonly Topology[]): void {
  const substituting = among.filter(({ substitution }) => substitution?.nodeType !== undefined);
  const byType = new Map<NodeType, Topology[]>();
  for (const topology of topologies) {
    for (const node of topology.nodes.values()) {
      const { type } = node;
      if (type === undefined || !node.directives.includes('substitute')) continue;
      let found = byType.get(type);
      if (found === undefined) {
        found = substituting.filter(({ substitution }) => derivesFrom(substitution?.nodeType, type));
        byType.set(type, found);
      }
      node.substitutes = found.filter(({ place }) => place !== topology.place);
    }
  }
}
