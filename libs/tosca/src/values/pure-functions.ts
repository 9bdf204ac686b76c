import type { Primitive, Schema } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import { argument, kindOf, resultOf, UNKNOWN, unresolved } from './call.js';
import type { Call, Kind, Result } from './call.js';
import { all, any, COMPARABLE, compareValues, equalValues, isRecord, lengthOf } from './compare.js';
import { readPattern } from './pattern.js';
import { entrySchemaOf, listSchema, primitiveSchema } from './primitive-schema.js';
import type { Value } from './scope.js';

/** A function whose result depends on its arguments alone. */
export interface PureFunction {
  /** How many arguments. */
  least: number;
  most: number;
  run(call: Call): Result;
}

const BOOLEAN: readonly Kind[] = ['boolean'];
const NUMBERS: readonly Kind[] = ['integer', 'float'];
const SCALARS: readonly Kind[] = [
  'scalar',
  'scalar-unit.size',
  'scalar-unit.time',
  'scalar-unit.frequency',
  'scalar-unit.bitrate',
];
const QUANTITIES: readonly Kind[] = [...NUMBERS, ...SCALARS];
const COLLECTIONS: readonly Kind[] = ['list', 'map', 'struct'];

/** The functions of 2.0 that query no graph. */
export const PURE_FUNCTIONS: ReadonlyMap<string, PureFunction> = new Map<string, PureFunction>([
  ['and', logic(2, Infinity, all)],
  ['or', logic(2, Infinity, any)],
  ['not', logic(1, 1, ([first]) => (first === undefined ? undefined : !first))],
  ['xor', logic(2, 2, ([a, b]) => (a === undefined || b === undefined ? undefined : a !== b))],
  ['equal', { least: 2, most: 2, run: runEqual }],
  ['greater_than', comparison((order) => order > 0)],
  ['greater_or_equal', comparison((order) => order >= 0)],
  ['less_than', comparison((order) => order < 0)],
  ['less_or_equal', comparison((order) => order <= 0)],
  ['valid_values', { least: 2, most: 2, run: runValidValues }],
  ['in_range', { least: 2, most: 2, run: runInRange }],
  ['matches', { least: 2, most: 2, run: (call) => runMatches(call, false) }],
  ['pattern', { least: 2, most: 2, run: (call) => runMatches(call, true) }],
  ['has_suffix', sequence((whole, part) => sameRun(whole, part, whole.length - part.length))],
  ['has_prefix', sequence((whole, part) => sameRun(whole, part, 0))],
  ['contains', sequence(containsRun)],
  ['has_entry', { least: 2, most: 2, run: runHasEntry }],
  ['has_key', { least: 2, most: 2, run: runHasKey }],
  ['has_all_entries', membership(valuesOf, COLLECTIONS, all)],
  ['has_any_entry', membership(valuesOf, COLLECTIONS, any)],
  ['has_all_keys', membership(keysOf, ['map', 'struct'], all)],
  ['has_any_key', membership(keysOf, ['map', 'struct'], any)],
  ['length', { least: 1, most: 1, run: runLength }],
  ['min_length', lengthComparison((length, wanted) => length >= wanted)],
  ['max_length', lengthComparison((length, wanted) => length <= wanted)],
  ['concat', { least: 1, most: Infinity, run: runConcat }],
  ['join', { least: 1, most: 2, run: runJoin }],
  ['token', { least: 3, most: 3, run: runToken }],
  ['union', { least: 1, most: Infinity, run: (call) => runSets(call, union) }],
  ['intersection', { least: 1, most: Infinity, run: (call) => runSets(call, intersection) }],
  ['sum', { least: 1, most: Infinity, run: (call) => runSame(call, (a, b) => a + b) }],
  ['difference', { least: 2, most: 2, run: (call) => runSame(call, (a, b) => a - b) }],
  ['product', { least: 1, most: Infinity, run: runProduct }],
  ['quotient', { least: 2, most: 2, run: runQuotient }],
  ['remainder', { least: 2, most: 2, run: runRemainder }],
  // A half goes down: 3.5 is 3.
  ['round', rounding((value) => Math.ceil(value - 0.5))],
  ['floor', rounding(Math.floor)],
  ['ceil', rounding(Math.ceil)],
]);

function logic(
  least: number,
  most: number,
  decide: (values: (boolean | undefined)[]) => boolean | undefined,
): PureFunction {
  return {
    least,
    most,
    run: (call) => {
      const values = call.args.map((_, index) => {
        const { value } = argument(call, index, BOOLEAN);
        return typeof value === 'boolean' ? value : undefined;
      });
      return resultOf('boolean', decide(values));
    },
  };
}

/** Reads two arguments of one type: a literal is read as what the other one is. */
function readPair(call: Call, kinds?: readonly Kind[]): [Result, Result] {
  const read = (index: number, wanted?: Schema): Result =>
    kinds === undefined ? call.read(index, wanted) : argument(call, index, kinds, wanted);
  if (!call.isCall(0) && call.isCall(1)) {
    const second = read(1);
    return [read(0, second.schema), second];
  }
  const first = read(0);
  return [first, read(1, first.schema)];
}

function comparison(test: (order: number) => boolean): PureFunction {
  return {
    least: 2,
    most: 2,
    run: (call) => {
      const [a, b] = readPair(call, [...COMPARABLE]);
      const primitive = checkSameKind(call, a, b);
      const order = compareValues(a.value, b.value, primitive);
      return resultOf('boolean', order === undefined ? undefined : test(order));
    },
  };
}

/** The kind that both have; two that cannot be compared are reported. */
function checkSameKind(call: Call, a: Result, b: Result): Primitive | undefined {
  const first = kindOf(a);
  const second = kindOf(b);
  const number = NUMBERS.includes(first ?? 'float') && NUMBERS.includes(second ?? 'float');
  if (
    first !== undefined &&
    second !== undefined &&
    first !== second &&
    !number &&
    !isStructLike(first, second)
  ) {
    call.add(call.place, {
      code: 'FUNCTION_INVALID',
      message: `The arguments of ${call.name} are a ${first} and a ${second}`,
      expected: 'two values of the same type',
    });
  }
  const kind = first ?? second;
  return kind === 'struct' ? undefined : kind;
}

function isStructLike(a: Kind, b: Kind): boolean {
  return (a === 'struct' && b === 'map') || (a === 'map' && b === 'struct');
}

function runEqual(call: Call): Result {
  const [a, b] = readPair(call);
  const primitive = checkSameKind(call, a, b);
  return resultOf('boolean', equalValues(a.value, b.value, primitive));
}

function runValidValues(call: Call): Result {
  const value = call.read(0);
  const values = argument(call, 1, ['list', 'range'], listSchema(value.schema));
  const kind = kindOf(value);
  const primitive = kind === 'struct' ? undefined : kind;
  return resultOf('boolean', hasValue(values.value, value.value, primitive));
}

function hasValue(list: Value, wanted: Value, primitive?: Primitive): boolean | undefined {
  if (!Array.isArray(list)) return undefined;
  return any(list.map((candidate) => equalValues(candidate, wanted, primitive)));
}

function runInRange(call: Call): Result {
  const value = argument(call, 0, [...COMPARABLE]);
  const range = call.args[1];
  if (range?.kind === 'list' && range.items.length !== 2) {
    call.add(range.place, {
      code: 'FUNCTION_INVALID',
      message: `Argument 2 of ${call.name} has ${range.items.length} items`,
      expected: 'the least and the greatest value',
    });
    return unresolved('boolean');
  }
  const bounded =
    range?.kind === 'list' && range.items.some((item) => item.kind === 'scalar' && item.text === 'UNBOUNDED');
  const { value: bounds } = call.read(1, bounded ? undefined : listSchema(value.schema));
  if (!Array.isArray(bounds)) return unresolved('boolean');
  const kind = kindOf(value);
  const within = (bound: Value, sign: 1 | -1): boolean | undefined => {
    if (bound === 'UNBOUNDED') return true;
    const order = compareValues(value.value, bound, kind === 'struct' ? undefined : kind);
    return order === undefined ? undefined : order * sign >= 0;
  };
  return resultOf('boolean', all([within(bounds[0], 1), within(bounds[1], -1)]));
}

function runMatches(call: Call, whole: boolean): Result {
  const { value } = argument(call, 0, ['string', 'version', 'timestamp'], primitiveSchema('string'));
  const { value: source } = argument(call, 1, ['string'], primitiveSchema('string'));
  if (typeof source !== 'string') return unresolved('boolean');
  const pattern = readPattern(source, whole);
  const place = call.args[1]?.place ?? call.place;
  if (pattern.invalid !== undefined) {
    call.add(place, {
      code: 'FUNCTION_INVALID',
      message: `Argument 2 of ${call.name} is no regular expression: ${pattern.invalid}`,
    });
    return unresolved('boolean');
  }
  if (pattern.refused !== undefined) {
    call.add(place, {
      code: 'PATTERN_NOT_EVALUATED',
      severity: 'warning',
      message: `The pattern is not evaluated: ${pattern.refused}`,
    });
  }
  return resultOf('boolean', typeof value === 'string' ? pattern.test(value) : undefined);
}

type Run = readonly Value[];

function sequence(test: (whole: Run, part: Run) => boolean | undefined): PureFunction {
  return {
    least: 2,
    most: 2,
    run: (call) => {
      const whole = argument(call, 0, ['string', 'list']);
      const part = argument(call, 1, ['string', 'list'], whole.schema);
      checkSameKind(call, whole, part);
      const [a, b] = [runOf(whole.value), runOf(part.value)];
      return resultOf('boolean', a === undefined || b === undefined ? undefined : test(a, b));
    },
  };
}

function runOf(value: Value): Run | undefined {
  if (typeof value === 'string') return value.split('');
  return Array.isArray(value) ? value : undefined;
}

function sameRun(whole: Run, part: Run, from: number): boolean | undefined {
  if (from < 0) return false;
  return part.length > whole.length
    ? false
    : all(part.map((item, index) => equalValues(whole[from + index], item)));
}

function containsRun(whole: Run, part: Run): boolean | undefined {
  if (whole.every((item) => typeof item === 'string') && part.every((item) => typeof item === 'string')) {
    // Apart by what is in neither: the entries of lists are not to run into each other.
    const joined = (run: Run): string => `\0${run.join('\0')}\0`;
    return part.length === 0 || joined(whole).includes(joined(part));
  }
  if (whole.length * part.length > 100_000) return undefined;
  return any(
    whole.map((_, from) => (from + part.length > whole.length ? false : sameRun(whole, part, from))),
  );
}

function runHasEntry(call: Call): Result {
  const collection = argument(call, 0, COLLECTIONS);
  const entry = call.read(1, entrySchemaOf(collection.schema));
  return resultOf('boolean', hasValue(valuesOf(collection.value), entry.value));
}

function runHasKey(call: Call): Result {
  const map = argument(call, 0, ['map', 'struct']);
  const key = argument(call, 1, ['string']);
  return resultOf('boolean', hasValue(keysOf(map.value), key.value));
}

function membership(
  partsOf: (value: Value) => Value,
  kinds: readonly Kind[],
  decide: (values: (boolean | undefined)[]) => boolean | undefined,
): PureFunction {
  return {
    least: 2,
    most: 2,
    run: (call) => {
      const collection = argument(call, 0, kinds);
      const wanted = argument(call, 1, ['list']);
      const parts = partsOf(collection.value);
      if (!Array.isArray(parts) || !Array.isArray(wanted.value)) return unresolved('boolean');
      if (parts.length * wanted.value.length > 1_000_000) return unresolved('boolean');
      return resultOf('boolean', decide(wanted.value.map((entry) => hasValue(parts, entry))));
    },
  };
}

function valuesOf(value: Value): Value {
  return Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : UNRESOLVED;
}

function keysOf(value: Value): Value {
  return isRecord(value) ? Object.keys(value) : UNRESOLVED;
}

const WITH_LENGTH: readonly Kind[] = ['string', 'bytes', 'version', 'timestamp', ...COLLECTIONS];

function runLength(call: Call): Result {
  const { value, schema } = argument(call, 0, WITH_LENGTH);
  if (schema?.type?.primitive === 'bytes' && typeof value === 'string') {
    return resultOf('integer', Math.floor((value.replaceAll('=', '').length * 3) / 4));
  }
  return resultOf('integer', lengthOf(value));
}

/** `$min_length` and `$max_length` are not in 2.0, but its files bring them from 1.x. */
function lengthComparison(test: (length: number, wanted: number) => boolean): PureFunction {
  return {
    least: 2,
    most: 2,
    run: (call) => {
      const { value } = argument(call, 0, WITH_LENGTH);
      const { value: wanted } = argument(call, 1, ['integer'], primitiveSchema('integer'));
      const length = lengthOf(value);
      return resultOf(
        'boolean',
        length === undefined || typeof wanted !== 'number' ? undefined : test(length, wanted),
      );
    },
  };
}

const JOINED: readonly Kind[] = ['string', 'integer', 'float', 'boolean', 'version', 'timestamp', ...SCALARS];

function runConcat(call: Call): Result {
  const results = call.args.map((_, index) => argument(call, index, [...JOINED, 'list']));
  const lists = results.map((result) => kindOf(result) === 'list');
  if (lists.includes(true)) {
    const odd = results.findIndex((result) => kindOf(result) !== undefined && kindOf(result) !== 'list');
    if (odd >= 0) {
      call.add(call.args[odd]?.place ?? call.place, {
        code: 'FUNCTION_INVALID',
        message: `${call.name} is given both lists and other values`,
        expected: 'either strings or lists',
      });
      return UNKNOWN;
    }
    const schema = results[0]?.schema;
    if (!results.every(({ value }) => Array.isArray(value))) return { value: UNRESOLVED, schema };
    return { value: results.flatMap(({ value }) => value as Value[]), schema };
  }
  const texts = results.map((result) => textOf(result));
  return resultOf('string', texts.includes(undefined) ? undefined : texts.join(''));
}

/** Of a quantity there is no text: it is kept as a number of its unit. */
function textOf(result: Result): string | undefined {
  const { value } = result;
  if (typeof value === 'string') return value;
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return SCALARS.includes(kindOf(result) ?? 'integer') ? undefined : String(value);
}

function runJoin(call: Call): Result {
  const { value: list } = argument(call, 0, ['list']);
  const { value: delimiter } =
    call.args.length > 1 ? argument(call, 1, ['string', 'integer']) : resultOf('string', '');
  if (!Array.isArray(list) || (typeof delimiter !== 'string' && typeof delimiter !== 'number')) {
    return unresolved('string');
  }
  const texts = list.map((value: Value) => textOf({ value, schema: undefined }));
  return resultOf('string', texts.includes(undefined) ? undefined : texts.join(String(delimiter)));
}

function runToken(call: Call): Result {
  const { value: text } = argument(call, 0, JOINED);
  const { value: separators } = argument(call, 1, ['string']);
  const { value: index } = argument(call, 2, ['integer'], primitiveSchema('integer'));
  if (typeof separators === 'string' && separators === '') {
    call.add(call.args[1]?.place ?? call.place, {
      code: 'FUNCTION_INVALID',
      message: `${call.name} is given no character to separate by`,
    });
    return unresolved('string');
  }
  if (typeof text !== 'string' || typeof separators !== 'string' || typeof index !== 'number') {
    return unresolved('string');
  }
  const characters = new Set(separators);
  const parts = [''];
  for (const character of text) {
    if (characters.has(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  const part = parts[index];
  if (part === undefined) {
    call.add(call.args[2]?.place ?? call.place, {
      code: 'FUNCTION_INVALID',
      message: `The text has ${parts.length} ${parts.length === 1 ? 'part' : 'parts'}, and no part ${index}`,
      expected: `an index from 0 to ${parts.length - 1}`,
    });
  }
  return resultOf('string', part);
}

function runSets(call: Call, combine: (lists: Value[][]) => Value[]): Result {
  const results = call.args.map((_, index) => argument(call, index, ['list']));
  const schema =
    results.find((result) => entrySchemaOf(result.schema) !== undefined)?.schema ?? listSchema(undefined);
  const lists = results.map(({ value }) => (Array.isArray(value) ? value : undefined));
  const plain = lists.every((list) =>
    list?.every((item: Value) => item !== UNRESOLVED && typeof item !== 'object'),
  );
  return { value: plain ? combine(lists as Value[][]) : UNRESOLVED, schema };
}

function union(lists: Value[][]): Value[] {
  return [...new Set(lists.flat())];
}

function intersection([first = [], ...rest]: Value[][]): Value[] {
  const others = rest.map((list) => new Set(list));
  return [...new Set(first)].filter((item) => others.every((other) => other.has(item)));
}

/** Operands and result of the same type. */
function runSame(call: Call, combine: (a: number, b: number) => number): Result {
  const typed = call.args.findIndex((_, index) => call.isCall(index));
  const wanted = typed < 0 ? undefined : call.read(typed).schema;
  const results = call.args.map((_, index) => argument(call, index, QUANTITIES, wanted));
  const [first, ...rest] = results;
  for (const other of rest) if (first !== undefined) checkSameKind(call, first, other);
  const schema = widest(results);
  const numbers = results.map(({ value }) => value);
  if (!numbers.every((value) => typeof value === 'number')) return { value: UNRESOLVED, schema };
  return { value: numbers.slice(1).reduce(combine, numbers[0] ?? 0), schema };
}

/** Of integers and floats, float; of scalars, theirs. */
function widest(results: readonly Result[]): Schema | undefined {
  if (results.some((result) => kindOf(result) === undefined)) return undefined;
  const scalar = results.find((result) => SCALARS.includes(kindOf(result) ?? 'float'));
  if (scalar !== undefined) return scalar.schema;
  return primitiveSchema(results.every((result) => kindOf(result) === 'integer') ? 'integer' : 'float');
}

function runProduct(call: Call): Result {
  const results = call.args.map((_, index) => argument(call, index, index === 0 ? QUANTITIES : NUMBERS));
  const schema = widest(results);
  const numbers = results.map(({ value }) => value);
  if (!numbers.every((value) => typeof value === 'number')) return { value: UNRESOLVED, schema };
  return { value: numbers.reduce((a, b) => a * b, 1), schema };
}

function runQuotient(call: Call): Result {
  const dividend = argument(call, 0, QUANTITIES);
  const { value: divisor } = argument(call, 1, NUMBERS);
  if (divisor === 0) return divisionByZero(call);
  const kind = kindOf(dividend);
  const schema =
    kind === undefined ? undefined : NUMBERS.includes(kind) ? primitiveSchema('float') : dividend.schema;
  return { value: divide(dividend.value, divisor, (a, b) => a / b), schema };
}

function runRemainder(call: Call): Result {
  const dividend = argument(call, 0, ['integer', ...SCALARS]);
  const { value: divisor } = argument(call, 1, ['integer'], primitiveSchema('integer'));
  if (divisor === 0) return divisionByZero(call);
  return { value: divide(dividend.value, divisor, (a, b) => a % b), schema: dividend.schema };
}

function divide(dividend: Value, divisor: Value, by: (a: number, b: number) => number): Value {
  return typeof dividend === 'number' && typeof divisor === 'number' ? by(dividend, divisor) : UNRESOLVED;
}

function divisionByZero(call: Call): Result {
  call.add(call.args[1]?.place ?? call.place, {
    code: 'FUNCTION_INVALID',
    message: `${call.name} divides by zero`,
  });
  return UNKNOWN;
}

function rounding(round: (value: number) => number): PureFunction {
  return {
    least: 1,
    most: 1,
    run: (call) => {
      const { value } = argument(call, 0, NUMBERS);
      return resultOf('integer', typeof value === 'number' ? round(value) : undefined);
    },
  };
}
