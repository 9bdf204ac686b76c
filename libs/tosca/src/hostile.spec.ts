import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compileTosca } from './compile.js';
import { TOSCA_VERSIONS } from './model/version.js';

/** Generous for a busy machine; what is guarded against takes minutes or for ever. */
const BOUND_MS = 20_000;

function compileInTime(files: Readonly<Record<string, string>>): string[] {
  const start = performance.now();
  const { findings } = compileTosca({ entry: 'a.yaml', read: (path) => files[path] });
  expect(performance.now() - start).toBeLessThan(BOUND_MS);
  expect(findings.length).toBeLessThanOrEqual(201);
  return [...new Set(findings.map(({ code }) => code))];
}

const ONE = 'tosca_definitions_version: tosca_simple_yaml_1_3\n';
const TWO = 'tosca_definitions_version: tosca_2_0\n';
const many = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

const LONG = 'x'.repeat(400_000);
const times = (count: number, what: string): string => `[${many(count, () => `${what},`)}]`;
const withInput = (type: string, value: string, more = ''): string =>
  `${TWO}data_types: { P: ${type} }\n${more}service_template:\n  inputs:\n    t: { type: string, default: ${LONG} }\n    a: { type: list, entry_schema: P, default: ${value} }\n  node_templates: {}\n`;
const doubling = (type: string, step: (next: string) => string, last: string): string =>
  `${TWO}data_types: { T: { properties: { a: { type: T, required: false }, b: { type: T, required: false } } } }
node_types: { N: { properties: { p: { type: ${type} } } } }
service_template:
  node_templates:
${many(40, (i) => `    n${i}: { type: N, properties: { p: ${step(`$get_property: [n${i + 1}, p]`)} } }\n`)}    n40: { type: N, properties: { p: ${last} } }\n`;
const matching = (pattern: string): string =>
  `{ derived_from: string, validation: { $matches: [$value, '${pattern}'] } }`;

describe('odd files are refused in bounded time', () => {
  it.each<[string, () => Record<string, string>, string]>([
    [
      '20,000 templates of types that are not there',
      () => ({
        'a.yaml': `${ONE}topology_template:\n  node_templates:\n${many(20_000, (i) => `    node_${i}: { type: some.type.Number${i} }\n`)}`,
      }),
      'TOO_MANY_FINDINGS',
    ],
    [
      '20,000 types with parents that are not there',
      () => ({ 'a.yaml': `${TWO}node_types:\n${many(20_000, (i) => `  T${i}: { derived_from: U${i} }\n`)}` }),
      'TOO_MANY_FINDINGS',
    ],
    [
      '20,000 unknown keynames',
      () => ({ 'a.yaml': `${TWO}node_types:\n  T:\n${many(20_000, (i) => `    propertie${i}: x\n`)}` }),
      'TOO_MANY_FINDINGS',
    ],
    [
      'properties that ask for one another, 400 in a row',
      () => ({
        'a.yaml': `${TWO}node_types: { N: { properties: { p: { type: integer } } } }\nservice_template:\n  node_templates:\n${many(400, (i) => `    n${i}: { type: N, properties: { p: { $get_property: [n${i + 1}, p] } } }\n`)}    n400: { type: N, properties: { p: 1 } }\n`,
      }),
      'SOURCE_TOO_DEEP',
    ],
    [
      'imports that double at every step',
      () =>
        Object.fromEntries(
          Array.from({ length: 60 }, (_, i) => [
            i === 0 ? 'a.yaml' : `f${i}.yaml`,
            `${TWO}imports: [ { url: f${i + 1}.yaml, namespace: x }, { url: f${i + 1}.yaml, namespace: y } ]\nnode_types: { A: { derived_from: x:B } }\n`,
          ]),
        ),
      'IMPORT_MISSING',
    ],
  ])('%s', (_what, files, code) => {
    expect(compileInTime(files())).toContain(code);
  });

  it.each<[string, () => string, string]>([
    [
      'a repeat of nothing',
      () => withInput(matching('(((){9999}){9999}){9999}'), '[x]'),
      'PATTERN_NOT_EVALUATED',
    ],
    [
      'a pattern with ways that take no character',
      () => withInput(matching(`(${'|'.repeat(2000)})*a*b`), '[{ $get_input: t }]'),
      'SOURCE_TOO_LARGE',
    ],
    [
      'aliases of a long text',
      () => withInput(matching('a*b'), times(50_000, '*t'), `dsl_definitions: { t: &t ${LONG} }\n`),
      'SOURCE_TOO_LARGE',
    ],
    [
      'a long input asked for often',
      () => withInput(matching('x*'), times(20_000, '{ $get_input: t }')),
      'SOURCE_TOO_LARGE',
    ],
    [
      'lengths of a long input',
      () =>
        withInput(
          '{ derived_from: string, validation: { $less_or_equal: [{ $length: [$value] }, 9999999] } }',
          times(20_000, '{ $get_input: t }'),
        ),
      'SOURCE_TOO_LARGE',
    ],
    [
      'text that doubles at every step',
      () => doubling('string', (next) => `{ $concat: [{ ${next} }, { ${next} }] }`, 'text'),
      'SOURCE_TOO_LARGE',
    ],
    [
      'a list that doubles at every step',
      () => doubling('list', (next) => `{ $concat: [{ ${next} }, { ${next} }] }`, '[a]'),
      'SOURCE_TOO_LARGE',
    ],
    [
      'a struct that doubles at every step',
      () => doubling('T', (next) => `{ a: { ${next} }, b: { ${next} } }`, '{}'),
      'SOURCE_TOO_LARGE',
    ],
    [
      'a list joined by a long text',
      () =>
        `${withInput('{ derived_from: string }', times(50_000, 'x'))}  outputs:\n    o: { value: { $join: [{ $get_input: a }, { $get_input: t }] } }\n`,
      'SOURCE_TOO_LARGE',
    ],
    [
      'a part that is nearly there at every place',
      () =>
        withInput(
          `{ derived_from: string, validation: { $contains: [$value, ${'x'.repeat(75_000)}y${'x'.repeat(75_000)}] } }`,
          times(20, '{ $get_input: t }'),
        ),
      'CONSTRAINT_VIOLATED',
    ],
    [
      'many values of which none is among many',
      () =>
        withInput(
          `{ derived_from: string, validation: { $valid_values: [$value, [${many(50_000, (i) => `v${i},`)}]] } }`,
          `[${many(50_000, (i) => `w${i},`)}]`,
        ),
      'TOO_MANY_FINDINGS',
    ],
    [
      'comments of XML that do not end',
      () =>
        `${ONE}topology_template:\n  inputs: { a: { type: xml, default: "${'<!--'.repeat(200_000)}" } }\n  node_templates: {}\n`,
      'TYPE_MISMATCH',
    ],
  ])('%s', (_what, text, code) => {
    expect(compileInTime({ 'a.yaml': text() })).toContain(code);
  });

  it('many files of many types that refer to each other compile', () => {
    const files: Record<string, string> = {
      'a.yaml': `${TWO}imports: [ ${many(200, (i) => `f${i}.yaml, `)} ]\n`,
    };
    for (let i = 0; i < 200; i++) {
      files[`f${i}.yaml`] =
        `${TWO}node_types:\n${many(50, (j) => `  T${i}_${j}: { properties: { p: { type: string } } }\n`)}`;
    }
    expect(compileInTime(files)).toEqual([]);
  });
});

describe('no file makes the compiler throw', () => {
  const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        null,
        true,
        0,
        -1,
        1.5,
        'A',
        'B',
        'string',
        'list',
        'scalar',
        '$value',
        'x',
        '',
        '10 GB',
        'UNBOUNDED',
      ),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'type',
          'derived_from',
          'properties',
          'attributes',
          'capabilities',
          'requirements',
          'interfaces',
          'operations',
          'inputs',
          'artifacts',
          'default',
          'value',
          'entry_schema',
          'validation',
          'constraints',
          'units',
          'prefixes',
          'node',
          'capability',
          'relationship',
          'occurrences',
          'count_range',
          'A',
          'B',
          '$get_property',
          'get_input',
          'valid_target_types',
          'members',
          'targets',
          'triggers',
          'implementation',
          'primary',
          'copy',
          'directives',
        ),
        tie('any'),
        { maxKeys: 4 },
      ),
    ),
  })).any;

  it('made of any value at any place', () => {
    const types = fc.dictionary(fc.constantFrom('A', 'B', 'C'), value, { maxKeys: 3 });
    const sections = fc.record(
      {
        node_types: types,
        relationship_types: types,
        capability_types: types,
        interface_types: types,
        data_types: types,
        artifact_types: types,
        group_types: types,
        policy_types: types,
        functions: types,
        repositories: value,
        imports: value,
        topology_template: fc.dictionary(
          fc.constantFrom(
            'inputs',
            'outputs',
            'node_templates',
            'relationship_templates',
            'groups',
            'policies',
            'workflows',
            'substitution_mappings',
          ),
          fc.oneof(value, types),
          { maxKeys: 4 },
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...TOSCA_VERSIONS),
        sections,
        (version, { topology_template: template, ...rest }) => {
          const key = version === 'tosca_2_0' ? 'service_template' : 'topology_template';
          const text = JSON.stringify({ tosca_definitions_version: version, ...rest, [key]: template });
          const { findings } = compileTosca({
            entry: 'x',
            read: (path) => (path === 'x' ? text : undefined),
          });
          for (const { line, column } of findings) expect([line, column > 0]).toEqual([1, true]);
        },
      ),
      { numRuns: 1500 },
    );
  });
});
