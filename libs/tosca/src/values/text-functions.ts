import { UNRESOLVED } from '../source/source-node.js';
import { argument, kindOf, resultOf, UNKNOWN, unresolved } from './call.js';
import type { Call, Kind, Result } from './call.js';
import { lengthOf } from './compare.js';
import { entrySchemaOf, listSchema, primitiveSchema } from './primitive-schema.js';
import { COLLECTIONS, SCALARS } from './pure-function.js';
import type { PureFunction } from './pure-function.js';
import type { Value } from './scope.js';

/** Functions of text, lists, maps and sets. */
export const TEXT_FUNCTIONS: readonly (readonly [string, PureFunction])[] = [
  ['length', { least: 1, most: 1, run: runLength }],
  ['min_length', lengthComparison((length, wanted) => length >= wanted)],
  ['max_length', lengthComparison((length, wanted) => length <= wanted)],
  ['concat', { least: 1, most: Infinity, run: runConcat }],
  ['join', { least: 1, most: 2, run: runJoin }],
  ['token', { least: 3, most: 3, run: runToken }],
  ['union', { least: 1, most: Infinity, run: (call) => runSets(call, union) }],
  ['intersection', { least: 1, most: Infinity, run: (call) => runSets(call, intersection) }],
];

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
  const kinds: readonly Kind[] = call.edition === '1.x' ? JOINED : [...JOINED, 'list'];
  const results = call.args.map((_, index) => argument(call, index, kinds));
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
    const values = results.map(({ value }) => value);
    const joined = values.every(Array.isArray) ? joinLists(call, values as Value[][]) : undefined;
    return { value: joined ?? UNRESOLVED, schema };
  }
  return resultOf('string', joinTexts(call, results.map(textOf), ''));
}

/** More entries are not put together. */
const MOST_ENTRIES = 100_000;
/** A longer text is not put together: one that is made of itself doubles at every step. */
const MOST_CHARACTERS = 1_000_000;

function joinLists(call: Call, lists: readonly Value[][]): Value[] | undefined {
  const entries = lists.reduce((sum, { length }) => sum + length, 0);
  if (entries <= MOST_ENTRIES) return lists.flat();
  tooLarge(call, `a list of ${entries} entries`, `at most ${MOST_ENTRIES}`);
  return undefined;
}

function joinTexts(
  call: Call,
  texts: readonly (string | undefined)[],
  delimiter: string,
): string | undefined {
  let characters = Math.max(0, texts.length - 1) * delimiter.length;
  for (const text of texts) {
    if (text === undefined) return undefined;
    characters += text.length;
  }
  if (characters <= MOST_CHARACTERS) return texts.join(delimiter);
  tooLarge(call, `a text of ${characters} characters`, `at most ${MOST_CHARACTERS}`);
  return undefined;
}

function tooLarge(call: Call, what: string, expected: string): void {
  call.add(call.place, { code: 'SOURCE_TOO_LARGE', message: `${call.name} would give ${what}`, expected });
}

/** Of a quantity there is no text: it is kept as a number of its unit. */
function textOf(result: Result): string | undefined {
  const { value } = result;
  if (typeof value === 'string') return value;
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return SCALARS.includes(kindOf(result) ?? 'integer') ? undefined : String(value);
}

function runJoin(call: Call): Result {
  if (call.edition === '1.x') checkJoined(call);
  const { value: list } = argument(call, 0, ['list']);
  const { value: delimiter } =
    call.args.length > 1 ? argument(call, 1, ['string', 'integer']) : resultOf('string', '');
  if (!Array.isArray(list) || (typeof delimiter !== 'string' && typeof delimiter !== 'number')) {
    return unresolved('string');
  }
  const texts = list.map((value: Value) => textOf({ value, schema: undefined }));
  return resultOf('string', joinTexts(call, texts, String(delimiter)));
}

/** 1.x joins a list of strings, with one or more in it; what is written as another value is none. */
function checkJoined(call: Call): void {
  const [list, delimiter] = call.args;
  if (list?.kind !== 'list') return;
  const odd = [...list.items, ...(delimiter === undefined ? [] : [delimiter])].find(
    (item) => item.kind === 'scalar' && (typeof item.value === 'number' || typeof item.value === 'boolean'),
  );
  if (odd === undefined && list.items.length > 0) return;
  call.add((odd ?? list).place, {
    code: 'FUNCTION_INVALID',
    message:
      odd === undefined ? `${call.name} is given no strings` : `${call.name} is given what is no string`,
    expected: 'a list of one or more strings, and a string to put between them',
  });
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
  // What is looked up may be another text when it counts.
  if (part === undefined && !call.isCall(0)) {
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
  const union = new Set<Value>();
  for (const list of lists) for (const item of list) union.add(item);
  return [...union];
}

function intersection([first = [], ...rest]: Value[][]): Value[] {
  const others = rest.map((list) => new Set(list));
  return [...new Set(first)].filter((item) => others.every((other) => other.has(item)));
}
