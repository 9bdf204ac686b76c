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
import type { Place } from '../source/sources.js';
import type { Connection, Entity, FunctionScope, Lookup, Slot } from '../values/scope.js';
import { clip } from '../values/shown.js';
import { mapAt } from './entries.js';
import { LazyMap, NOTHING } from './lazy-map.js';
import { SlotLookup } from './slot-lookup.js';

/** What has properties and attributes by its type and what is written of it. */
interface Described {
  properties: ReadonlyMap<string, Schema>;
  attributes: ReadonlyMap<string, Schema>;
  interfaces?: ReadonlyMap<string, InterfaceDefinition>;
  open: boolean;
}

const UNKNOWN: Described = { properties: NOTHING, attributes: NOTHING, open: true };

/**
 * A template as functions see it. Parts are made when they are first asked for: most templates are never referred to.
 * Its own values see the same scope, with itself as SELF.
 */
export class TemplateEntity implements Entity {
  readonly open: boolean;
  private ownProperties: Lookup<Slot> | undefined;
  private ownAttributes: Lookup<Slot> | undefined;
  private ownScope: FunctionScope | undefined;

  constructor(
    readonly kind: Entity['kind'],
    readonly title: string,
    /** Of its name, or of what stands for it. */
    readonly place: Place,
    protected readonly described: Described | undefined,
    protected readonly map: MapNode | undefined,
    /** The scope of its surroundings; its own is the same with itself as SELF, or just this one. */
    private readonly outer: FunctionScope,
    private readonly isSelf: boolean,
  ) {
    this.open = described?.open ?? true;
  }

  get scope(): FunctionScope {
    this.ownScope ??= this.isSelf ? { ...this.outer, self: this } : this.outer;
    return this.ownScope;
  }

  get properties(): Lookup<Slot> {
    const { properties } = this.described ?? UNKNOWN;
    this.ownProperties ??= new SlotLookup(properties, mapAt(this.map, 'properties'), () => this.scope);
    return this.ownProperties;
  }

  get attributes(): Lookup<Slot> {
    const { attributes } = this.described ?? UNKNOWN;
    this.ownAttributes ??= new SlotLookup(attributes, mapAt(this.map, 'attributes'), () => this.scope);
    return this.ownAttributes;
  }

  get interfaces(): Entity['interfaces'] & object {
    const definitions = this.described?.interfaces ?? NOTHING;
    return interfacesOf(definitions, mapAt(this.map, 'interfaces'), this.open);
  }
}

export class NodeEntity extends TemplateEntity {
  /** By requirement; filled once the requirements of all nodes have found their targets. */
  readonly connections = new LateMap<DraftConnection[]>();
  /** By capability: what ends in it. */
  readonly served = new LateMap<Connection[]>();
  private ownCapabilities: Lookup<Entity> | undefined;

  constructor(
    title: string,
    place: Place,
    readonly type: NodeType | undefined,
    map: MapNode,
    outer: FunctionScope,
  ) {
    super('node', title, place, type, map, outer, true);
  }

  get capabilities(): Lookup<Entity> {
    this.ownCapabilities ??= new LazyMap<Entity>(NOTHING, this.type?.capabilities ?? NOTHING, (name) => {
      const definition = this.type?.capabilities.get(name);
      return definition === undefined ? undefined : new CapabilityEntity(definition, this, this.map);
    });
    return this.ownCapabilities;
  }

  get requirements(): Lookup<readonly Connection[]> {
    const definitions = this.type?.requirements ?? NOTHING;
    return new LazyMap<readonly Connection[]>(this.connections, definitions, (name) => {
      const definition = definitions.get(name);
      return definition && [openConnection(definition, this, this.scope)];
    });
  }

  get hosts(): readonly Entity[] {
    const found = [...this.connections.values()].flat();
    for (const [name, definition] of this.type?.requirements ?? []) {
      if (!this.connections.has(name)) found.push(openConnection(definition, this, this.scope));
    }
    return found.flatMap(({ hosting, target }) => (hosting && target !== undefined ? [target] : []));
  }

  get artifacts(): Lookup<unknown> {
    const own = mapAt(this.map, 'artifacts')?.entries ?? NOTHING;
    const ofType = this.type?.artifacts ?? NOTHING;
    return new LazyMap<unknown>(own, ofType, (name) => ofType.get(name));
  }
}

/** A map that most nodes never put anything into. */
class LateMap<T> {
  private entries: Map<string, T> | undefined;

  get(name: string): T | undefined {
    return this.entries?.get(name);
  }

  has(name: string): boolean {
    return this.entries?.has(name) === true;
  }

  set(name: string, value: T): void {
    this.entries ??= new Map();
    this.entries.set(name, value);
  }

  keys(): Iterable<string> {
    return this.entries?.keys() ?? [];
  }

  values(): Iterable<T> {
    return this.entries?.values() ?? [];
  }
}

class CapabilityEntity extends TemplateEntity {
  constructor(
    definition: CapabilityDefinition,
    readonly node: NodeEntity,
    map: MapNode | undefined,
  ) {
    const { name, properties, attributes, type } = definition;
    const described = { properties, attributes, open: type?.open ?? true };
    const written = mapAt(mapAt(map, 'capabilities'), name);
    // SELF in its values is the node.
    super(
      'capability',
      `capability ${clip(name)} of ${node.title}`,
      node.place,
      described,
      written,
      node.scope,
      false,
    );
    this.name = name;
  }

  private readonly name: string;

  get incoming(): readonly Connection[] {
    return this.node.served.get(this.name) ?? [];
  }
}

type Later<T> = () => T;

export class RelationshipEntity extends TemplateEntity {
  source: Entity | undefined;
  private findTarget: Later<Entity | undefined> | undefined;
  private findCapability: Later<Entity | undefined> | undefined;

  constructor(
    title: string,
    place: Place,
    described: Described | undefined,
    map: MapNode | undefined,
    outer: FunctionScope,
  ) {
    super('relationship', title, place, described, map, outer, true);
  }

  /** Leads from a source to a target; of a template that more than one uses, the first counts. */
  connect(source: Entity, target: Later<Entity | undefined>, capability: Later<Entity | undefined>): void {
    if (this.source !== undefined) return;
    this.source = source;
    this.findTarget = target;
    this.findCapability = capability;
  }

  get target(): Entity | undefined {
    return this.findTarget?.();
  }

  get capability(): Entity | undefined {
    return this.findCapability?.();
  }
}

/** The connection that a relationship makes, and whether it hosts its source. */
export class DraftConnection implements Connection {
  constructor(
    readonly relationship: RelationshipEntity,
    readonly hosting: boolean,
  ) {}

  get source(): Entity | undefined {
    return this.relationship.source;
  }

  get target(): Entity | undefined {
    return this.relationship.target;
  }

  get capability(): Entity | undefined {
    return this.relationship.capability;
  }
}

const HOSTED_ON = new Set(['tosca.relationships.HostedOn', 'HostedOn']);

/** Do relationships of a type host their source on their target? */
export function isHosting(type: RelationshipType | undefined): boolean {
  for (let each = type; each !== undefined; each = each.parent) if (HOSTED_ON.has(each.name)) return true;
  return false;
}

/** A node of which only the type is known: there may be more, and nothing is known of what it is connected to. */
export function typeEntity(type: NodeType, scope: FunctionScope): Entity {
  const of = new NodeEntity(`a node of type ${type.name}`, type.place, type, NO_MAP, scope);
  return {
    kind: 'node',
    title: of.title,
    open: true,
    get properties() {
      return of.properties;
    },
    get attributes() {
      return of.attributes;
    },
    get capabilities() {
      return of.capabilities;
    },
    get requirements() {
      return of.requirements;
    },
    get interfaces() {
      return interfacesOf(type.interfaces, undefined, true);
    },
    hosts: [],
    artifacts: type.artifacts,
  };
}

/** A node of exactly a type. */
export function exactTypeEntity(type: NodeType, scope: FunctionScope): Entity {
  return new NodeEntity(`node type ${type.name}`, type.place, type, NO_MAP, scope);
}

/** What a requirement leads to where no template is named; its type need not be known either. */
export function nodeOfType(type: NodeType | undefined, scope: FunctionScope): Entity {
  if (type !== undefined) return typeEntity(type, scope);
  return new TemplateEntity('node', 'an unknown node', 0, undefined, undefined, scope, false);
}

const NO_MAP: MapNode = { kind: 'map', place: 0, entries: new Map() };

/** A capability of which only the type is known. */
export function capabilityTypeEntity(type: CapabilityType | undefined, scope: FunctionScope): Entity {
  const title = type === undefined ? 'a capability' : `a capability of type ${type.name}`;
  const described = type === undefined ? undefined : { ...pick(type), open: true };
  return new TemplateEntity('capability', title, type?.place ?? 0, described, undefined, scope, false);
}

function pick({ properties, attributes }: Described): Pick<Described, 'properties' | 'attributes'> {
  return { properties, attributes };
}

/** Where a requirement of a type leads when no template says: to something of which only types are known. */
export function openConnection(
  definition: RequirementDefinition,
  source: TemplateEntity,
  scope: FunctionScope,
): DraftConnection {
  const { place } = source;
  const relationship = new RelationshipEntity(
    `the relationship of requirement ${clip(definition.name)}`,
    place,
    {
      properties: definition.relationshipProperties,
      attributes: definition.relationshipAttributes,
      interfaces: definition.relationshipInterfaces,
      open: definition.relationship?.open ?? true,
    },
    undefined,
    scope,
  );
  relationship.connect(
    source,
    () => nodeOfType(definition.node, scope),
    () => capabilityTypeEntity(definition.capability, scope),
  );
  return new DraftConnection(relationship, isHosting(definition.relationship));
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
      const has = (operation: string): boolean =>
        definition?.operations.has(operation) === true ||
        mapAt(written, 'operations')?.entries.has(operation) === true ||
        written?.entries.has(operation) === true;
      return {
        get: (operation) => (has(operation) ? UNKNOWN_OUTPUTS : undefined),
        keys: () => definition?.operations.keys() ?? [],
      };
    },
    keys: () => definitions.keys(),
  };
}

/** Operations may give outputs that no one declared. */
const UNKNOWN_OUTPUTS: Lookup<unknown> = { get: () => true, keys: () => [] };
const ANYTHING: Lookup<Lookup<unknown>> = { get: () => UNKNOWN_OUTPUTS, keys: () => [] };
