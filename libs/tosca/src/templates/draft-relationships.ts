import { clip } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { withCopied } from './draft-nodes.js';
import { RelationshipEntity } from './entities.js';
import { mapAt, textAt } from './entries.js';
import { NOTHING } from './lazy-map.js';

/** Every relationship template with its type; where it leads is known only where a requirement uses it. */
export function draftRelationships(context: TemplateContext): void {
  const written = mapAt(context.template, 'relationship_templates');
  for (const [name, { keyPlace, node }] of written?.entries ?? []) {
    if (node.kind !== 'map' || written === undefined) continue;
    const map = withCopied('relationship template', node, written, context);
    const type = context.type('relationship', map.entries.get('type')?.node);
    const entity = new RelationshipEntity(
      `relationship template ${clip(name)}`,
      keyPlace,
      type,
      map,
      context.functions,
    );
    context.relationships.set(name, {
      template: {
        name,
        place: keyPlace,
        description: textAt(map, 'description') ?? '',
        metadata: {},
        type,
        properties: NOTHING,
        attributes: NOTHING,
        interfaces: NOTHING,
      },
      type,
      map,
      entity,
    });
  }
}
