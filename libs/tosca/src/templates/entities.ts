import { ancestry } from '../model/derivation.js';
import type { Schema } from '../model/schema.js';
import type {
  CapabilityDefinition,
  CapabilityType,
  InterfaceDefinition,
  NodeType,
  RelationshipType,
  RequirementDefinition,
} from '../model/types.js';
import type { MapNode } from '../source/source-node.js';
import type { Connection, Entity, FunctionScope, Lookup } from '../values/scope.js';
import type { DraftConnection } from './context.js';
import { mapAt } from './entries.js';
import { LazyLookup } from './lazy-lookup.js';
import { SlotLookup } from './slot-lookup.js';

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();
const HOSTED_ON = new Set(['tosca.relationships.HostedOn', 'HostedOn']);

interface NodeParts {
  title: string;
  type: NodeType | undefined;
  map: MapNode;
  connections: ReadonlyMap<string, DraftConnection[]>;
  incoming: ReadonlyMap<string, Connection[]>;
  scope: () => FunctionScope;
}

/** A node template as functions see it. Its connections may still be found after this; they are read when asked for. */
export function nodeEntity({ title, type, map, connections, incoming, scope }: NodeParts): Entity {
  const open = type?.open ?? true;
  const entity: Entity = {
    kind: 'node',
    title,
    open,
    properties: new SlotLookup(type?.properties ?? NOTHING, mapAt(map, 'properties'), scope),
    attributes: new SlotLookup(type?.attributes ?? NOTHING, mapAt(map, 'attributes'), scope),
    capabilities: new LazyLookup(
      () => type?.capabilities.keys() ?? [],
      (name) => {
        const definition = type?.capabilities.get(name);
        if (definition === undefined) return undefined;
        const assigned = mapAt(mapAt(map, 'capabilities'), name);
        return {
          ...capabilityEntity(definition, assigned, `capability ${name} of ${title}`, scope),
          node: entity,
          get incoming() {
            return incoming.get(name) ?? [];
          },
        };
      },
    ),
    requirements: new LazyLookup(
      () => [...new Set([...connections.keys(), ...(type?.requirements.keys() ?? [])])],
      (name) => {
        const known = connections.get(name);
        if (known !== undefined) return known;
        const definition = type?.requirements.get(name);
        return definition === undefined ? undefined : [openConnection(definition, entity, scope)];
      },
    ),
    get hosts() {
      const found = [...connections.values()].flat();
      for (const [name, definition] of type?.requirements ?? []) {
        if (!connections.has(name)) found.push(openConnection(definition, entity, scope));
      }
      return found.flatMap(({ hosting, target }) => (hosting && target !== undefined ? [target] : []));
    },
    interfaces: interfacesOf(type?.interfaces ?? NOTHING, mapAt(map, 'interfaces'), open),
    artifacts: {
      get: (name) => mapAt(map, 'artifacts')?.entries.get(name) ?? type?.artifacts.get(name),
      keys: () => [...(mapAt(map, 'artifacts')?.entries.keys() ?? []), ...(type?.artifacts.keys() ?? [])],
    },
  };
  return entity;
}

/** Do relationships of a type host their source on their target? */
export function isHosting(type: RelationshipType | undefined): boolean {
  return ancestry(type).some(({ name }) => HOSTED_ON.has(name));
}

function capabilityEntity(
  definition: CapabilityDefinition,
  assigned: MapNode | undefined,
  title: string,
  scope: () => FunctionScope,
): Entity {
  return {
    kind: 'capability',
    title,
    open: definition.type?.open ?? true,
    properties: new SlotLookup(definition.properties, mapAt(assigned, 'properties'), scope),
    attributes: new SlotLookup(definition.attributes, mapAt(assigned, 'attributes'), scope),
  };
}

export interface RelationshipParts {
  title: string;
  type: RelationshipType | undefined;
  properties: ReadonlyMap<string, Schema>;
  attributes: ReadonlyMap<string, Schema>;
  map: MapNode | undefined;
  source?: Entity | undefined;
  target?: Entity | undefined;
  capability?: Entity | undefined;
  scope: () => FunctionScope;
}

export function relationshipEntity(parts: RelationshipParts): Entity {
  const { title, type, properties, attributes, map, source, target, capability, scope } = parts;
  const open = type?.open ?? true;
  return {
    kind: 'relationship',
    title,
    open,
    properties: new SlotLookup(properties, mapAt(map, 'properties'), scope),
    attributes: new SlotLookup(attributes, mapAt(map, 'attributes'), scope),
    interfaces: interfacesOf(type?.interfaces ?? NOTHING, mapAt(map, 'interfaces'), open),
    source,
    target,
    capability,
  };
}

/** Something of a type whose template is not known: only what the type declares is known of it. */
export function typeEntity(type: NodeType, scope: () => FunctionScope): Entity {
  const parts = { title: `a node of type ${type.name}`, type, map: NO_MAP, scope };
  return { ...nodeEntity({ ...parts, connections: new Map(), incoming: new Map() }), open: true };
}

/** A capability of which only the type is known. */
export function capabilityTypeEntity(type: CapabilityType, scope: () => FunctionScope): Entity {
  return {
    kind: 'capability',
    title: `a capability of type ${type.name}`,
    open: true,
    properties: new SlotLookup(type.properties, undefined, scope),
    attributes: new SlotLookup(type.attributes, undefined, scope),
  };
}

const NO_MAP: MapNode = { kind: 'map', place: 0, entries: new Map() };
const OPEN: Entity = {
  kind: 'other',
  title: 'an unknown target',
  open: true,
  properties: NOTHING,
  attributes: NOTHING,
};

/** Where a requirement of a type leads when no template says: to something open. */
export function openConnection(
  definition: RequirementDefinition,
  source: Entity,
  scope: () => FunctionScope,
): DraftConnection {
  const target: Entity =
    definition.node === undefined ? { ...OPEN, kind: 'node' } : typeEntity(definition.node, scope);
  const capability =
    definition.capability === undefined
      ? { ...OPEN, kind: 'capability' as const }
      : capabilityTypeEntity(definition.capability, scope);
  const relationship = relationshipEntity({
    title: `the relationship of requirement ${definition.name}`,
    type: definition.relationship,
    properties: definition.relationshipProperties,
    attributes: definition.relationshipAttributes,
    map: undefined,
    source,
    target,
    capability,
    scope,
  });
  return { relationship, source, target, capability, hosting: isHosting(definition.relationship) };
}

export function groupEntity(
  title: string,
  properties: ReadonlyMap<string, Schema>,
  attributes: ReadonlyMap<string, Schema>,
  map: MapNode,
  open: boolean,
  scope: () => FunctionScope,
): Entity {
  return {
    kind: 'other',
    title,
    open,
    properties: new SlotLookup(properties, mapAt(map, 'properties'), scope),
    attributes: new SlotLookup(attributes, mapAt(map, 'attributes'), scope),
  };
}

/** By interface, by operation, its outputs; those that only the template names count too. */
function interfacesOf(
  definitions: ReadonlyMap<string, InterfaceDefinition>,
  assigned: MapNode | undefined,
  open: boolean,
): Lookup<Lookup<Lookup<unknown> | undefined>> {
  return {
    get: (name) => {
      const definition = definitions.get(name);
      const written = mapAt(assigned, name);
      if (definition === undefined && written === undefined) return open ? ANYTHING : undefined;
      return {
        get: (operation) =>
          definition?.operations.has(operation) === true ||
          mapAt(written, 'operations')?.entries.has(operation) === true ||
          written?.entries.has(operation) === true
            ? UNKNOWN_OUTPUTS
            : undefined,
        keys: () => definition?.operations.keys() ?? [],
      };
    },
    keys: () => definitions.keys(),
  };
}

/** Operations may give outputs that no one declared. */
const UNKNOWN_OUTPUTS: Lookup<unknown> = { get: () => true, keys: () => [] };
const ANYTHING: Lookup<Lookup<unknown>> = { get: () => UNKNOWN_OUTPUTS, keys: () => [] };
