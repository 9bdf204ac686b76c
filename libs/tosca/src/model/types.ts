import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { DataType, Schema } from './schema.js';
import type { FunctionDefinition } from '../values/scope.js';
import type { ToscaVersion } from './version.js';

export const TYPE_KINDS = [
  'artifact',
  'data',
  'capability',
  'interface',
  'relationship',
  'node',
  'group',
  'policy',
] as const;
export type TypeKind = (typeof TYPE_KINDS)[number];

/** Where the names in one file are looked up: its own definitions and those that it imports, under their prefixes. */
export interface Scope {
  file: string;
  version: ToscaVersion;
  /** False where an import could not be read: a name that is unknown here may be defined there. */
  complete: boolean;
  /** A type by the name that this file uses for it; also by the short name of a normative one. */
  find<Kind extends TypeKind>(kind: Kind, name: string): TypesByKind[Kind] | undefined;
  /** Every name that `find` knows, to look for the nearest. */
  names(kind: TypeKind): Iterable<string>;
  /** The names of its own repositories. */
  repositories: ReadonlySet<string>;
  /** Custom functions of 2.0, by the names that this file calls them. */
  functions: ReadonlyMap<string, FunctionDefinition>;
}

/** What every type has, with what it inherits folded in. */
export interface TypeBase {
  /** As it is defined, e.g. `tosca.nodes.Compute`; a prefix of the file that uses it is not part of it. */
  name: string;
  place: Place;
  /** Where the names in its definition are looked up. */
  scope: Scope;
  /** Its definition as written; without what it inherits. */
  node: MapNode;
  description: string;
  /** An ancestor is in a file that could not be read: it may have more than is known here. */
  open: boolean;
}

export interface NodeType extends TypeBase {
  kind: 'node';
  parent?: NodeType;
  properties: ReadonlyMap<string, Schema>;
  attributes: ReadonlyMap<string, Schema>;
  capabilities: ReadonlyMap<string, CapabilityDefinition>;
  /** In the order of definition, inherited ones first. */
  requirements: ReadonlyMap<string, RequirementDefinition>;
  interfaces: ReadonlyMap<string, InterfaceDefinition>;
  artifacts: ReadonlyMap<string, ArtifactDefinition>;
}

export interface RelationshipType extends TypeBase {
  kind: 'relationship';
  parent?: RelationshipType;
  properties: ReadonlyMap<string, Schema>;
  attributes: ReadonlyMap<string, Schema>;
  interfaces: ReadonlyMap<string, InterfaceDefinition>;
  /** Capability types that it may end in; none: any. Of 1.x, `valid_target_types` that name capability types. */
  validCapabilityTypes: readonly CapabilityType[];
  validTargetNodeTypes: readonly NodeType[];
  validSourceNodeTypes: readonly NodeType[];
}

export interface CapabilityType extends TypeBase {
  kind: 'capability';
  parent?: CapabilityType;
  properties: ReadonlyMap<string, Schema>;
  attributes: ReadonlyMap<string, Schema>;
  /** Node types that may require it; none: any. */
  validSourceNodeTypes: readonly NodeType[];
  validRelationshipTypes: readonly RelationshipType[];
}

export interface InterfaceType extends TypeBase {
  kind: 'interface';
  parent?: InterfaceType;
  inputs: ReadonlyMap<string, Schema>;
  operations: ReadonlyMap<string, OperationDefinition>;
  notifications: ReadonlyMap<string, OperationDefinition>;
}

export interface ArtifactType extends TypeBase {
  kind: 'artifact';
  parent?: ArtifactType;
  properties: ReadonlyMap<string, Schema>;
  mimeType: string;
  fileExtensions: readonly string[];
}

export interface GroupType extends TypeBase {
  kind: 'group';
  parent?: GroupType;
  properties: ReadonlyMap<string, Schema>;
  attributes: ReadonlyMap<string, Schema>;
  /** Node types that may be members; none: any. */
  members: readonly NodeType[];
  /** Of 1.0 to 1.2 only. */
  interfaces: ReadonlyMap<string, InterfaceDefinition>;
}

export interface PolicyType extends TypeBase {
  kind: 'policy';
  parent?: PolicyType;
  properties: ReadonlyMap<string, Schema>;
  attributes: ReadonlyMap<string, Schema>;
  /** Node and group types that may be targets; none: any. */
  targets: readonly (NodeType | GroupType)[];
  /** Trigger definitions by name, as written. */
  triggers: ReadonlyMap<string, SourceNode>;
}

export interface TypesByKind {
  artifact: ArtifactType;
  data: DataType;
  capability: CapabilityType;
  interface: InterfaceType;
  relationship: RelationshipType;
  node: NodeType;
  group: GroupType;
  policy: PolicyType;
}
export type ToscaType = TypesByKind[TypeKind];

/** How many; `most` is Infinity for UNBOUNDED. */
export interface Occurrences {
  least: number;
  most: number;
}

export interface CapabilityDefinition {
  name: string;
  place: Place;
  /** Undefined where the type is unknown, which was reported. */
  type: CapabilityType | undefined;
  /** Those of its type with what this definition refines or adds. */
  properties: ReadonlyMap<string, Schema>;
  attributes: ReadonlyMap<string, Schema>;
  validSourceNodeTypes: readonly NodeType[];
  validRelationshipTypes: readonly RelationshipType[];
  /** How many relationships it may serve; 1.x only, else [0, Infinity]. */
  occurrences: Occurrences;
}

export interface RequirementDefinition {
  name: string;
  place: Place;
  capability?: CapabilityType;
  /** Where `capability` names a capability of the target's node type and not a capability type. */
  capabilityName?: string;
  node?: NodeType;
  relationship?: RelationshipType;
  /** Schemas of the relationship, with what the definition refines. */
  relationshipProperties: ReadonlyMap<string, Schema>;
  relationshipAttributes: ReadonlyMap<string, Schema>;
  relationshipInterfaces: ReadonlyMap<string, InterfaceDefinition>;
  nodeFilter?: SourceNode;
  /** 1.x `occurrences`, 2.0 `count_range`; by default 1 to 1, in 2.0 0 to UNBOUNDED. */
  occurrences: Occurrences;
  /** A name in it could not be found because a file was not read: do not conclude from what is missing. */
  open: boolean;
}

export interface InterfaceDefinition {
  name: string;
  place: Place;
  type: InterfaceType | undefined;
  inputs: ReadonlyMap<string, Schema>;
  operations: ReadonlyMap<string, OperationDefinition>;
  notifications: ReadonlyMap<string, OperationDefinition>;
}

export interface OperationDefinition {
  name: string;
  place: Place;
  inputs: ReadonlyMap<string, Schema>;
  /** Attribute mappings, as written. */
  outputs?: SourceNode;
  /** A string, or a mapping with `primary`, as written. */
  implementation?: SourceNode;
}

export interface ArtifactDefinition {
  name: string;
  place: Place;
  type: ArtifactType | undefined;
  /** As written: the file's name, or a mapping. */
  node: SourceNode;
  file: string;
}
