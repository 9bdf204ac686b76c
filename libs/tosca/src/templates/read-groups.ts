import { fits } from '../model/derivation.js';
import type { Schema } from '../model/schema.js';
import type { FunctionScope } from '../values/scope.js';
import { clip } from '../values/shown.js';
import type { GroupDraft, TemplateContext } from './context.js';
import { groupEntity } from './entities.js';
import { mapAt, textAt } from './entries.js';
import { findMembers, templatesOf } from './find-member.js';
import { readAssignments } from './read-assignments.js';
import { readInterfaces } from './read-interfaces.js';
import { readMetadata } from './read-metadata.js';

/** Every group with its type, before anything refers to it. */
export function draftGroups(context: TemplateContext): void {
  for (const [name, { keyPlace, node: map }] of mapAt(context.template, 'groups')?.entries ?? []) {
    if (map.kind !== 'map') continue;
    const type = context.type('group', map.entries.get('type')?.node);
    const none = new Map<string, Schema>();
    let scope: FunctionScope | undefined;
    const entity = groupEntity(
      `group ${clip(name)}`,
      type?.properties ?? none,
      type?.attributes ?? none,
      map,
      type?.open ?? true,
      () => (scope ??= context.scopeOf(entity)),
    );
    context.groups.set(name, {
      template: {
        name,
        place: keyPlace,
        description: textAt(map, 'description') ?? '',
        metadata: {},
        type,
        properties: new Map(),
        attributes: new Map(),
        members: [],
        interfaces: new Map(),
      },
      map,
      entity,
      scope: (scope ??= context.scopeOf(entity)),
    });
  }
}

/** The values and members of a group. */
export function completeGroup({ template, map, entity, scope }: GroupDraft, context: TemplateContext): void {
  const { type } = template;
  const owner = { title: entity.title, place: template.place, open: type?.open ?? true };
  template.metadata = readMetadata([map], context);
  template.properties = readAssignments(
    mapAt(map, 'properties'),
    type?.properties ?? new Map<string, Schema>(),
    { ...owner, kind: 'property', complete: true },
    scope,
    context,
  );
  template.attributes = readAssignments(
    mapAt(map, 'attributes'),
    type?.attributes ?? new Map<string, Schema>(),
    { ...owner, kind: 'attribute', complete: false },
    scope,
    context,
  );
  template.interfaces = readInterfaces(
    mapAt(map, 'interfaces'),
    { ...owner, entity, scope, definitions: type?.interfaces ?? new Map(), artifacts: new Map() },
    context,
  );
  const members = findMembers(map.entries.get('members')?.node, context);
  const valid = type?.members ?? [];
  for (const { place, node } of members) {
    if (node === undefined || valid.length === 0 || valid.some((each) => fits(node.type, each))) continue;
    context.add(place, {
      code: 'REFERENCE_TYPE',
      message: `${clip(node.template.name)} of type ${node.type?.name ?? ''} can not be a member of a group of type ${type?.name ?? ''}`,
      expected: `a node of type ${valid.map(({ name }) => name).join(' or ')}`,
    });
  }
  template.members = templatesOf(members);
}
