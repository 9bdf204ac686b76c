import type { Primitive } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import { argument, kindOf, resultOf, unresolved } from './call.js';
import type { Call, Kind, Result } from './call.js';
import { all, any, COMPARABLE, compareValues, equalValues, isRecord } from './compare.js';
import { entrySchemaOf, listSchema, primitiveSchema } from './primitive-schema.js';
import { BOOLEAN, checkSameKind, COLLECTIONS, readPair } from './pure-function.js';
import type { PureFunction } from './pure-function.js';
import type { Value } from './scope.js';
import { COMPARED } from './work.js';

/** Functions that give true or false. */
export const BOOLEAN_FUNCTIONS: readonly (readonly [string, PureFunction])[] = [
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
];

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
  return resultOf('boolean', hasValue(call, values.value, value.value, primitive));
}

function hasValue(call: Call, list: Value, wanted: Value, primitive?: Primitive): boolean | undefined {
  if (!Array.isArray(list) || !call.patterns.work.spend(COMPARED * list.length)) return undefined;
  return any(list.map((candidate) => equalValues(candidate, wanted, primitive)));
}

function runMatches(call: Call, whole: boolean): Result {
  const { value } = argument(call, 0, ['string', 'version', 'timestamp'], primitiveSchema('string'));
  const { value: source } = argument(call, 1, ['string'], primitiveSchema('string'));
  if (typeof source !== 'string') return unresolved('boolean');
  const pattern = call.patterns.read(source, whole);
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

type Run = string | readonly Value[];

function sequence(test: (whole: Run, part: Run) => boolean | undefined): PureFunction {
  return {
    least: 2,
    most: 2,
    run: (call) => {
      const whole = argument(call, 0, ['string', 'list']);
      const part = argument(call, 1, ['string', 'list'], whole.schema);
      checkSameKind(call, whole, part);
      const [a, b] = [whole.value, part.value];
      if (!isRun(a) || !isRun(b) || !call.patterns.work.spend(a.length + b.length))
        return unresolved('boolean');
      return resultOf('boolean', test(a, b));
    },
  };
}

function isRun(value: Value): value is Run {
  return typeof value === 'string' || Array.isArray(value);
}

function sameRun(whole: Run, part: Run, from: number): boolean | undefined {
  if (from < 0 || part.length > whole.length) return false;
  let same: boolean | undefined = true;
  for (let index = 0; index < part.length; index++) {
    const equal = equalValues(whole[from + index], part[index]);
    if (equal === false) return false;
    if (equal === undefined) same = undefined;
  }
  return same;
}

function containsRun(whole: Run, part: Run): boolean | undefined {
  if (isPlain(whole) && isPlain(part)) return containsPlain(whole, part);
  if (whole.length * part.length > 100_000) return undefined;
  return any(
    Array.from(whole, (_, from) => (from + part.length > whole.length ? false : sameRun(whole, part, from))),
  );
}

/** Text, or a list whose entries are equal or not at a glance. */
function isPlain(run: Run): boolean {
  return typeof run === 'string' || run.every((item) => typeof item === 'string');
}

/** After Knuth, Morris and Pratt: what the platform offers takes the product of the lengths for some texts. */
function containsPlain(whole: Run, part: Run): boolean {
  if (part.length === 0) return true;
  const back = [0];
  for (let at = 1, same = 0; at < part.length; at++) {
    while (same > 0 && part[at] !== part[same]) same = back[same - 1] ?? 0;
    if (part[at] === part[same]) same += 1;
    back.push(same);
  }
  for (let at = 0, same = 0; at < whole.length; at++) {
    while (same > 0 && whole[at] !== part[same]) same = back[same - 1] ?? 0;
    if (whole[at] === part[same]) same += 1;
    if (same === part.length) return true;
  }
  return false;
}

function runHasEntry(call: Call): Result {
  const collection = argument(call, 0, COLLECTIONS);
  const entry = call.read(1, entrySchemaOf(collection.schema));
  return resultOf('boolean', hasValue(call, valuesOf(collection.value), entry.value));
}

function runHasKey(call: Call): Result {
  const map = argument(call, 0, ['map', 'struct']);
  const key = argument(call, 1, ['string']);
  return resultOf('boolean', hasValue(call, keysOf(map.value), key.value));
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
      return resultOf('boolean', decide(wanted.value.map((entry) => hasValue(call, parts, entry))));
    },
  };
}

function valuesOf(value: Value): Value {
  return Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : UNRESOLVED;
}

function keysOf(value: Value): Value {
  return isRecord(value) ? Object.keys(value) : UNRESOLVED;
}
