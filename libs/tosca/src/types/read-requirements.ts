import { isAbsent } from '../grammar/fits.js';
import type { Schema } from '../model/schema.js';
import type { CapabilityType, NodeType, RequirementDefinition } from '../model/types.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { readInterfaces } from './read-interfaces.js';
import { readOccurrences } from './read-occurrences.js';
import { readSchemas } from './read-schema.js';
import { nodeAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

type Definitions = ReadonlyMap<string, RequirementDefinition>;

export function readRequirements(
  owner: MapNode,
  inherited: Definitions | undefined,
  reader: TypeReader,
): Definitions {
  const own = new Map<string, RequirementDefinition>();
  const list = nodeAt(owner, 'requirements');
  for (const item of list?.kind === 'list' ? list.items : []) {
    if (item.kind !== 'map') continue;
    for (const [name, { keyPlace, node }] of item.entries) {
      if (own.has(name)) reportSecond(name, keyPlace, reader);
      own.set(name, readRequirement(name, keyPlace, node, inherited?.get(name), reader));
    }
  }
  return reader.fold(inherited, own);
}

function reportSecond(name: string, place: Place, reader: TypeReader): void {
  reader.report.add(place, {
    code: 'NAME_DUPLICATE',
    ...(reader.isStrict ? {} : { severity: 'warning' }),
    message: `The requirement ${name.slice(0, 80)} is here a second time`,
    expected: 'every requirement once in a type',
  });
}

function readRequirement(
  name: string,
  place: Place,
  node: SourceNode,
  inherited: RequirementDefinition | undefined,
  reader: TypeReader,
): RequirementDefinition {
  const body: MapNode = node.kind === 'map' ? node : { kind: 'map', place, entries: new Map() };
  const target = reader.type('node', nodeAt(body, 'node')) ?? inherited?.node;
  if (nodeAt(body, 'node') !== undefined) checkRefinedNode(name, body, target, inherited, reader);
  const written = node.kind === 'scalar' && !isAbsent(node) ? node : nodeAt(body, 'capability');
  const capability = readCapability(name, written, target, inherited, reader);
  const relationship = readRelationship(name, body, inherited, reader);
  checkComplete(name, place, written, relationship.named, inherited, reader);
  const filter = nodeAt(body, 'node_filter') ?? inherited?.nodeFilter;
  return {
    name,
    place,
    ...capability,
    ...(target === undefined ? {} : { node: target }),
    ...relationship.definition,
    ...(filter === undefined ? {} : { nodeFilter: filter }),
    occurrences: occurrences(name, body, inherited, reader),
    open: !reader.scope.complete || inherited?.open === true,
  };
}

function checkRefinedNode(
  name: string,
  body: MapNode,
  target: NodeType | undefined,
  inherited: RequirementDefinition | undefined,
  reader: TypeReader,
): void {
  const place = nodeAt(body, 'node')?.place ?? body.place;
  reader.checkRefined(place, `The node of ${name.slice(0, 80)}`, target, inherited?.node);
}

function readCapability(
  name: string,
  written: SourceNode | undefined,
  target: NodeType | undefined,
  inherited: RequirementDefinition | undefined,
  reader: TypeReader,
): { capability?: CapabilityType; capabilityName?: string } {
  if (written?.kind !== 'scalar') {
    return {
      ...(inherited?.capability === undefined ? {} : { capability: inherited.capability }),
      ...(inherited?.capabilityName === undefined ? {} : { capabilityName: inherited.capabilityName }),
    };
  }
  const type = reader.scope.find('capability', written.text);
  if (type === undefined) {
    const symbolic = target?.capabilities.get(written.text);
    if (symbolic !== undefined) return { capabilityName: written.text, ...typeOf(symbolic.type) };
    // A target that is not known in full may have it under this name.
    if (target?.open !== true) reader.type('capability', written);
    return {};
  }
  reader.checkRefined(written.place, `The capability of ${name.slice(0, 80)}`, type, inherited?.capability);
  return { capability: type };
}

function typeOf(type: CapabilityType | undefined): { capability?: CapabilityType } {
  return type === undefined ? {} : { capability: type };
}

const NOTHING: ReadonlyMap<string, Schema> = new Map();

function readRelationship(
  name: string,
  body: MapNode,
  inherited: RequirementDefinition | undefined,
  reader: TypeReader,
): {
  named: boolean;
  definition: Pick<
    RequirementDefinition,
    'relationship' | 'relationshipProperties' | 'relationshipAttributes' | 'relationshipInterfaces'
  >;
} {
  const written = nodeAt(body, 'relationship');
  const named = written?.kind === 'map' ? nodeAt(written, 'type') : written;
  const type = named === undefined ? inherited?.relationship : reader.type('relationship', named);
  if (named !== undefined) {
    reader.checkRefined(
      named.place,
      `The relationship of ${name.slice(0, 80)}`,
      type,
      inherited?.relationship,
    );
  }
  const same = inherited !== undefined && inherited.relationship === type;
  const properties = same ? inherited.relationshipProperties : type?.properties;
  const attributes = same ? inherited.relationshipAttributes : type?.attributes;
  const interfaces = same ? inherited.relationshipInterfaces : type?.interfaces;
  const refined = written?.kind === 'map' ? written : undefined;
  return {
    named: named !== undefined,
    definition: {
      ...(type === undefined ? {} : { relationship: type }),
      relationshipProperties:
        refined === undefined
          ? (properties ?? NOTHING)
          : readSchemas(refined, 'properties', 'property', properties, reader),
      relationshipAttributes:
        refined === undefined
          ? (attributes ?? NOTHING)
          : readSchemas(refined, 'attributes', 'attribute', attributes, reader),
      relationshipInterfaces:
        refined === undefined ? (interfaces ?? new Map()) : readInterfaces(refined, interfaces, reader),
    },
  };
}

/** A capability every version wants, 2.0 a relationship too; a refinement has them from what it refines. */
function checkComplete(
  name: string,
  place: Place,
  capability: SourceNode | undefined,
  relationship: boolean,
  inherited: RequirementDefinition | undefined,
  reader: TypeReader,
): void {
  if (inherited !== undefined) return;
  const title = `The requirement ${name.slice(0, 80)}`;
  if (capability === undefined) {
    reader.missing(place, `${title} has no capability`, 'capability', reader.isStrict ? 'error' : 'warning');
  }
  // Mandatory in 2.0, and left out by many of its files: a relationship without a type is what they mean.
  if (!relationship && reader.isTwo) {
    reader.missing(place, `${title} has no relationship`, 'relationship', 'warning');
  }
}

function occurrences(
  name: string,
  body: MapNode,
  inherited: RequirementDefinition | undefined,
  reader: TypeReader,
): RequirementDefinition['occurrences'] {
  const own = readOccurrences(body, reader);
  if (own === undefined)
    return inherited?.occurrences ?? (reader.isTwo ? { least: 0, most: Infinity } : { least: 1, most: 1 });
  const range = inherited?.occurrences;
  if (reader.isTwo && range !== undefined && (own.least < range.least || own.most > range.most)) {
    reader.refinement(nodeAt(body, 'count_range')?.place ?? body.place, {
      message: `The count of ${name.slice(0, 80)} goes beyond the inherited one`,
      expected: `within [ ${range.least}, ${range.most === Infinity ? 'UNBOUNDED' : range.most} ]`,
    });
  }
  return own;
}
