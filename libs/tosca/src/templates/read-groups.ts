import { fits } from '../model/derivation.js';
import { clip } from '../values/shown.js';
import type { GroupDraft, TemplateContext } from './context.js';
import { TemplateEntity } from './entities.js';
import { mapAt, textAt } from './entries.js';
import { NOTHING } from './lazy-map.js';
import { findMembers, templatesOf } from './find-member.js';
import { ATTRIBUTES, PROPERTIES, readAssignments } from './read-assignments.js';
import { readInterfaces } from './read-interfaces.js';
import { readMetadata } from './read-metadata.js';

/** Every group with its type, before anything refers to it. */
export function draftGroups(context: TemplateContext): void {
  for (const [name, { keyPlace, node: map }] of mapAt(context.template, 'groups')?.entries ?? []) {
    if (map.kind !== 'map') continue;
    const type = context.type('group', map.entries.get('type')?.node);
    const entity = new TemplateEntity(
      'other',
      `group ${clip(name)}`,
      keyPlace,
      type,
      map,
      context.functions,
      true,
    );
    context.groups.set(name, {
      template: {
        name,
        place: keyPlace,
        description: textAt(map, 'description') ?? '',
        metadata: {},
        type,
        properties: NOTHING,
        attributes: NOTHING,
        members: [],
        interfaces: NOTHING,
      },
      map,
      entity,
    });
  }
}

/** The values and members of a group. */
export function completeGroup({ template, map, entity }: GroupDraft, context: TemplateContext): void {
  const { type } = template;
  template.metadata = readMetadata([map], context);
  template.properties = readAssignments(
    mapAt(map, 'properties'),
    type?.properties ?? NOTHING,
    entity,
    PROPERTIES,
    context,
  );
  template.attributes = readAssignments(
    mapAt(map, 'attributes'),
    type?.attributes ?? NOTHING,
    entity,
    ATTRIBUTES,
    context,
  );
  template.interfaces = readInterfaces(
    mapAt(map, 'interfaces'),
    { entity, definitions: type?.interfaces ?? NOTHING, artifacts: NOTHING },
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
