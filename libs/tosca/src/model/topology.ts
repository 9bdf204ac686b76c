import type { SourceNode, UNRESOLVED } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { Schema } from './schema.js';
import type { Scope } from './types.js';
import type {
  ArtifactType,
  CapabilityType,
  GroupType,
  InterfaceType,
  NodeType,
  PolicyType,
  RelationshipType,
} from './types.js';
import type { ToscaVersion } from './version.js';

/**
 * A service template (2.0) or topology template (1.x) after its checks. What was found wrong is in the report; here it
 * is left out, or stands as UNRESOLVED, so that a caller can go on and find more.
 */
export interface Topology {
  file: string;
  place: Place;
  version: ToscaVersion;
  scope: Scope;
  /** Of the template, else of its file. */
  description: string;
  /** Of the file, with that of the template over it; plain values. */
  metadata: Readonly<Record<string, unknown>>;
  inputs: ReadonlyMap<string, InputParameter>;
  outputs: ReadonlyMap<string, OutputParameter>;
  nodes: ReadonlyMap<string, NodeTemplate>;
  relationships: ReadonlyMap<string, RelationshipTemplate>;
  groups: ReadonlyMap<string, GroupTemplate>;
  /** In the order of the text. */
  policies: ReadonlyMap<string, PolicyTemplate>;
  workflows: ReadonlyMap<string, Workflow>;
  /** Where the template can stand for a node of another one. */
  substitution?: Substitution;
}

/** What a property, attribute, input or parameter has been given. */
export interface Assigned {
  name: string;
  /** Of the value as written, else of what it belongs to. */
  place: Place;
  /**
   * Plain data: scalars with a unit as numbers of the unit of factor 1, functions evaluated, defaults filled in. A
   * property without value is not listed; UNRESOLVED, also deep inside, stands for what only the run will know.
   */
  value: unknown;
  /** False where `value` is the default of the type. */
  given: boolean;
  /** As written, for places inside the value; functions are still calls here. */
  node: SourceNode;
  /** Undefined for what the type does not declare and need not, as an operation's input. */
  schema: Schema | undefined;
}
export type Assignments = ReadonlyMap<string, Assigned>;

export interface InputParameter {
  name: string;
  place: Place;
  schema: Schema;
  /** As given by the caller, else the default; null for an optional one with neither; UNRESOLVED where not known. */
  value: unknown;
}

export interface OutputParameter {
  name: string;
  place: Place;
  description: string;
  schema: Schema | undefined;
  /** UNRESOLVED where it depends on the running service. */
  value: unknown;
}

interface TemplateBase {
  name: string;
  /** Of its name. */
  place: Place;
  description: string;
  metadata: Readonly<Record<string, unknown>>;
  properties: Assignments;
}

export interface NodeTemplate extends TemplateBase {
  /** Undefined where the type is unknown. */
  type: NodeType | undefined;
  /** In the words of 2.0: `create`, `select`, `substitute`. Empty stands for `create`. */
  directives: readonly string[];
  count: number | typeof UNRESOLVED;
  attributes: Assignments;
  /** All of the type's, assigned or not. */
  capabilities: ReadonlyMap<string, Capability>;
  /** Those written, then one for each mandatory one of the type that is not (`implicit`). */
  requirements: readonly Requirement[];
  interfaces: ReadonlyMap<string, Interface>;
  /** Those of its type, with its own over them. */
  artifacts: ReadonlyMap<string, Artifact>;
  nodeFilter?: SourceNode;
  /** Of a node to be substituted: the templates among the files of the compilation that are for nodes of its type. */
  substitutes: readonly Substitute[];
}

/** A template that may stand for a node. */
export interface Substitute {
  topology: Topology;
  /** Whether the node meets its substitution_filter, if it has one; undefined where that is not known yet. */
  meets: boolean | undefined;
}

export interface Capability {
  name: string;
  place: Place;
  node: NodeTemplate;
  type: CapabilityType | undefined;
  properties: Assignments;
  attributes: Assignments;
}

export interface Requirement {
  name: string;
  place: Place;
  /** The node template it names; undefined where an orchestrator is to select one. */
  target: NodeTemplate | undefined;
  /** 2.0: which of the representations of the target; UNRESOLVED where it depends on the node's own index. */
  targetIndex: unknown;
  /** Of the node to select, where no template is named; from the assignment, else from the type. */
  targetType: NodeType | undefined;
  /** Of the target; undefined where there is no target. */
  capability: Capability | undefined;
  capabilityType: CapabilityType | undefined;
  relationship: Relationship;
  count: number | typeof UNRESOLVED;
  optional: boolean;
  /** 2.0: `internal`, `external`. */
  directives: readonly string[];
  /** What it takes from properties of the target's capability. */
  allocation: Assignments;
  nodeFilters: readonly SourceNode[];
  /** Not written in the template: its type asks for it. */
  implicit: boolean;
}

export interface Relationship {
  /** Of the relationship template, where one is used. */
  template: string | undefined;
  type: RelationshipType | undefined;
  properties: Assignments;
  attributes: Assignments;
  interfaces: ReadonlyMap<string, Interface>;
}

export interface RelationshipTemplate extends TemplateBase {
  type: RelationshipType | undefined;
  attributes: Assignments;
  interfaces: ReadonlyMap<string, Interface>;
}

export interface Interface {
  name: string;
  place: Place;
  type: InterfaceType | undefined;
  inputs: Assignments;
  /** All that the type declares, implemented or not. */
  operations: ReadonlyMap<string, Operation>;
  notifications: ReadonlyMap<string, Operation>;
}

export interface Operation {
  name: string;
  place: Place;
  implementation?: Implementation;
  inputs: Assignments;
  /** Attribute mappings, as written. */
  outputs?: SourceNode;
}

export interface Implementation {
  place: Place;
  primary?: ArtifactReference;
  dependencies: readonly ArtifactReference[];
  /** Seconds. */
  timeout?: number;
  operationHost?: string;
}

export interface ArtifactReference {
  place: Place;
  /** The artifact's name in the template or type; else undefined. */
  artifact?: Artifact;
  file: string;
}

export interface Artifact {
  name: string;
  place: Place;
  type: ArtifactType | undefined;
  file: string;
  repository?: string;
  properties: Assignments;
  /** As written: the file's name, or a mapping with more (`checksum`, `deploy_path`, …). */
  node: SourceNode;
}

export interface GroupTemplate extends TemplateBase {
  type: GroupType | undefined;
  attributes: Assignments;
  members: readonly { place: Place; node?: NodeTemplate; group?: GroupTemplate }[];
  interfaces: ReadonlyMap<string, Interface>;
}

export interface PolicyTemplate extends TemplateBase {
  type: PolicyType | undefined;
  targets: readonly { place: Place; node?: NodeTemplate; group?: GroupTemplate }[];
  triggers: ReadonlyMap<string, Trigger>;
}

export interface Trigger {
  name: string;
  place: Place;
  event: string;
  /** `condition` (or 1.0's `constraint`), as written. */
  condition?: SourceNode;
  activities: readonly Activity[];
  /** As written. */
  node: SourceNode;
}

export type ActivityKind = 'delegate' | 'set_state' | 'call_operation' | 'inline';
export interface Activity {
  kind: ActivityKind;
  place: Place;
  /** A workflow, a state, or `interface.operation`. */
  name: string;
  inputs: Assignments;
}

export interface Workflow {
  name: string;
  place: Place;
  description: string;
  metadata: Readonly<Record<string, unknown>>;
  inputs: ReadonlyMap<string, Schema>;
  steps: ReadonlyMap<string, WorkflowStep>;
  implementation?: Implementation;
}

export interface WorkflowStep {
  name: string;
  place: Place;
  targetNode?: NodeTemplate;
  targetGroup?: GroupTemplate;
  /** A requirement of the target node. */
  targetRelationship?: string;
  activities: readonly Activity[];
  onSuccess: readonly string[];
  onFailure: readonly string[];
}

export interface Substitution {
  place: Place;
  nodeType: NodeType | undefined;
  /** 2.0: a condition; 1.3: a node filter. */
  filter?: SourceNode;
  /** By property of the substituted node: the input that takes its value. */
  properties: ReadonlyMap<string, string>;
  /** By attribute of the substituted node: the output that gives its value. */
  attributes: ReadonlyMap<string, string>;
  capabilities: ReadonlyMap<string, { node: NodeTemplate; capability: string }>;
  /** A requirement may be mapped more than once; without `requirement`, `node` is the one to be selected. */
  requirements: readonly { name: string; place: Place; node: NodeTemplate; requirement?: string }[];
  /** By interface, by operation: the workflow. */
  interfaces: ReadonlyMap<string, ReadonlyMap<string, string>>;
}
