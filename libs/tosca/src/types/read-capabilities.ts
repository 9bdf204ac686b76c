import { nearestName } from '@underware/core';
import { isAbsent } from '../grammar/fits.js';
import { ancestry } from '../model/derivation.js';
import type { CapabilityDefinition, CapabilityType, NodeType, RelationshipType } from '../model/types.js';
import type { Schema } from '../model/schema.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { readOccurrences } from './read-occurrences.js';
import { readSchemas } from './read-schema.js';
import { mapAt, nodeAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

type Definitions = ReadonlyMap<string, CapabilityDefinition>;

export function readCapabilities(
  owner: MapNode,
  inherited: Definitions | undefined,
  reader: TypeReader,
): Definitions {
  const own = new Map<string, CapabilityDefinition>();
  for (const [name, { keyPlace, node }] of mapAt(owner, 'capabilities')?.entries ?? []) {
    own.set(name, readCapability(name, keyPlace, node, inherited?.get(name), reader));
  }
  return reader.fold(inherited, own);
}

function readCapability(
  name: string,
  place: Place,
  node: SourceNode,
  inherited: CapabilityDefinition | undefined,
  reader: TypeReader,
): CapabilityDefinition {
  const body: MapNode = node.kind === 'map' ? node : { kind: 'map', place, entries: new Map() };
  const named = node.kind === 'scalar' && !isAbsent(node) ? node : nodeAt(body, 'type');
  const type = named === undefined ? inherited?.type : reader.type('capability', named);
  if (named === undefined && inherited === undefined) {
    reader.missing(place, `The capability ${name.slice(0, 80)} has no type`, 'type');
  }
  const title = `The capability ${name.slice(0, 80)}`;
  reader.checkRefined(named?.place ?? place, title, type, inherited?.type);
  const base = inherited !== undefined && inherited.type === type ? inherited : type;
  checkNothingNew(body, 'properties', base?.properties, type, reader);
  checkNothingNew(body, 'attributes', base?.attributes, type, reader);
  const sources = reader.types<'node'>(
    ['node'],
    nodeAt(body, 'valid_source_node_types') ?? nodeAt(body, 'valid_source_types'),
  );
  const relationships = reader.types<'relationship'>(
    ['relationship'],
    nodeAt(body, 'valid_relationship_types'),
  );
  // 2.0 narrows what the capability type allows, 1.3 what the refined definition does.
  const before = reader.isTwo ? type : inherited;
  checkNarrower(body, 'valid_source_node_types', sources, before?.validSourceNodeTypes ?? [], reader);
  checkNarrower(
    body,
    'valid_relationship_types',
    relationships,
    before?.validRelationshipTypes ?? [],
    reader,
  );
  return {
    name,
    place,
    type,
    properties: readSchemas(body, 'properties', 'property', base?.properties, reader),
    attributes: readSchemas(body, 'attributes', 'attribute', base?.attributes, reader),
    validSourceNodeTypes: sources.length > 0 ? sources : (base?.validSourceNodeTypes ?? []),
    validRelationshipTypes: relationships.length > 0 ? relationships : (base?.validRelationshipTypes ?? []),
    occurrences: readOccurrences(body, reader) ??
      inherited?.occurrences ?? { least: reader.isTwo ? 0 : 1, most: Infinity },
  };
}

/** 2.0 lets a definition refine what its type has, and add nothing. */
function checkNothingNew(
  body: MapNode,
  section: 'properties' | 'attributes',
  known: ReadonlyMap<string, Schema> | undefined,
  type: CapabilityType | undefined,
  reader: TypeReader,
): void {
  if (!reader.isTwo || type === undefined || type.open || known === undefined || reader.open) return;
  for (const [name, { keyPlace }] of mapAt(body, section)?.entries ?? []) {
    if (known.has(name)) continue;
    reader.report.add(keyPlace, {
      code: section === 'properties' ? 'PROPERTY_UNKNOWN' : 'ATTRIBUTE_UNKNOWN',
      message: `${type.name} has no ${section === 'properties' ? 'property' : 'attribute'} ${name.slice(0, 80)} to refine`,
      expected: `one of ${[...known.keys()].slice(0, 20).join(', ')}`,
      nearest: () => nearestName(name, known.keys()),
    });
  }
}

/** A list of valid types may be narrowed, not widened; before 2.0 the standard says so of capability definitions only. */
export function checkNarrower(
  body: MapNode,
  section: string,
  own: readonly (NodeType | RelationshipType | CapabilityType)[],
  inherited: readonly (NodeType | RelationshipType | CapabilityType)[],
  reader: TypeReader,
): void {
  if (!reader.isStrict || inherited.length === 0) return;
  for (const type of own) {
    if (type.open || ancestry(type).some((each) => inherited.some((known) => each === known))) continue;
    reader.refinement(nodeAt(body, section)?.place ?? body.place, {
      message: `${type.name} derives from none of the types that were valid before`,
      expected: inherited.map(({ name }) => name).join(', '),
    });
  }
}
