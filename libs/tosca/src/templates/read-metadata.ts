import type { MapNode } from '../source/source-node.js';
import type { TemplateContext } from './context.js';
import { entriesAt } from './entries.js';

/** The `metadata` of mappings, later ones over earlier ones. */
export function readMetadata(
  maps: readonly (MapNode | undefined)[],
  context: TemplateContext,
): Record<string, unknown> {
  if (!maps.some((map) => map?.entries.has('metadata') === true)) return {};
  const result = new Map<string, unknown>();
  for (const map of maps) {
    for (const [name, { node }] of entriesAt(map, 'metadata')) {
      result.set(name, context.values.readValue(node, undefined, context.functions));
    }
  }
  return Object.fromEntries(result);
}
