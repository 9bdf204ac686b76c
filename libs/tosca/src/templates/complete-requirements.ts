import type { Assignments, Relationship, Requirement } from '../model/topology.js';
import type { Schema } from '../model/schema.js';
import type { SourceNode } from '../source/source-node.js';
import { clip } from '../values/shown.js';
import type { NodeDraft, RelationshipDraft, TemplateContext } from './context.js';
import type { RequirementDraft } from './draft-requirements.js';
import { mapAt, textAt, textsOf } from './entries.js';
import { NOTHING } from './lazy-map.js';
import { checkNodeFilter } from './node-filter.js';
import { ALLOCATIONS, ATTRIBUTES, PROPERTIES, readAssignments, SOME_PROPERTIES } from './read-assignments.js';
import { readCount } from './read-count.js';
import { readInterfaces } from './read-interfaces.js';
import { readMetadata } from './read-metadata.js';

/** The values of a relationship template. */
export function completeRelationship(draft: RelationshipDraft, context: TemplateContext): void {
  const { template, type, map, entity } = draft;
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
}

/** A requirement with its values, and its filters against what is known of its target. */
export function completeRequirement(
  node: NodeDraft,
  draft: RequirementDraft,
  context: TemplateContext,
): Requirement {
  const { name, place, map, target, targetIndex, targetType, capabilityName, capabilityType, implicit } =
    draft;
  const capability =
    capabilityName === undefined ? undefined : target?.template.capabilities.get(capabilityName);
  const nodeFilters: SourceNode[] = [];
  for (const filter of [draft.definition?.nodeFilter, map?.entries.get('node_filter')?.node]) {
    if (filter !== undefined) nodeFilters.push(filter);
  }
  for (const filter of nodeFilters) {
    const ofType = filter === draft.definition?.nodeFilter;
    // The type's own filter was checked with the type: here only whether the target meets it.
    if (!ofType || target !== undefined) checkNodeFilter(filter, draft, !ofType, context);
  }
  return {
    name,
    place,
    target: target?.template,
    targetIndex: targetIndex && context.values.readValue(targetIndex, undefined, node.entity.scope),
    targetType,
    capability,
    capabilityType,
    relationship: readRelationship(node, draft, context),
    count: implicit
      ? (draft.definition?.occurrences.least ?? 1)
      : readCount(map?.entries.get('count')?.node, draft.entity, context),
    optional: textAt(map, 'optional') === 'true',
    directives: textsOf(map?.entries.get('directives')?.node).map(({ text }) => text),
    allocation: readAllocation(draft, context),
    nodeFilters,
    implicit,
  };
}

function readRelationship(node: NodeDraft, draft: RequirementDraft, context: TemplateContext): Relationship {
  const { relationshipTemplate: template, relationshipType: type, relationshipMap: map } = draft;
  if (template !== undefined && map === undefined) {
    const { name, properties, attributes, interfaces } = template.template;
    return { template: name, type, properties, attributes, interfaces };
  }
  // What no one has placed yet can still be completed by who selects its target.
  const complete =
    !draft.implicit &&
    draft.target !== undefined &&
    template === undefined &&
    !node.template.directives.includes('select');
  const { entity } = draft;
  const definitions =
    type !== undefined && type === draft.definition?.relationship
      ? draft.definition.relationshipInterfaces
      : (type?.interfaces ?? NOTHING);
  return {
    template: template?.template.name,
    type,
    properties: readAssignments(
      mapAt(map, 'properties'),
      draft.relationshipProperties,
      entity,
      complete ? PROPERTIES : SOME_PROPERTIES,
      context,
    ),
    attributes: readAssignments(
      mapAt(map, 'attributes'),
      draft.relationshipAttributes,
      entity,
      ATTRIBUTES,
      context,
    ),
    interfaces: readInterfaces(
      mapAt(map, 'interfaces'),
      { entity, definitions, artifacts: NOTHING },
      context,
    ),
  };
}

function readAllocation(draft: RequirementDraft, context: TemplateContext): Assignments {
  const { target, targetType, capabilityName, capabilityType, name } = draft;
  const written = mapAt(draft.map, 'allocation');
  if (written === undefined) return NOTHING;
  const definition =
    capabilityName === undefined ? undefined : target?.type?.capabilities.get(capabilityName);
  const properties = definition?.properties ?? capabilityType?.properties ?? NOTHING;
  // Of a target that is yet to be selected, files also name properties of the node itself.
  const ofNode = target === undefined ? (targetType?.properties ?? NOTHING) : NOTHING;
  return readAssignments(
    written,
    // An allocation takes from a property: neither its constraints nor its default hold for what is taken.
    new Map([...ofNode, ...properties].map(([key, schema]) => [key, bare(schema)])),
    {
      title: `the capability that requirement ${clip(name)} allocates from`,
      place: draft.place,
      open: capabilityType?.open ?? true,
      scope: draft.entity.scope,
    },
    ALLOCATIONS,
    context,
  );
}

function bare({ place, description, type, required, status }: Schema): Schema {
  return { place, description, type, required, status, constraints: [] };
}
