import type { Primitive, Schema } from '../model/schema.js';
import { argument, kindOf } from './call.js';
import type { Call, Kind, Result } from './call.js';
import { withArticle } from './shown.js';

/** A function whose result depends on its arguments alone. */
export interface PureFunction {
  /** How many arguments. */
  least: number;
  most: number;
  run(call: Call): Result;
}

export const BOOLEAN: readonly Kind[] = ['boolean'];
export const NUMBERS: readonly Kind[] = ['integer', 'float'];
export const SCALARS: readonly Kind[] = [
  'scalar',
  'scalar-unit.size',
  'scalar-unit.time',
  'scalar-unit.frequency',
  'scalar-unit.bitrate',
];
export const QUANTITIES: readonly Kind[] = [...NUMBERS, ...SCALARS];
export const COLLECTIONS: readonly Kind[] = ['list', 'map', 'struct'];

/** Reads two arguments of one type: a literal is read as what the other one is. */
export function readPair(call: Call, kinds?: readonly Kind[]): [Result, Result] {
  const read = (index: number, wanted?: Schema): Result =>
    kinds === undefined ? call.read(index, wanted) : argument(call, index, kinds, wanted);
  if (!call.isCall(0) && call.isCall(1)) {
    const second = read(1);
    return [read(0, second.schema), second];
  }
  const first = read(0);
  return [first, read(1, first.schema)];
}

/** The kind that both have; two that cannot be compared are reported. */
export function checkSameKind(call: Call, a: Result, b: Result): Primitive | undefined {
  const first = kindOf(a);
  const second = kindOf(b);
  if (first !== undefined && second !== undefined && first !== second && !areAlike(first, second)) {
    call.add(call.place, {
      code: 'FUNCTION_INVALID',
      message: `The arguments of ${call.name} are ${withArticle(first)} and ${withArticle(second)}`,
      expected: 'two values of the same type',
    });
  }
  const kind = first ?? second;
  return kind === 'struct' ? undefined : kind;
}

/** An integer is as good as a float, and either stands for so many of a scalar's units, as the standard's examples do. */
function areAlike(a: Kind, b: Kind): boolean {
  if (NUMBERS.includes(a)) return QUANTITIES.includes(b);
  if (NUMBERS.includes(b)) return QUANTITIES.includes(a);
  return (a === 'struct' && b === 'map') || (a === 'map' && b === 'struct');
}
