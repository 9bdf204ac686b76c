import type { Schema } from '../model/schema.js';
import type { ToscaVersion } from '../model/version.js';
import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';

/** Things found by name; a `ReadonlyMap` is one. The names are only asked for to say which would have been right. */
export interface Lookup<T> {
  get(name: string): T | undefined;
  keys(): Iterable<string>;
}

/**
 * What the functions in a value can refer to. The templates make one scope for each owner of values (a node template,
 * a relationship, the outputs, …) and one for each type whose own values are checked before any template uses it.
 */
export interface FunctionScope {
  version: ToscaVersion;
  /** What SELF stands for; undefined where there is none, as in outputs and in the defaults of inputs. */
  self?: Entity | undefined;
  /** Undefined where it is not known which there are, as in a type: then every name passes. */
  inputs?: Lookup<Slot> | undefined;
  nodes?: Lookup<Entity> | undefined;
  relationships?: Lookup<Entity> | undefined;
  groups?: Lookup<Entity> | undefined;
  /** By the names usable in the file; for `get_nodes_of_type`. */
  nodeTypes?: Lookup<unknown> | undefined;
  /** Custom functions of 2.0. */
  functions?: Lookup<FunctionDefinition> | undefined;
}

/** What has properties and attributes: a node, a relationship, a capability, a group, a policy, a type of one of them. */
export interface Entity {
  kind: 'node' | 'relationship' | 'capability' | 'other';
  /** For findings: `node template web`, `capability endpoint of node template web`. */
  title: string;
  /** More than what is listed here may exist, as where a type is unknown or stands for what is derived from it. */
  open?: boolean;
  properties: Lookup<Slot>;
  attributes: Lookup<Slot>;
  /** Of a node. */
  capabilities?: Lookup<Entity>;
  /**
   * Of a node, by requirement: what it is connected to, in order. A requirement that is not fulfilled here (an abstract
   * target, a type's own requirement) has a connection whose node is open, so that what is known of its type is checked.
   */
  requirements?: Lookup<readonly Connection[]>;
  /** Of a node: what it is hosted on, by relationships derived from `tosca.relationships.HostedOn`; walked for HOST. */
  hosts?: readonly Entity[];
  /** Of a node or relationship: by interface, by operation, its outputs. Undefined: not known. */
  interfaces?: Lookup<Lookup<Lookup<unknown> | undefined>>;
  artifacts?: Lookup<unknown>;
  /** Of a capability: the relationships that end in it. */
  incoming?: readonly Connection[];
  /** Of a capability: its node. */
  node?: Entity | undefined;
  /** Of a relationship. */
  source?: Entity | undefined;
  target?: Entity | undefined;
  /** Of a relationship: the capability it ends in. */
  capability?: Entity | undefined;
}

export interface Connection {
  relationship: Entity;
  source: Entity | undefined;
  target: Entity | undefined;
  capability: Entity | undefined;
}

/**
 * A property, attribute or input: what it may hold and what it was given. The same object each time it is looked up:
 * its value is computed once, and a value that needs itself is found by it.
 */
export interface Slot {
  /** Undefined where the type is not known. */
  schema: Schema | undefined;
  /** As assigned, else the default; undefined where nothing is given, or only the running service will know it. */
  node: SourceNode | undefined;
  /** Where the functions in `node` are at home. */
  scope: FunctionScope;
}

/** One entry of `functions:` of 2.0. */
export interface FunctionDefinition {
  place: Place;
  name: string;
  signatures: readonly FunctionSignature[];
}

export interface FunctionSignature {
  arguments: readonly Schema[];
  optionalArguments: readonly Schema[];
  /** The last argument may come any number of times. */
  variadic: boolean;
  result: Schema | undefined;
}

/** Plain data with units converted and defaults of structs filled in; UNRESOLVED where it is not known yet. */
export type Value = unknown;
