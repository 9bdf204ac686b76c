import { describe, expect, it } from '@jest/globals';
import { read, World } from './values.spec-support.js';

const ONE = 'tosca_simple_yaml_1_3';
const TWO = 'tosca_2_0';

const PEOPLE = `
ContactInfo:
  properties:
    contact_name: { type: string, constraints: [ min_length: 2 ] }
    contact_email: { type: string, required: false }
    contact_phone: { type: string, required: false }
PeopleBase:
  properties:
    name: { type: string, constraints: [ min_length: 2 ] }
    gender: { type: string, default: unknown }
People:
  derived_from: PeopleBase
  properties:
    addresses: { type: map, required: false, entry_schema: string }
    contacts: { type: list, required: false, entry_schema: { type: ContactInfo } }
Port: { derived_from: integer, constraints: [ in_range: [ 1, 65535 ] ] }
Ports: { derived_from: list, entry_schema: Port }
Tree: { properties: { left: { type: Tree, required: false }, name: string } }
Endless: { properties: { next: { type: Endless, default: {} } } }
tosca.datatypes.json: { derived_from: string }
tosca.datatypes.xml: { derived_from: string }
tosca.datatypes.network.PortSpec:
  properties:
    protocol: { type: string, default: tcp }
    target: { type: Port, required: false }
    target_range: { type: range, required: false }
    source: { type: Port, required: false }
    source_range: { type: range, required: false }
Key: { derived_from: string, constraints: [ pattern: '[a-z]+' ] }
`;

describe('structs, lists and maps', () => {
  it.each<[string, string, unknown]>([
    ['PeopleBase', '{name: Mike}', { name: 'Mike', gender: 'unknown' }],
    ['PeopleBase', '{name: Mike, gender: male}', { name: 'Mike', gender: 'male' }],
    ['PeopleBase', '[Tom, Jerry]', ['TYPE_MISMATCH']],
    ['PeopleBase', 'Tom', ['TYPE_MISMATCH']],
    ['PeopleBase', '{nema: Mike, gender: male}', ['PROPERTY_MISSING', 'PROPERTY_UNKNOWN']],
    ['PeopleBase', '{gender: male}', ['PROPERTY_MISSING']],
    ['PeopleBase', '{name: 123}', ['TYPE_MISMATCH']],
    ['PeopleBase', '{name: M}', ['CONSTRAINT_VIOLATED']],
    ['People', '{name: Mike, addresses: {Home: 1, Office: 9 bar avenue}}', ['TYPE_MISMATCH']],
    ['People', '{name: Mike, contacts: [{contact_name: Tom, contact_pone: x}]}', ['PROPERTY_UNKNOWN']],
    [
      'People',
      '{name: Mike, contacts: [{contact_name: T}, {}]}',
      ['CONSTRAINT_VIOLATED', 'PROPERTY_MISSING'],
    ],
    ['People', '{name: Mike, contacts: {contact_name: Tom}}', ['TYPE_MISMATCH']],
    ['Ports', '[1, 80]', [1, 80]],
    ['Ports', '[0, 80]', ['CONSTRAINT_VIOLATED']],
    ['{type: map, key_schema: Key, entry_schema: integer}', '{abc: 1}', { abc: 1 }],
    ['{type: map, key_schema: Key, entry_schema: integer}', '{ABC: 1}', ['CONSTRAINT_VIOLATED']],
    ['{type: map, key_schema: integer}', '{1: a, 2: b}', { 1: 'a', 2: 'b' }],
    ['{type: map, key_schema: integer}', '{a: b}', ['TYPE_MISMATCH']],
    ['{type: list, entry_schema: {type: list, entry_schema: integer}}', '[[1], [2, 3]]', [[1], [2, 3]]],
    ['list', '[1, a, [b]]', [1, 'a', ['b']]],
    ['list', '{a: 1}', ['TYPE_MISMATCH']],
    ['map', '[1]', ['TYPE_MISMATCH']],
    ['Tree', '{name: a, left: {name: b}}', { name: 'a', left: { name: 'b' } }],
    ['tosca.datatypes.json', '\'{"a": [1]}\'', '{"a": [1]}'],
    ['tosca.datatypes.json', "'{a: }'", ['TYPE_MISMATCH']],
    ['tosca.datatypes.xml', '\'<a b="1"><c/></a>\'', '<a b="1"><c/></a>'],
    ['tosca.datatypes.xml', "'<a><b></a>'", ['TYPE_MISMATCH']],
    ['tosca.datatypes.xml', 'text', ['TYPE_MISMATCH']],
    ['tosca.datatypes.network.PortSpec', '{target: 80}', { protocol: 'tcp', target: 80 }],
    ['tosca.datatypes.network.PortSpec', '{protocol: udp}', ['TYPE_MISMATCH']],
    ['tosca.datatypes.network.PortSpec', '{target: 80, target_range: [1, 79]}', ['TYPE_MISMATCH']],
  ])('%s: %s', (schema, text, expected) => {
    expect(read(ONE, schema, text, PEOPLE)).toEqual(expected);
  });

  it('says where, what would be right and what was meant', () => {
    const world = new World(ONE).define(PEOPLE);
    const value = world.node('name: Mike\ngendre: male\ncontacts:\n- contact_name: Tom\n  contact_pone: x\n');
    world.checker.checkValue(value, world.schema('People'), world.scope());
    expect(world.findings.all()).toMatchObject([
      { code: 'PROPERTY_UNKNOWN', line: 2, column: 1, nearest: 'gender' },
      { code: 'PROPERTY_UNKNOWN', line: 5, column: 3, nearest: 'contact_phone' },
    ]);
  });

  it('ends where a type has a value of itself as its default, and says so', () => {
    expect(read(ONE, 'Endless', '{}', PEOPLE)).toEqual(['SOURCE_TOO_DEEP']);
  });

  it('ends where defaults stand for more than anyone can hold', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const field = level === 0 ? '{ type: string, default: x }' : `{ type: L${level - 1}, default: {} }`;
      const fields = Array.from({ length: 10 }, (__, i) => `f${i}: ${field}`);
      return `L${level}: { properties: { ${fields.join(', ')} } }`;
    });
    const world = new World(ONE).define(levels.join('\n'));
    world.checker.checkValue(world.node('{}'), world.schema('L11'), world.scope());
    expect(world.codes()).toEqual([]);
  });

  it('keeps what begins with two dollars as text of 2.0', () => {
    expect(read(TWO, '{type: map, entry_schema: string}', '{$$a: x, b: $$y, c: $$$z}')).toEqual({
      $a: 'x',
      b: '$y',
      c: '$$z',
    });
    expect(read(ONE, 'string', '$$a')).toBe('$$a');
  });

  it('refuses a call that is not alone in its mapping', () => {
    expect(read(TWO, 'map', '{$get_input: x, other: y}')).toEqual(['FUNCTION_INVALID']);
    expect(read(TWO, 'map', '{"$keygen: [ UUID ]": 34, "$keygen$1: [ UUID ]": 56}')).toMatchObject({});
  });
});
