import { nearestName } from '@underware/core';
import { fits } from '../model/derivation.js';
import type { Schema } from '../model/schema.js';
import type { CapabilityType, NodeType, RelationshipType, RequirementDefinition } from '../model/types.js';

import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { Entity } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, RelationshipDraft, TemplateContext } from './context.js';
import {
  capabilityTypeEntity,
  DraftConnection,
  isHosting,
  nodeOfType,
  openConnection,
  RelationshipEntity,
} from './entities.js';
import { NOTHING } from './lazy-map.js';
import { isEmpty, mapAt, namedItems, textOf } from './entries.js';
import { chooseCapability } from './choose-capability.js';
import { checkRelationshipFit } from './relationship-fit.js';

/** A requirement of a node template whose target and relationship were found, and not yet its values. */
export interface RequirementDraft {
  name: string;
  place: Place;
  definition: RequirementDefinition | undefined;
  /** The assignment in its long form; undefined for the short one and for what is not written. */
  map: MapNode | undefined;
  target: NodeDraft | undefined;
  targetPlace: Place;
  targetIndex: SourceNode | undefined;
  targetType: NodeType | undefined;
  /** Of the target. */
  capabilityName: string | undefined;
  capabilityType: CapabilityType | undefined;
  relationshipType: RelationshipType | undefined;
  relationshipTemplate: RelationshipDraft | undefined;
  relationshipMap: MapNode | undefined;
  relationshipProperties: ReadonlyMap<string, Schema>;
  relationshipAttributes: ReadonlyMap<string, Schema>;
  /** The relationship as functions see it. */
  entity: RelationshipEntity;
  implicit: boolean;
}

/** Finds the target, its capability and the relationship of every requirement of a node template. */
export function draftRequirements(node: NodeDraft, context: TemplateContext): RequirementDraft[] {
  const drafts: RequirementDraft[] = [];
  for (const [name, { keyPlace, node: value }] of namedItems(node.map.entries.get('requirements')?.node)) {
    const definition = node.type?.requirements.get(name);
    if (definition === undefined && node.type?.open === false) {
      const whole = !context.is2 && isWhole(value, context);
      context.add(keyPlace, {
        code: 'REQUIREMENT_UNKNOWN',
        // In 1.x one that says all that a definition would is understood.
        ...(whole ? { severity: 'warning' } : {}),
        message: `Node type ${node.type.name} has no requirement ${clip(name)}`,
        expected: oneOf(node.type.requirements.keys()),
        nearest: () => nearestName(name, node.type?.requirements.keys() ?? []),
      });
      if (!whole) continue;
    }
    drafts.push(draftRequirement(node, name, keyPlace, value, definition, context));
  }
  for (const [name, definition] of node.type?.requirements ?? []) {
    if (definition.occurrences.least === 0 || drafts.some((draft) => draft.name === name)) continue;
    drafts.push(implicitRequirement(node, name, definition));
  }
  return drafts;
}

/** Does an assignment name both a node template and a relationship? */
function isWhole(value: SourceNode, context: TemplateContext): boolean {
  if (value.kind !== 'map' || isEmpty(value.entries.get('relationship')?.node)) return false;
  return context.nodes.has(textOf(value.entries.get('node')?.node) ?? '');
}

function draftRequirement(
  node: NodeDraft,
  name: string,
  place: Place,
  value: SourceNode,
  definition: RequirementDefinition | undefined,
  context: TemplateContext,
): RequirementDraft {
  const map = value.kind === 'map' ? value : undefined;
  const targetNode = map === undefined ? value : map.entries.get('node')?.node;
  const found = findTarget(targetNode, context);
  const target = found.target;
  const targetType = target === undefined ? (found.type ?? definition?.node) : target.type;
  checkTargetType(name, targetNode, found, definition, context);
  const capability = chooseCapability({
    source: node,
    requirement: name,
    definition,
    wanted: map?.entries.get('capability')?.node,
    target,
    targetType,
    place: targetNode?.place ?? place,
    context,
  });
  const relationship = findRelationship(map?.entries.get('relationship')?.node, definition, context);
  checkRelationshipFit({
    source: node,
    requirement: name,
    definition,
    type: relationship.type,
    place: relationship.place ?? targetNode?.place ?? place,
    capabilityType: capability.type,
    capability: capability.name === undefined ? undefined : targetType?.capabilities.get(capability.name),
    targetType: target === undefined ? undefined : targetType,
    context,
  });
  const refined = relationship.type === undefined || relationship.type === definition?.relationship;
  const properties = refined ? definition?.relationshipProperties : relationship.type?.properties;
  const attributes = refined ? definition?.relationshipAttributes : relationship.type?.attributes;
  const targetPlace = targetNode === undefined || isEmpty(targetNode) ? place : targetNode.place;
  const relationshipProperties = properties ?? NOTHING;
  const relationshipAttributes = attributes ?? NOTHING;
  const draft: RequirementDraft = {
    name,
    place,
    definition,
    map,
    target,
    targetPlace,
    targetIndex: targetNode?.kind === 'list' ? targetNode.items[1] : undefined,
    targetType: target === undefined ? targetType : undefined,
    capabilityName: target === undefined ? undefined : capability.name,
    capabilityType: capability.type,
    relationshipType: relationship.type,
    relationshipTemplate: relationship.template,
    relationshipMap: relationship.map,
    relationshipProperties,
    relationshipAttributes,
    entity: new RelationshipEntity(
      `the relationship of requirement ${clip(name)} of ${node.entity.title}`,
      targetPlace,
      {
        properties: relationshipProperties,
        attributes: relationshipAttributes,
        interfaces: relationship.type?.interfaces ?? NOTHING,
        open: relationship.type?.open ?? true,
      },
      relationship.template?.map ?? relationship.map,
      context.functions,
    ),
    implicit: false,
  };
  connect(node, draft, context);
  return draft;
}

function implicitRequirement(
  node: NodeDraft,
  name: string,
  definition: RequirementDefinition,
): RequirementDraft {
  const connection = openConnection(definition, node.entity, node.entity.scope);
  node.entity.connections.set(name, [connection]);
  return {
    name,
    place: node.template.place,
    definition,
    map: undefined,
    target: undefined,
    targetPlace: node.template.place,
    targetIndex: undefined,
    targetType: definition.node,
    capabilityName: undefined,
    capabilityType: definition.capability,
    relationshipType: definition.relationship,
    relationshipTemplate: undefined,
    relationshipMap: undefined,
    relationshipProperties: definition.relationshipProperties,
    relationshipAttributes: definition.relationshipAttributes,
    entity: connection.relationship,
    implicit: true,
  };
}

interface Target {
  target?: NodeDraft;
  type?: NodeType | undefined;
}

/** A node template, else a node type to select from; undefined where nothing is said or the name was reported. */
function findTarget(written: SourceNode | undefined, context: TemplateContext): Target {
  const name = textOf(written?.kind === 'list' ? written.items[0] : written);
  const place = written?.kind === 'list' ? (written.items[0]?.place ?? written.place) : written?.place;
  if (name === undefined || place === undefined) return {};
  const target = context.nodes.get(name);
  if (target !== undefined) return { target };
  const type = context.file.scope.find('node', name);
  if (type !== undefined) return { type };
  // A template that is no mapping was reported as such, and a type may be in a file that was not read.
  const reported = mapAt(context.template, 'node_templates')?.entries.has(name) === true;
  if (reported || !context.file.scope.complete) return {};
  context.add(place, {
    code: 'REFERENCE_UNKNOWN',
    message: `There is no node template or node type ${clip(name)}`,
    expected: oneOf(context.nodes.keys()),
    nearest: () =>
      nearestName(name, context.nodes.keys()) ?? nearestName(name, context.file.scope.names('node')),
  });
  return {};
}

function checkTargetType(
  requirement: string,
  written: SourceNode | undefined,
  { target, type }: Target,
  definition: RequirementDefinition | undefined,
  context: TemplateContext,
): void {
  const found = target === undefined ? type : target.type;
  if (written === undefined || found === undefined || definition?.node === undefined) return;
  // A type to select from may be wider than what its definition asks for: both hold.
  const fine = fits(found, definition.node) || (target === undefined && fits(definition.node, found));
  if (fine) return;
  const wanted = definition.node;
  context.add(written.place, {
    code: 'REFERENCE_TYPE',
    // Files of 1.x go by the capability: an application on a web server, where a compute node is asked for.
    ...(!context.is2 && target !== undefined && offers(target, definition) ? { severity: 'warning' } : {}),
    message:
      target === undefined
        ? `Requirement ${clip(requirement)} needs a node of type ${wanted.name}, not ${found.name}`
        : `${clip(target.template.name)} is of type ${found.name}; requirement ${clip(requirement)} needs ${wanted.name}`,
    expected: oneOf(namesOfType(wanted, context)) ?? `a node of type ${wanted.name}`,
  });
}

function offers({ type }: NodeDraft, { capability: wanted }: RequirementDefinition): boolean {
  if (wanted === undefined || type === undefined) return false;
  return [...type.capabilities.values()].some(
    (capability) => capability.type !== undefined && fits(capability.type, wanted),
  );
}

/** Among the first node templates: the work for one finding is bounded. */
function* namesOfType(wanted: NodeType, context: TemplateContext): Iterable<string> {
  let left = 1000;
  for (const { type, template } of context.nodes.values()) {
    if (left-- === 0) return;
    if (type !== undefined && fits(type, wanted)) yield template.name;
  }
}

interface FoundRelationship {
  type: RelationshipType | undefined;
  template?: RelationshipDraft;
  map?: MapNode;
  /** Of the name of its type or template. */
  place?: Place;
}

function findRelationship(
  written: SourceNode | undefined,
  definition: RequirementDefinition | undefined,
  context: TemplateContext,
): FoundRelationship {
  const byDefault = definition?.relationship;
  if (written === undefined || isEmpty(written)) return { type: byDefault };
  const map = written.kind === 'map' ? written : undefined;
  const naming = map === undefined ? written : map.entries.get('type')?.node;
  const more = map === undefined ? {} : { map };
  const name = textOf(naming);
  if (naming === undefined || name === undefined) return { type: byDefault, ...more };
  const type = context.file.scope.find('relationship', name);
  const template = context.relationships.get(name);
  // The order of 2.0; 1.x leaves it open.
  if (type !== undefined) return { type, place: naming.place, ...more };
  if (template !== undefined) return { type: template.type, template, place: naming.place, ...more };
  if (context.file.scope.complete) {
    const near = nearestName(name, context.relationships.keys());
    if (near === undefined) context.unknownType('relationship', name, naming.place);
    else {
      context.add(naming.place, {
        code: 'REFERENCE_UNKNOWN',
        message: `There is no relationship template or type ${clip(name)}`,
        expected: oneOf(context.relationships.keys()),
        nearest: near,
      });
    }
  }
  return { type: undefined, ...more };
}

/** Makes the connection known to functions, on both of its sides. */
function connect(node: NodeDraft, draft: RequirementDraft, context: TemplateContext): void {
  const { entity, target, targetType, capabilityType, capabilityName } = draft;
  const { relationshipTemplate, relationshipType } = draft;
  const { functions } = context;
  const findTarget = (): Entity => target?.entity ?? nodeOfType(targetType, functions);
  const findCapability = (): Entity | undefined =>
    target !== undefined && capabilityName !== undefined
      ? target.entity.capabilities.get(capabilityName)
      : capabilityTypeEntity(capabilityType, functions);
  entity.connect(node.entity, findTarget, findCapability);
  relationshipTemplate?.entity.connect(node.entity, findTarget, findCapability);
  const connection = new DraftConnection(entity, isHosting(relationshipType));
  append(node.entity.connections, draft.name, connection);
  if (target !== undefined && capabilityName !== undefined) {
    append(target.entity.served, capabilityName, connection);
  }
}

interface Listed<T> {
  get(name: string): T[] | undefined;
  set(name: string, list: T[]): void;
}

function append<T>(map: Listed<T>, name: string, connection: T): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [connection]);
  else list.push(connection);
}
