import { describe, expect, it } from '@jest/globals';
import { isAtLeast, TOSCA_VERSIONS } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import { brief, checkText } from './types.spec-support.js';

const ONE_0 = 'tosca_simple_yaml_1_0';
const ONE_3 = 'tosca_simple_yaml_1_3';
const TWO = 'tosca_2_0';
const ONES = TOSCA_VERSIONS.filter((version) => version !== TWO);
/** From 1.3 on the standard says what a refinement may do. */
const STRICT = TOSCA_VERSIONS.filter((version) => isAtLeast(version, ONE_3));

function expectIn(versions: readonly ToscaVersion[], text: string, expected: string[]): void {
  for (const version of versions)
    expect([version, brief(checkText(version, text))]).toEqual([version, expected]);
}

const chain = (length: number): string =>
  `node_types:\n${Array.from({ length }, (_, i) => `  T${i}: { derived_from: T${i + 1} }\n`).join('')}  T${length}: {}\n`;

const countText = (range: string): string =>
  `${CAPABILITIES}  M: { requirements: [ { r: { capability: C, relationship: R, count_range: [1, 3] } } ] }\n  O: { derived_from: M, requirements: [ { r: { count_range: ${range} } } ] }\n`;

const sourceText = (section: string): string =>
  `node_types: { A: {}, B: { derived_from: A }, X: {} }\nrelationship_types:\n  R: { valid_source_node_types: [A] }\n  S: { derived_from: R, valid_source_node_types: ${section} }\n`;

const functionText = (type: string): string =>
  `functions: { f: { signatures: [ { arguments: [ ${type} ], result: integer } ] } }\nnode_types: { A: { properties: { p: { type: integer, default: { $f: [ 1 ] } } } } }\n`;

const imageText = (value: string): string =>
  `artifact_types: { Image: { properties: { bits: { type: integer, validation: { $less_than: [ $value, 65 ] } } } } }\n` +
  `node_types: { A: { artifacts: { disk: { type: Image, file: disk.img, properties: { bits: ${value}, more: x } } } } }`;

const artifact = (more: string): string => `{ artifacts: { a: { type: T, file: x, ${more} } } }`;

describe('derivation', () => {
  it.each<[string, string[]]>([
    ['node_types: { A: { derived_from: B }, B: {} }', []],
    ['node_types: { A: { derived_from: Nothing } }', ['TYPE_UNKNOWN 2']],
    ['node_types: { A: { derived_from: A } }', ['TYPE_CYCLE 2']],
    [
      'node_types: { A: { derived_from: B }, B: { derived_from: C }, C: { derived_from: A } }',
      ['TYPE_CYCLE 2'],
    ],
    ['data_types: { A: { derived_from: string } }', []],
    ['data_types: { A: { derived_from: strng } }', ['TYPE_UNKNOWN 2']],
    ['artifact_types: { A: { derived_from: B }, B: {} }', []],
    ['group_types: { A: { derived_from: B } }', ['TYPE_UNKNOWN 2']],
    ['policy_types: { A: { derived_from: B } }', ['TYPE_UNKNOWN 2']],
    ['interface_types: { A: { derived_from: B } }', ['TYPE_UNKNOWN 2']],
    ['relationship_types: { A: { derived_from: B } }', ['TYPE_UNKNOWN 2']],
  ])('%s', (text, codes) => expectIn(TOSCA_VERSIONS, text, codes));

  it('of a wrong kind is an error from 1.3 on', () => {
    const text = 'node_types: { A: { derived_from: C } }\ncapability_types: { C: {} }';
    expectIn(STRICT, text, ['TYPE_UNKNOWN 2']);
    expectIn([ONE_0], text, ['(TYPE_UNKNOWN 2)']);
  });

  it('of a wrong kind says which it is, and an unknown one what was meant', () => {
    const { findings } = checkText(
      TWO,
      'node_types: { A: { derived_from: C }, Bus: {}, D: { derived_from: Buss } }\ncapability_types: { C: {} }',
    );
    expect(findings).toMatchObject([
      { message: expect.stringContaining('C is a capability type'), column: 34 },
      { nearest: 'Bus', expected: 'a node type' },
    ]);
  });

  it('a scalar of 1.x that 2.0 has no longer is a warning there, and its values are not checked', () => {
    const property = 'node_types: { A: { properties: { p: { type: scalar-unit.time, default: 3 s } } } }';
    expectIn(ONES, property, []);
    expectIn([TWO], property, ['(TYPE_UNKNOWN 2)']);
    const defined = `data_types: { scalar-unit.time: { derived_from: scalar, units: { min: 1 } } }\n${property}`;
    expectIn([TWO], defined, ['TYPE_MISMATCH 3']);
  });

  it('goes on for as long as anyone may want, and no longer', () => {
    expect(brief(checkText(TWO, chain(90)))).toEqual([]);
    expect(brief(checkText(TWO, chain(30_000)))).toContain('SOURCE_TOO_DEEP 103');
  });

  it('of very many types from one with very many properties ends', () => {
    const properties = Array.from({ length: 5000 }, (_, i) => `      p${i}: { type: string }\n`).join('');
    const types = Array.from(
      { length: 5000 },
      (_, i) => `  T${i}: { derived_from: Root, properties: { q: { type: string } } }\n`,
    ).join('');
    const start = performance.now();
    checkText(TWO, `node_types:\n  Root:\n    properties:\n${properties}${types}`);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('properties', () => {
  it.each<[string, string[]]>([
    ['{ p: { type: string } }', []],
    ['{ p: { type: strng } }', ['TYPE_UNKNOWN 4']],
    ['{ p: {} }', ['KEYWORD_MISSING 4']],
    ['{ p: { description: x } }', ['KEYWORD_MISSING 4']],
    ['{ p: { type: list, entry_schema: Nothing } }', ['TYPE_UNKNOWN 4']],
    ['{ p: { type: map, entry_schema: { type: list, entry_schema: Nothing } } }', ['TYPE_UNKNOWN 4']],
    ['{ p: { type: string, status: odd } }', ['KEYWORD_INVALID 4']],
    ['{ p: { type: string, status: deprecated } }', []],
    ['{ p: { type: string, status: Deprecated } }', ['(KEYWORD_INVALID 4)']],
    ['{ p: { type: integer, default: x } }', ['TYPE_MISMATCH 4']],
    ['{ p: { type: D } }', []],
    ['{ p: { type: D, default: { x: wrong } } }', ['TYPE_MISMATCH 4']],
  ])('%s', (properties, codes) => {
    const text = `data_types: { D: { properties: { x: { type: integer } } } }\nnode_types:\n  A: { properties: ${properties} }\n`;
    expectIn(TOSCA_VERSIONS, text, codes);
  });

  it.each<[string, string, string[]]>([
    ['integer', '{ default: 3 }', []],
    ['integer', '{ type: integer }', []],
    ['integer', '{ type: Positive }', []],
    ['Positive', '{ type: integer }', ['REFINEMENT_INVALID 5']],
    ['integer', '{ type: string }', ['REFINEMENT_INVALID 5']],
    ['integer', '{ required: false }', ['REFINEMENT_INVALID 5']],
    ['integer', '{ required: true }', []],
    ['integer', '{ value: 3 }', []],
    ['integer', '3', []],
    ['integer', 'x', ['TYPE_MISMATCH 5']],
  ])('%s refined by %s', (type, refinement, codes) => {
    const text = `data_types: { Positive: { derived_from: integer } }\nnode_types:\n  A: { properties: { p: { type: ${type} } } }\n  B: { derived_from: A, properties: { p: ${refinement} } }\n`;
    expectIn(STRICT, text, codes);
  });

  it('a refinement that came to be wrong with 1.3 is a warning before', () => {
    const text =
      'node_types:\n  A: { properties: { p: { type: integer } } }\n  B: { derived_from: A, properties: { p: { type: string } } }\n';
    expectIn([ONE_0], text, ['(REFINEMENT_INVALID 4)']);
  });

  it.each<[string, string[], string[]]>([
    ['{ value: 7 }', [], []],
    ['{ value: 8 }', ['REFINEMENT_INVALID 5'], ['REFINEMENT_INVALID 5']],
    ['{ default: 8 }', [], ['REFINEMENT_INVALID 5']],
  ])('a fixed value refined by %s', (refinement, of1, of2) => {
    const text = `node_types:\n  A: { properties: { p: { type: integer } } }\n  B: { derived_from: A, properties: { p: { value: 7 } } }\n  C: { derived_from: B, properties: { p: ${refinement} } }\n`;
    expectIn([ONE_3], text, of1);
    expectIn([TWO], text, of2);
  });

  it('clauses of ancestors stay in force', () => {
    const { find } = checkText(
      ONE_3,
      'node_types:\n  A: { properties: { p: { type: integer, constraints: [ { greater_than: 1 } ] } } }\n  B: { derived_from: A, properties: { p: { constraints: [ { less_than: 9 } ] } } }\n',
    );
    const schema = find('node', 'B').properties.get('p');
    expect(schema?.constraints).toHaveLength(2);
    expect(schema).toMatchObject({ required: true, type: { name: 'integer' } });
  });

  it('2.0 wants to know what a list holds', () => {
    expectIn([TWO], 'node_types: { A: { properties: { p: { type: list } } } }', ['KEYWORD_MISSING 2']);
    expectIn(ONES, 'node_types: { A: { properties: { p: { type: list } } } }', []);
    expectIn(
      [TWO],
      'data_types: { L: { derived_from: list, entry_schema: string } }\nnode_types: { A: { properties: { p: { type: L } } } }',
      [],
    );
    expectIn([TWO], 'node_types: { A: { properties: { p: { type: string, entry_schema: string } } } }', [
      'KEYWORD_INVALID 2',
    ]);
  });
});

describe('data types', () => {
  it.each<[string, string[]]>([
    ['{ properties: { a: { type: D } } }', []],
    ['{ derived_from: string, properties: { a: { type: string } } }', ['KEYWORD_INVALID 2']],
    ['{ derived_from: map, entry_schema: integer }', []],
  ])('%s', (definition, codes) => expectIn(TOSCA_VERSIONS, `data_types: { D: ${definition} }`, codes));

  it.each<[string, string[]]>([
    ['{ derived_from: scalar, units: { m: 1, km: 1000 } }', []],
    ['{ derived_from: scalar, data_type: integer, units: { B: 1 }, prefixes: { k: 1000, "": 1 } }', []],
    ['{ derived_from: scalar, units: { km: 1000 } }', ['KEYWORD_INVALID 2']],
    ['{ derived_from: scalar, units: { m: 1, a: b } }', ['KEYWORD_INVALID 2']],
    ['{ derived_from: scalar, units: { m: 1 }, canonical_unit: x }', ['KEYWORD_INVALID 2']],
    ['{ derived_from: scalar, units: { m: 1, n: 1 }, prefixes: { k: 1000 } }', ['KEYWORD_INVALID 2']],
    ['{ derived_from: scalar, data_type: string, units: { m: 1 } }', ['KEYWORD_INVALID 2']],
    ['{ derived_from: string, units: { m: 1 } }', ['KEYWORD_INVALID 2']],
  ])('of 2.0: %s', (definition, codes) => expectIn([TWO], `data_types: { D: ${definition} }`, codes));

  it('units have the prefixes of their type', () => {
    const { find } = checkText(
      TWO,
      'data_types: { D: { derived_from: scalar, units: { B: 1 }, prefixes: { "": 1, k: 1000 } } }',
    );
    const { units, primitive } = find('data', 'D');
    expect([primitive, units?.canonical, [...(units?.factors ?? [])]]).toEqual([
      'scalar',
      'B',
      [
        ['B', 1],
        ['kB', 1000],
      ],
    ]);
  });
});

const CAPABILITIES = `capability_types:
  C: { properties: { x: { type: integer } } }
  D: { derived_from: C }
  E: {}
relationship_types:
  R: { properties: { y: { type: string } } }
  S: { derived_from: R }
interface_types:
  I: { operations: { go: { inputs: { a: { type: integer } } } } }
node_types:
  N: { capabilities: { c: C }, interfaces: { i: { type: I } } }
`;

describe('capabilities, requirements and interfaces in node types', () => {
  it.each<[string, string[]]>([
    ['capabilities: { c: D }', []],
    ['capabilities: { c: { properties: { x: { default: 1 } } } }', []],
    ['capabilities: { c: E }', ['REFINEMENT_INVALID 13']],
    ['capabilities: { c: Nothing }', ['TYPE_UNKNOWN 13']],
    ['capabilities: { d: {} }', ['KEYWORD_MISSING 13']],
    ['capabilities: { d: { type: C, properties: { x: { default: wrong } } } }', ['TYPE_MISMATCH 13']],
    ['requirements: [ { r: { capability: C, node: N, relationship: R } } ]', []],
    ['requirements: [ { r: { capability: c, node: N, relationship: R } } ]', []],
    ['requirements: [ { r: { capability: none, node: N, relationship: R } } ]', ['TYPE_UNKNOWN 13']],
    ['requirements: [ { r: { capability: C, node: X, relationship: R } } ]', ['TYPE_UNKNOWN 13']],
    ['requirements: [ { r: { capability: C, relationship: X } } ]', ['TYPE_UNKNOWN 13']],
    ['requirements: [ { r: { relationship: R } } ]', ['KEYWORD_MISSING 13']],
    [
      'requirements: [ { r: { capability: C, relationship: { type: R, properties: { y: { default: a } } } } } ]',
      [],
    ],
    [
      'requirements: [ { r: { capability: C, relationship: R } }, { r: { capability: C, relationship: R } } ]',
      ['NAME_DUPLICATE 13'],
    ],
    ['interfaces: { i: { operations: { go: go.sh } } }', []],
    ['interfaces: { j: { operations: { go: go.sh } } }', ['KEYWORD_MISSING 13']],
    ['interfaces: { j: { type: X, operations: { go: go.sh } } }', ['TYPE_UNKNOWN 13']],
    ['artifacts: { a: { type: X, file: y } }', ['TYPE_UNKNOWN 13']],
    ['artifacts: { a: { file: y } }', ['KEYWORD_MISSING 13']],
  ])('%s', (definition, codes) => {
    expectIn(STRICT, `${CAPABILITIES}  M: { derived_from: N, ${definition} }\n`, codes);
  });

  it.each<[string, string[]]>([
    ['capabilities: { c: { properties: { new: { type: string } } } }', ['PROPERTY_UNKNOWN 13']],
    ['requirements: [ { r: { capability: C } } ]', ['(KEYWORD_MISSING 13)']],
    [
      'requirements: [ { r: { capability: C, relationship: R, count_range: [2, 1] } } ]',
      ['KEYWORD_INVALID 13'],
    ],
    ['interfaces: { i: { operations: { stay: x.sh } } }', ['OPERATION_UNKNOWN 13']],
  ])('of 2.0: %s', (definition, codes) => {
    expectIn([TWO], `${CAPABILITIES}  M: { derived_from: N, ${definition} }\n`, codes);
  });

  it('refinements keep what they do not change', () => {
    const { find } = checkText(
      TWO,
      `${CAPABILITIES}  M: { derived_from: N, capabilities: { c: { properties: { x: { default: 1 } } } }, requirements: [ { r: { capability: C, relationship: R, count_range: [1, 3] } } ] }
  O: { derived_from: M, requirements: [ { r: { relationship: S } } ], interfaces: { i: { operations: { go: go.sh } } } }\n`,
    );
    const type = find('node', 'O');
    expect(type.capabilities.get('c')).toMatchObject({ type: { name: 'C' } });
    expect(type.capabilities.get('c')?.properties.get('x')?.default).toMatchObject({ value: 1 });
    expect(type.requirements.get('r')).toMatchObject({
      capability: { name: 'C' },
      relationship: { name: 'S' },
      occurrences: { least: 1, most: 3 },
    });
    expect([...(type.interfaces.get('i')?.operations.get('go')?.inputs.keys() ?? [])]).toEqual(['a']);
    expect(type.interfaces.get('i')?.operations.get('go')?.implementation).toMatchObject({ text: 'go.sh' });
  });

  it('a count may be narrowed, not widened', () => {
    expectIn([TWO], countText('[2, 3]'), []);
    expectIn([TWO], countText('[0, 3]'), ['REFINEMENT_INVALID 14']);
    expectIn([TWO], countText('[1, UNBOUNDED]'), ['REFINEMENT_INVALID 14']);
  });

  it('an interface type implements nothing', () => {
    expectIn(STRICT, 'interface_types: { I: { operations: { o: { implementation: x } } } }', [
      'KEYWORD_INVALID 2',
    ]);
    expectIn([ONE_0], 'interface_types: { I: { o: { implementation: x } } }', []);
  });

  it('an artifact of a type has values that its properties can have', () => {
    expectIn([TWO], imageText('64'), []);
    expectIn([TWO], imageText('many'), ['TYPE_MISMATCH 3']);
    expectIn([TWO], imageText('128'), ['CONSTRAINT_VIOLATED 3']);
  });

  it('defines what its inputs are before something has a value for them', () => {
    expectIn([TWO], 'interface_types: { I: { inputs: { mode: quick } } }', ['KEYWORD_MISSING 2']);
    const operation = 'interface_types: { I: { operations: { o: { inputs: { times: 3 } } } } }';
    expectIn([TWO], operation, ['KEYWORD_MISSING 2']);
    const derived =
      'interface_types: { I: { inputs: { mode: { type: string } } }, J: { derived_from: I, inputs: { mode: quick } } }';
    expectIn([TWO], derived, []);
  });
});

describe('lists of valid types', () => {
  it('name types of their kind, and narrow what is inherited', () => {
    expectIn([TWO], sourceText('[B]'), []);
    expectIn([TWO], sourceText('[X]'), ['REFINEMENT_INVALID 5']);
    expectIn([TWO], sourceText('[Nothing]'), ['TYPE_UNKNOWN 5']);
  });

  it('of 1.x name capability types and node types in one', () => {
    const { find, findings } = checkText(
      ONE_3,
      'node_types: { A: {} }\ncapability_types: { C: {} }\nrelationship_types: { R: { valid_target_types: [A, C] } }\n',
    );
    expect(findings).toEqual([]);
    expect(find('relationship', 'R')).toMatchObject({
      validCapabilityTypes: [{ name: 'C' }],
      validTargetNodeTypes: [{ name: 'A' }],
    });
  });

  it('of groups and policies', () => {
    const text =
      'node_types: { A: {} }\ngroup_types: { G: { members: [A] } }\npolicy_types: { P: { targets: [A, G] }, Q: { derived_from: P } }\n';
    expectIn(TOSCA_VERSIONS, text, []);
    expect(checkText(TWO, text).find('policy', 'Q').targets).toMatchObject([{ name: 'A' }, { name: 'G' }]);
    expectIn(
      TOSCA_VERSIONS,
      'group_types: { G: { members: [Y] } }\npolicy_types: { P: { targets: [X] } }\n',
      ['TYPE_UNKNOWN 2', 'TYPE_UNKNOWN 3'],
    );
  });
});

it('an artifact with a checksum says by which algorithm', () => {
  const types = 'artifact_types: { T: {} }\nnode_types:\n';
  expectIn(STRICT, `${types}  A: ${artifact('checksum: abc')}\n`, ['KEYWORD_MISSING 4']);
  expectIn(STRICT, `${types}  A: ${artifact('checksum: abc, checksum_algorithm: MD5')}\n`, []);
  expectIn(
    STRICT,
    `${types}  A: ${artifact('checksum_algorithm: MD5')}\n  B: { derived_from: A, artifacts: { a: { checksum: abc } } }\n`,
    [],
  );
});

it('sources of a capability are narrowed in 1.3, not widened', () => {
  const types = 'capability_types: { C: {} }\nnode_types:\n  S: {}\n  D: { derived_from: S }\n  X: {}\n';
  const host = '  H: { capabilities: { c: { type: C, valid_source_types: [S] } } }\n';
  expectIn(
    [ONE_3],
    `${types}${host}  I: { derived_from: H, capabilities: { c: { valid_source_types: [D] } } }\n`,
    [],
  );
  expectIn(
    [ONE_3],
    `${types}${host}  I: { derived_from: H, capabilities: { c: { valid_source_types: [X] } } }\n`,
    ['REFINEMENT_INVALID 8'],
  );
});

it('functions of 2.0 have their types looked up', () => {
  expectIn([TWO], functionText('integer'), []);
  expectIn([TWO], functionText('nothing'), ['TYPE_UNKNOWN 2']);
});
