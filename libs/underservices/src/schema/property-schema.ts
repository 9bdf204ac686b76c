/**
 * The schema language of properties: TOSCA's property definitions as data, so that one table serves the models of
 * underservices, the node types of the descriptor, its inputs and, later, a profile file generated from it.
 */
export interface PropertySchema {
  /** A primitive (`string`, `integer`, `float`, `boolean`, `list`, `map`, `scalar-unit.size`, `scalar-unit.time`, `any`) or a name of `DataTypes`. */
  type: string;
  description: string;
  /** Default true, as in TOSCA; a property with a default may be left out. */
  required?: boolean;
  default?: unknown;
  constraints?: Constraint[];
  /** list and map: what each entry is. */
  entrySchema?: PropertySchema;
}

export type Constraint =
  | { kind: 'valid_values'; values: readonly unknown[] }
  | { kind: 'in_range'; min: number; max: number }
  | { kind: 'equal'; value: unknown }
  | { kind: 'greater_than'; value: number }
  | { kind: 'greater_or_equal'; value: number }
  | { kind: 'less_than'; value: number }
  | { kind: 'less_or_equal'; value: number }
  | { kind: 'length'; value: number }
  | { kind: 'min_length'; value: number }
  | { kind: 'max_length'; value: number }
  | { kind: 'pattern'; pattern: string };

export type PropertySchemas = Readonly<Record<string, PropertySchema>>;

/** A struct with properties, or a scalar with a grammar of its own (an address, a port range). */
export type DataType =
  | { kind: 'struct'; description: string; properties: PropertySchemas }
  | { kind: 'scalar'; description: string; expected: string; accepts: (value: unknown) => boolean };

export type DataTypes = ReadonlyMap<string, DataType>;

/** Stands for a value that is not known yet, e.g. an input without a value: every check passes it by. */
export const UNRESOLVED: unique symbol = Symbol('unresolved');

/** Something wrong with a value, at a path into it; who holds the source turns the path into line and column. */
export interface ModelFinding {
  code: string;
  severity: 'error' | 'warning';
  path: (string | number)[];
  /** `key`: the name at the end of the path is what is wrong, not its value. */
  at: 'key' | 'value';
  message: string;
  expected?: string;
  nearest?: string;
}
