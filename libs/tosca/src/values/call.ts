import type { Note } from '../finding.js';
import type { Primitive, Schema } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { isRecord } from './compare.js';
import type { Patterns } from './pattern.js';
import { primitiveSchema } from './primitive-schema.js';
import type { Value } from './scope.js';
import { withArticle } from './shown.js';

/** What an expression gives: its value as far as it is known, and what kind of value it is. */
export interface Result {
  value: Value;
  schema: Schema | undefined;
}

/** A call of a function, as the function sees it. */
export interface Call {
  /** As written: `get_input`, `$get_input`. */
  name: string;
  place: Place;
  edition: '1.x' | '2.0';
  args: readonly SourceNode[];
  /** The value of an argument; a literal is read as a value of `wanted`. */
  read(index: number, wanted?: Schema): Result;
  /** Whether the argument is a call itself, and knows its type without being told. */
  isCall(index: number): boolean;
  add(place: Place, note: Note): void;
  patterns: Patterns;
}

export const UNKNOWN: Result = { value: UNRESOLVED, schema: undefined };

export function unresolved(primitive: Primitive): Result {
  return { value: UNRESOLVED, schema: primitiveSchema(primitive) };
}

export function resultOf(primitive: Primitive, value: Value | undefined): Result {
  return { value: value === undefined ? UNRESOLVED : value, schema: primitiveSchema(primitive) };
}

export type Kind = Primitive | 'struct';

/** What a result is, from its type or else from its value; undefined where neither is known. */
export function kindOf({ value, schema }: Result): Kind | undefined {
  const type = schema?.type;
  if (type !== undefined && !type.open && type.primitive !== 'any') return type.primitive ?? 'struct';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  if (value === null) return 'nil';
  if (Array.isArray(value)) return 'list';
  return isRecord(value) ? 'map' : undefined;
}

/** Reads an argument that must be of one of the kinds; otherwise reports it and gives UNKNOWN. */
export function argument(call: Call, index: number, kinds: readonly Kind[], wanted?: Schema): Result {
  const result = call.read(index, wanted);
  const kind = kindOf(result);
  if (kind === undefined || kinds.includes(kind)) return result;
  // 1.x says little of what its functions take, and its tools look at nothing but literals.
  if (call.edition === '1.x' && call.isCall(index)) return UNKNOWN;
  const node = call.args[index];
  call.add(node?.place ?? call.place, {
    code: 'FUNCTION_INVALID',
    message: `Argument ${index + 1} of ${call.name} is ${withArticle(kind)}`,
    expected: kinds.map(withArticle).join(' or '),
  });
  return UNKNOWN;
}
