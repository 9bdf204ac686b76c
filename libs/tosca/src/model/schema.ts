import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';

export const PRIMITIVES = [
  'string',
  'integer',
  'float',
  'boolean',
  'bytes',
  'nil',
  'timestamp',
  'version',
  'range',
  'list',
  'map',
  'scalar',
  'scalar-unit.size',
  'scalar-unit.time',
  'scalar-unit.frequency',
  'scalar-unit.bitrate',
  'any',
] as const;
export type Primitive = (typeof PRIMITIVES)[number];

/** What the values of a `scalar` type are counted in. */
export interface ScalarUnits {
  /** By unit, prefixes applied. */
  factors: ReadonlyMap<string, number>;
  /** A unit of factor 1. */
  canonical: string;
  /** Numbers before the unit are integers. */
  integer: boolean;
  /** What the number before the unit is; a float where this is left out. */
  number?: DataType;
  /** The unit that prefixes go with, where there are prefixes. */
  prefixed?: string;
}

/** A data type with what it inherits folded in. */
export interface DataType {
  kind: 'data';
  /** Its full name, e.g. `tosca.datatypes.Credential`; a primitive has its own. */
  name: string;
  place: Place;
  /** An ancestor is in a file that could not be read: it may have more than is known here, and may not be a struct. */
  open: boolean;
  parent?: DataType;
  /** What its values are where it is not a struct; a derived scalar or list has its ancestor's. */
  primitive?: Primitive;
  /** Of a struct, inherited ones first. */
  properties: ReadonlyMap<string, Schema>;
  /** Clauses that a value must meet, inherited ones first: items of 1.x `constraints`, or 2.0 `validation`. */
  constraints: readonly SourceNode[];
  entrySchema?: Schema;
  keySchema?: Schema;
  /** Of a `scalar` type of 2.0. */
  units?: ScalarUnits;
}

/** What a property, attribute, parameter or entry may hold. */
export interface Schema {
  place: Place;
  description: string;
  /** Undefined where the type is unknown, which was reported where it is named. */
  type: DataType | undefined;
  required: boolean;
  default?: SourceNode;
  /** Clauses beside those of its type. */
  constraints: readonly SourceNode[];
  entrySchema?: Schema;
  keySchema?: Schema;
  /** 2.0: the value is fixed by the type (`value` in a refinement, or 1.3's `equal` constraint is not this). */
  fixed?: SourceNode;
  status: 'supported' | 'unsupported' | 'experimental' | 'deprecated';
}
