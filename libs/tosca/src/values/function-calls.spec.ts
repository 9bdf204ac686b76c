import { describe, expect, it } from '@jest/globals';
import { UNRESOLVED } from '../source/source-node.js';
import type { FunctionScope } from './scope.js';
import { World } from './values.spec-support.js';

const ONE = 'tosca_simple_yaml_1_3';
const TWO = 'tosca_2_0';

function evaluate(text: string, schema?: string, version: typeof ONE | typeof TWO = TWO): unknown {
  const world = new World(version);
  const inputs = new Map([
    ['text', world.slot('string', 'abc')],
    ['number', world.slot('integer', '4')],
    ['later', world.slot('integer', undefined)],
    ['ports', world.slot('{type: list, entry_schema: integer}', '[80, 443]')],
    ['size', world.slot('scalar-unit.size', '1 GB')],
  ]);
  const scope: FunctionScope = world.scope({ inputs });
  const value = world.checker.readValue(
    world.node(text),
    schema === undefined ? undefined : world.schema(schema),
    scope,
  );
  const codes = world.codes();
  return codes.length > 0 ? codes : value;
}

const INVALID = ['FUNCTION_INVALID'];

describe('the functions of 2.0 that depend on their arguments alone', () => {
  it.each<[string, unknown]>([
    ['{$and: [true, true, false]}', false],
    ['{$and: [true]}', INVALID],
    ['{$and: [1, true]}', INVALID],
    ['{$or: [false, true]}', true],
    ['{$not: [false]}', true],
    ['{$not: [true, false]}', INVALID],
    ['{$xor: [true, true]}', false],
    ['{$xor: [true, false]}', true],
    ['{$equal: [a, a]}', true],
    ['{$equal: [a, 1]}', INVALID],
    ['{$equal: [[1, 2], [1, 2]]}', true],
    ['{$equal: [1, 1.0]}', true],
    ['{$greater_than: [2, 1]}', true],
    ['{$greater_than: [[2], [1]]}', ['FUNCTION_INVALID', 'FUNCTION_INVALID']],
    ['{$greater_or_equal: [a, b]}', false],
    ['{$less_than: [{$get_input: number}, 5]}', true],
    ['{$less_than: [3, {$get_input: later}]}', UNRESOLVED],
    ['{$less_than: [x, {$get_input: later}]}', INVALID],
    ['{$less_or_equal: [{$get_input: size}, 2 GB]}', true],
    ['{$valid_values: [a, [b, a]]}', true],
    ['{$valid_values: [a, b]}', INVALID],
    ['{$matches: [abc, "^a"]}', true],
    ['{$has_suffix: [abc, bc]}', true],
    ['{$has_suffix: [[1, 2], [2]]}', true],
    ['{$has_prefix: [[1, 2], [2]]}', false],
    ['{$contains: [abcd, bc]}', true],
    ['{$contains: [[a, b, c], [b, c]]}', true],
    ['{$contains: [[a, b, c], [a, c]]}', false],
    ['{$contains: [[1, 2, 3], [2, 3]]}', true],
    ['{$contains: [abc, [a]]}', INVALID],
    ['{$has_entry: [[1, 2], 2]}', true],
    ['{$has_entry: [{a: 1}, 1]}', true],
    ['{$has_key: [{a: 1}, a]}', true],
    ['{$has_key: [[a], a]}', INVALID],
    ['{$has_all_entries: [[1, 2, 3], [1, 3]]}', true],
    ['{$has_all_keys: [{a: 1}, [a, b]]}', false],
    ['{$has_any_entry: [[1, 2], [3, 2]]}', true],
    ['{$has_any_key: [{a: 1}, [b]]}', false],
    ['{$length: [abc]}', 3],
    ['{$length: [[1, 2]]}', 2],
    ['{$length: [{a: 1}]}', 1],
    ['{$length: [5]}', INVALID],
    ['{$length: []}', INVALID],
    ['{$concat: [a, b, {$get_input: text}]}', 'ababc'],
    ['{$concat: [[1], [2]]}', [1, 2]],
    ['{$concat: [[1], a]}', INVALID],
    ['{$concat: []}', INVALID],
    ['{$concat: [a, {$get_input: later}]}', UNRESOLVED],
    ['{$join: [[prefix, "1111", suffix], _]}', 'prefix_1111_suffix'],
    ['{$join: [[a, b]]}', 'ab'],
    ['{$join: [a, b]}', INVALID],
    ['{$token: ["10.0.0.1:80", ":", 1]}', '80'],
    ['{$token: ["10.0.0.1:80", ":", 2]}', INVALID],
    ['{$token: ["10.0.0.1:80", ":", x]}', INVALID],
    ['{$token: [a, b]}', INVALID],
    ['{$union: [[1, 7], [3, 7], [1]]}', [1, 7, 3]],
    ['{$intersection: [[1, 7, 7], [7, 3]]}', [7]],
    ['{$union: [1]}', INVALID],
    ['{$sum: [1, 2, {$get_input: number}]}', 7],
    ['{$sum: [1, a]}', INVALID],
    ['{$sum: [{$get_input: size}, 1 GB]}', 2e9],
    ['{$difference: [5, 7]}', -2],
    ['{$product: [2, 3, 4]}', 24],
    ['{$product: [{$get_input: size}, 2]}', 2e9],
    ['{$quotient: [7, 2]}', 3.5],
    ['{$quotient: [7, 0]}', INVALID],
    ['{$remainder: [7, 4]}', 3],
    ['{$round: [3.5]}', 3],
    ['{$round: [3.53]}', 4],
    ['{$floor: [-0.5]}', -1],
    ['{$ceil: [1.2]}', 2],
    ['{$ceil: [many]}', INVALID],
    ['{$get_input: number}', 4],
    ['{$get_input: [ports, 1]}', 443],
    ['{$get_input: [ports, 2]}', INVALID],
    ['{$get_input: [ports, first]}', INVALID],
    ['{$get_input: [number, x]}', INVALID],
    ['{$get_input: [ports, {$sum: [1, 0]}]}', UNRESOLVED],
    ['{$get_input: numbr}', ['INPUT_UNKNOWN']],
    ['{$get_input: []}', INVALID],
    ['$value', INVALID],
    ['{$concatt: [a]}', ['FUNCTION_UNKNOWN']],
    ['{$get_security_context: [{env: staging}]}', UNRESOLVED],
    ['{$get_security_context: [{env: {$get_input: nothing}}]}', ['INPUT_UNKNOWN']],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });
});

describe('what a function gives', () => {
  it.each<[string, string, typeof ONE | typeof TWO, unknown]>([
    ['{$concat: [a, b]}', 'string', TWO, 'ab'],
    ['{$concat: [a, b]}', 'integer', TWO, ['TYPE_MISMATCH']],
    ['{$length: [abc]}', 'integer', TWO, 3],
    ['{$length: [abc]}', 'float', TWO, 3],
    ['{$length: [abc]}', 'string', TWO, ['TYPE_MISMATCH']],
    ['{$get_input: ports}', '{type: list, entry_schema: integer}', TWO, [80, 443]],
    ['{$get_input: ports}', '{type: list, entry_schema: string}', TWO, ['TYPE_MISMATCH']],
    ['{$get_input: [ports, 0]}', 'integer', TWO, 80],
    ['{$union: [[1], [2]]}', '{type: list, entry_schema: integer}', TWO, [1, 2]],
    ['{$get_input: number}', '{type: integer, constraints: [less_than: 4]}', TWO, ['CONSTRAINT_VIOLATED']],
    ['{concat: [a, b]}', 'string', TWO, 'ab'],
    ['{concat: [a, b]}', '{type: map, entry_schema: list}', TWO, { concat: ['a', 'b'] }],
    ['[{$get_input: number}, 1]', '{type: list, entry_schema: integer}', TWO, [4, 1]],
    ['{a: {$get_input: text}}', '{type: map, entry_schema: integer}', TWO, ['TYPE_MISMATCH']],
    ['{get_input: number}', 'integer', ONE, 4],
    ['{get_input: number}', 'string', ONE, '4'],
    ['{get_input: number}', 'boolean', ONE, ['TYPE_MISMATCH']],
    ['{get_input: ports}', 'string', ONE, ['TYPE_MISMATCH']],
    ['{get_input: text}', 'integer', ONE, UNRESOLVED],
    ['{get_input: size}', 'scalar-unit.size', ONE, 1e9],
    ['{get_input: size}', 'scalar-unit.time', ONE, ['TYPE_MISMATCH']],
    ['{get_input: [number, number]}', 'integer', ONE, ['FUNCTION_INVALID']],
    ['{concat: ["http://", {get_input: text}, ":", {get_input: number}]}', 'string', ONE, 'http://abc:4'],
    ['{concat: []}', 'string', ONE, ['FUNCTION_INVALID']],
    ['{token: [{get_input: text}, b, 0]}', 'string', ONE, 'a'],
    ['{token: [{get_input: text}, b, "5"]}', 'string', ONE, UNRESOLVED],
    ['{concat: [a, {get_input: ports}]}', 'string', ONE, UNRESOLVED],
    ['{concat: [a, [b]]}', 'string', ONE, ['FUNCTION_INVALID']],
    ['{token: [a, b]}', 'string', ONE, ['FUNCTION_INVALID']],
    ['{join: [[a, b], "-"]}', 'string', ONE, 'a-b'],
    ['{get_secret: [path]}', 'string', ONE, UNRESOLVED],
    ['{get_inputt: text}', 'string', ONE, ['FUNCTION_UNKNOWN']],
    ['{get_secret: [path]}', 'map', ONE, { get_secret: ['path'] }],
    ['{get_secret: {a: b}}', 'string', ONE, ['TYPE_MISMATCH']],
    ['{token: secret}', '{type: map, entry_schema: string}', ONE, { token: 'secret' }],
    ['{$concat: [a]}', '{type: map, entry_schema: list}', ONE, { $concat: ['a'] }],
  ])('%s as %s (%s)', (text, schema, version, expected) => {
    expect(evaluate(text, schema, version)).toEqual(expected);
  });

  it('warns of a name of 1.x in 2.0', () => {
    const world = new World(TWO);
    world.checker.checkValue(world.node('{ concat: [a] }'), world.schema('string'), world.scope());
    expect(world.findings.all()).toMatchObject([{ code: 'FUNCTION_UNKNOWN', severity: 'warning' }]);
  });
});

function callCustom(text: string, schema?: string): unknown {
  const world = new World(TWO);
  const signature = { optionalArguments: [], variadic: false };
  const functions = new Map([
    [
      'sqrt',
      {
        place: 0,
        name: 'sqrt',
        signatures: [
          {
            ...signature,
            arguments: [world.schema('{type: integer, validation: {$greater_or_equal: [$value, 0]}}')],
            result: world.schema('float'),
          },
          { ...signature, arguments: [world.schema('float')], result: world.schema('float') },
        ],
      },
    ],
    [
      'seed',
      {
        place: 0,
        name: 'seed',
        signatures: [{ ...signature, arguments: [], result: world.schema('integer') }],
      },
    ],
    [
      'all',
      {
        place: 0,
        name: 'all',
        signatures: [
          { ...signature, arguments: [world.schema('string')], variadic: true, result: undefined },
        ],
      },
    ],
  ]);
  const value = world.checker.readValue(
    world.node(text),
    schema === undefined ? undefined : world.schema(schema),
    world.scope({ functions }),
  );
  const codes = world.codes();
  return codes.length > 0 ? codes : value;
}

describe('custom functions', () => {
  it.each<[string, string | undefined, unknown]>([
    ['{$sqrt: [4]}', 'float', UNRESOLVED],
    ['{$sqrt: [4.5]}', 'float', UNRESOLVED],
    ['{$sqrt: [4]}', 'string', ['TYPE_MISMATCH']],
    ['{$sqrt: [many]}', 'float', ['FUNCTION_INVALID']],
    ['{$sqrt: [1, 2]}', 'float', ['FUNCTION_INVALID']],
    ['$seed', 'integer', UNRESOLVED],
    ['{$seed: []}', 'integer', UNRESOLVED],
    ['{$seed: [1]}', 'integer', ['FUNCTION_INVALID']],
    ['{$all: [a, b, c]}', undefined, UNRESOLVED],
    ['{$all: [a, 1]}', undefined, ['TYPE_MISMATCH']],
    ['{$all: []}', undefined, ['FUNCTION_INVALID']],
    ['{$sqr: [4]}', undefined, ['FUNCTION_UNKNOWN']],
  ])('%s', (text, schema, expected) => {
    expect(callCustom(text, schema)).toEqual(expected);
  });
});
