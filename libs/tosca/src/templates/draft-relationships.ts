import type { FunctionScope } from '../values/scope.js';
import { clip } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { withCopied } from './draft-nodes.js';
import { relationshipEntity } from './entities.js';
import { mapAt, textAt } from './entries.js';

/** Every relationship template with its type; where it leads is known only where a requirement uses it. */
export function draftRelationships(context: TemplateContext): void {
  const written = mapAt(context.template, 'relationship_templates');
  for (const [name, { keyPlace, node }] of written?.entries ?? []) {
    if (node.kind !== 'map' || written === undefined) continue;
    const map = withCopied('relationship template', node, written, context);
    const type = context.type('relationship', map.entries.get('type')?.node);
    const properties = type?.properties ?? new Map();
    const attributes = type?.attributes ?? new Map();
    let scope: FunctionScope | undefined;
    const entity = relationshipEntity({
      title: `relationship template ${clip(name)}`,
      type,
      properties,
      attributes,
      map,
      scope: () => (scope ??= context.scopeOf(entity)),
    });
    context.relationships.set(name, {
      template: {
        name,
        place: keyPlace,
        description: textAt(map, 'description') ?? '',
        metadata: {},
        type,
        properties: new Map(),
        attributes: new Map(),
        interfaces: new Map(),
      },
      type,
      map,
      entity,
      scope: (scope ??= context.scopeOf(entity)),
    });
  }
}
