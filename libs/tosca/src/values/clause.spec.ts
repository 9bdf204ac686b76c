import { describe, expect, it } from '@jest/globals';
import type { ToscaVersion } from '../model/version.js';
import { read, World } from './values.spec-support.js';

const ONE = 'tosca_simple_yaml_1_2';

describe('constraints of 1.x on values', () => {
  it.each<[string, string, string, boolean]>([
    ['integer', 'equal: 4', '4', true],
    ['integer', 'equal: 4', '8', false],
    ['map', 'equal: {a: [1]}', '{a: [1]}', true],
    ['map', 'equal: {a: [1]}', '{a: [2]}', false],
    ['integer', 'greater_than: 4', '4', false],
    ['integer', 'greater_than: 4', '5', true],
    ['float', 'greater_or_equal: 3.9', '3.9', true],
    ['float', 'greater_or_equal: 3.9', '3.8', false],
    ['integer', 'less_than: 4', '4', false],
    ['integer', 'less_or_equal: 4', '4', true],
    ['timestamp', 'less_than: 2014-07-25', '2014-07-24', true],
    ['timestamp', 'less_than: "2014-07-25T00:00:00+02:00"', '"2014-07-24T23:00:00Z"', false],
    ['integer', 'in_range: [2, 6]', '2', true],
    ['integer', 'in_range: [2, 6]', '8', false],
    ['integer', 'in_range: [2, UNBOUNDED]', '8', true],
    ['integer', 'in_range: [UNBOUNDED, 6]', '8', false],
    ['range', 'in_range: [1, 65535]', '[80, 90]', true],
    ['range', 'in_range: [1, 65535]', '[80, 70000]', false],
    ['scalar-unit.size', 'in_range: [1 MiB, 1 GiB]', '1 MB', false],
    ['scalar-unit.size', 'greater_or_equal: 1 GB', '1000 MB', true],
    ['scalar-unit.frequency', 'greater_or_equal: 0.1 GHz', '0.05 GHz', false],
    ['scalar-unit.size', 'valid_values: [1 GB, 2 GB]', '2000 MB', true],
    ['version', 'greater_or_equal: 1.2', '1.10.0', true],
    ['version', 'greater_or_equal: 1.2', '1.1.9', false],
    ['version', 'less_than: 1.0.0', '1.0.0.beta', true],
    ['integer', 'valid_values: [2, 4, 8]', '4', true],
    ['integer', 'valid_values: [2, 4, 8]', '5', false],
    ['string', 'valid_values: [tcp, udp]', 'icmp', false],
    ['string', 'valid_values: [1, 2]', '1', true],
    ['{type: list, entry_schema: string}', 'valid_values: [a, b]', '[a, b, a]', true],
    ['{type: list, entry_schema: string}', 'valid_values: [a, b]', '[a, c]', false],
    ['{type: list, entry_schema: string}', 'valid_values: [[a], [b]]', '[b]', true],
    ['string', 'length: 4', 'abcd', true],
    ['string', 'length: 2', '"\u{1f600}\u{1f600}"', true],
    ['string', 'length: 4', 'abc', false],
    ['string', 'min_length: 4', 'abc', false],
    ['list', 'min_length: 1', '[]', false],
    ['map', 'max_length: 1', '{a: 1, b: 2}', false],
    ['string', 'max_length: 4', 'abcd', true],
    ['string', 'pattern: "[0-9]*"', '"123"', true],
    ['string', 'pattern: "[0-9]*"', 'abc', false],
    ['string', 'pattern: "^[0-9]+$"', 'a1', false],
    ['string', "pattern: '(?P<a>x)-\\_\\d'", 'x-_1', true],
    ['string', "pattern: '[[:alpha:]]+'", 'ab1', false],
    ['string', 'schema: anything', 'abc', true],
  ])('%s %s: %s', (schema, clause, value, holds) => {
    const world = new World(ONE);
    const checked = world.schema(schema);
    checked.constraints = [world.node(`{ ${clause} }`)];
    world.checker.checkSchema(checked, world.scope());
    expect(world.codes()).toEqual([]);
    world.checker.checkValue(world.node(value), checked, world.scope());
    expect(world.codes()).toEqual(holds ? [] : ['CONSTRAINT_VIOLATED']);
    expect(
      world.checker.meets(
        world.node(value),
        { ...checked, constraints: [] },
        checked.constraints,
        world.scope(),
      ),
    ).toBe(holds);
  });
});

describe('constraints of 1.x that are not well formed', () => {
  it.each<[string, string]>([
    ['integer', '{invalid_type: 2}'],
    ['integer', '{length: 5}'],
    ['boolean', '{greater_than: 1}'],
    ['list', '{in_range: [1, 2]}'],
    ['integer', '{pattern: a}'],
    ['integer', '{valid_values: 2}'],
    ['integer', '{valid_values: [a]}'],
    ['integer', '{in_range: {a: 2}}'],
    ['integer', '{in_range: [1]}'],
    ['integer', '{in_range: [1, x]}'],
    ['integer', '{in_range: [6, 2]}'],
    ['integer', '{greater_than: {a: 4}}'],
    ['integer', '{greater_than: [4]}'],
    ['integer', '{less_than: many}'],
    ['scalar-unit.size', '{greater_or_equal: 1}'],
    ['string', '{length: four}'],
    ['string', '{length: 4.5}'],
    ['string', '{min_length: four}'],
    ['string', '{max_length: -1}'],
    ['string', '{pattern: "[a-z"}'],
    ['string', '{pattern: "(a"}'],
    ['string', '{pattern: [a]}'],
    ['string', '{min_length: 1, max_length: 2}'],
    ['string', 'min_length'],
    ['string', '{}'],
  ])('%s %s', (schema, clause) => {
    const world = new World(ONE);
    const checked = { ...world.schema(schema), constraints: [world.node(clause)] };
    world.checker.checkSchema(checked, world.scope());
    expect(world.codes()).toEqual(['CONSTRAINT_INVALID']);
  });

  it('names the nearest operator', () => {
    const world = new World(ONE);
    const checked = { ...world.schema('integer'), constraints: [world.node('{in_rang: [1, 2]}')] };
    world.checker.checkSchema(checked, world.scope());
    expect(world.findings.all()).toMatchObject([
      { code: 'CONSTRAINT_INVALID', nearest: 'in_range', column: 2 },
    ]);
  });

  it('checks the default against the constraints', () => {
    const world = new World(ONE);
    world.checker.checkSchema(
      world.schema('{type: integer, default: 0, constraints: [greater_than: 0]}'),
      world.scope(),
    );
    expect(world.codes()).toEqual(['CONSTRAINT_VIOLATED']);
  });
});

describe('patterns', () => {
  it('says which are not evaluated', () => {
    const world = new World(ONE);
    const schema = world.schema('{type: string, constraints: [pattern: "(a+)+b\\\\1"]}');
    world.checker.checkSchema(schema, world.scope());
    world.checker.checkValue(world.node('a'.repeat(2000)), schema, world.scope());
    expect(world.findings.all()).toMatchObject([{ code: 'PATTERN_NOT_EVALUATED', severity: 'warning' }]);
  });

  it('ends for a pattern that others take for ever on', () => {
    const world = new World(ONE);
    const schema = world.schema(
      '{type: list, entry_schema: {type: string, constraints: [pattern: "(a+)+b"]}}',
    );
    const list = `[${Array.from({ length: 50 }, () => 'a'.repeat(4000)).join(', ')}]`;
    world.checker.checkValue(world.node(list), schema, world.scope());
    expect(world.codes()).toHaveLength(50);
  });
});

describe('validations of 2.0', () => {
  const TYPES = `
SizeRange:
  properties: { low: float, high: float }
  validation: { $greater_or_equal: [ { $value: [ high ] }, { $value: [ low ] } ] }
ShortString: { derived_from: string, validation: { $less_or_equal: [ { $length: [ $value ] }, 4 ] } }
Count: { derived_from: integer, validation: { $greater_or_equal: [ { $value: [] }, 0 ] } }
`;
  it.each<[string, string, unknown]>([
    ['SizeRange', '{low: 1, high: 2}', { low: 1, high: 2 }],
    ['SizeRange', '{low: 2, high: 1}', ['CONSTRAINT_VIOLATED']],
    ['ShortString', 'abcd', 'abcd'],
    ['ShortString', 'abcde', ['CONSTRAINT_VIOLATED']],
    ['Count', '0', 0],
    ['Count', '-1', ['CONSTRAINT_VIOLATED']],
    ['{type: integer, validation: {$valid_values: [$value, [1, 2, 4]]}}', '3', ['CONSTRAINT_VIOLATED']],
    [
      '{type: integer, validation: {$and: [{$greater_or_equal: [$value, 0]}, {$less_or_equal: [$value, 0xFFFF]}]}}',
      '65536',
      ['CONSTRAINT_VIOLATED'],
    ],
    ['{type: string, validation: {$matches: [$value, "^[a-z]*$"]}}', 'Abc', ['CONSTRAINT_VIOLATED']],
    ['{type: string, validation: {$matches: [$value, "[a-z]"]}}', 'Abc', 'Abc'],
    [
      '{type: string, validation: [{$matches: [$value, b]}, {$matches: [$value, x]}]}',
      'Abc',
      ['CONSTRAINT_VIOLATED'],
    ],
    ['{type: string, validation: {$not: [{$equal: [$value, a]}]}}', 'a', ['CONSTRAINT_VIOLATED']],
    ['{type: version, validation: {$greater_or_equal: [$value, "1.2"]}}', '"1.10"', '1.10'],
    ['{type: version, validation: {$greater_or_equal: [$value, 1.2.3-beta3]}}', '1.2.3-beta4', '1.2.3-beta4'],
    [
      '{type: version, validation: {$greater_or_equal: [$value, 1.2.3.beta-3]}}',
      '1.2.3.beta-2',
      ['CONSTRAINT_VIOLATED'],
    ],
    ['{type: float, validation: {$less_or_equal: [$value, .inf]}}', '.inf', Infinity],
    ['{type: integer, validation: {$or: [{$equal: [$value, 1]}, {$equal: [$value, 2]}]}}', '2', 2],
    [
      '{type: list, entry_schema: integer, validation: {$has_entry: [$value, 1]}}',
      '[2]',
      ['CONSTRAINT_VIOLATED'],
    ],
  ])('%s: %s', (schema, text, expected) => {
    expect(read('tosca_2_0', schema, text, TYPES)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['Size', '{$greater_or_equal: [$value, 0]}'],
    ['Size', '{$greater_or_equal: [$value, 0.0]}'],
    ['Size', '{$less_than: [$value, 4 kB]}'],
    ['integer', '{$less_than: [$value, {$get_property: [SELF, other]}]}'],
    [
      '{type: list, entry_schema: string}',
      '{$and: [{$has_entry: [$value, a]}, {$less_than: [{$length: [$value]}, 3]}]}',
    ],
    ['string', '{$valid_values: [$value, [a, b]]}'],
    ['SizeRange', '{$greater_or_equal: [{$value: [high]}, {$value: [low]}]}'],
  ])('takes %s %s', (schema, clause) => {
    const world = new World('tosca_2_0').define(
      `${TYPES}\nSize: { derived_from: scalar, units: { B: 1, kB: 1000 } }`,
    );
    const checked = { ...world.schema(schema), constraints: [world.node(clause)] };
    world.checker.checkSchema(checked, { version: 'tosca_2_0' });
    expect(world.found()).toEqual([]);
  });

  it('names the part that does not hold', () => {
    const world = new World('tosca_2_0');
    const schema = world.schema(
      '{type: integer, default: 9, validation: {$and: [{$greater_or_equal: [$value, 1]}, {$less_or_equal: [$value, 4]}]}}',
    );
    world.checker.checkSchema(schema, { version: 'tosca_2_0' });
    expect(world.findings.all()).toMatchObject([{ expected: '$less_or_equal: [$value, 4]' }]);
  });

  it.each<[string, string, string]>([
    ['integer', '{$sum: [$value, 1]}', 'CONSTRAINT_INVALID'],
    ['integer', '{$in_range: [$value, [1, 4]]}', 'FUNCTION_UNKNOWN'],
    ['integer', '{$greater_than: [$value]}', 'FUNCTION_INVALID'],
    ['integer', '{$greater_than: [$value, many]}', 'FUNCTION_INVALID'],
    ['integer', '{$length: [$value]}', 'FUNCTION_INVALID'],
    ['string', '{$matches: [$value, "(a"]}', 'FUNCTION_INVALID'],
    ['string', '{$greater_then: [$value, a]}', 'FUNCTION_UNKNOWN'],
    ['string', '{$and: [$value, true]}', 'FUNCTION_INVALID'],
  ])('refuses %s %s', (schema, clause, code) => {
    const world = new World('tosca_2_0');
    const checked = { ...world.schema(schema), constraints: [world.node(clause)] };
    world.checker.checkSchema(checked, world.scope());
    expect(world.codes()).toContain(code);
  });
});

describe('bounds', () => {
  it.each<ToscaVersion>(['tosca_simple_yaml_1_3', 'tosca_2_0'])(
    'checks a large %s list in time',
    (version) => {
      const world = new World(version);
      const clause =
        version === 'tosca_2_0'
          ? 'validation: {$and: [{$greater_or_equal: [$value, 0]}, {$less_than: [$value, 100000]}]}'
          : 'constraints: [in_range: [0, 99999]]';
      const schema = world.schema(`{type: list, entry_schema: {type: integer, ${clause}}}`);
      const value = world.node(`[${Array.from({ length: 50_000 }, (_, i) => i).join(', ')}]`);
      const start = performance.now();
      world.checker.checkValue(value, schema, world.scope());
      expect(world.codes()).toEqual([]);
      expect(performance.now() - start).toBeLessThan(5000);
    },
  );
});
