import { describe, expect, it } from '@jest/globals';
import { compileTosca } from '../compile.js';

function codes(version: string, types: string): string[] {
  const text = `tosca_definitions_version: ${version}\nnode_types:\n${types}`;
  const { findings } = compileTosca({
    entry: 'a.yaml',
    read: (path) => (path === 'a.yaml' ? text : undefined),
  });
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

const BASE =
  '  A: { properties: { p: { type: map, entry_schema: { type: integer }, key_schema: { type: string } } } }\n';

describe('the schema of entries', () => {
  it.each<[string, string[]]>([
    ['  B: { derived_from: A, properties: { p: { entry_schema: { description: one } } } }', []],
    [
      '  B: { derived_from: A, properties: { p: { key_schema: { validation: { $matches: [ $value, a ] } } } } }',
      [],
    ],
    [
      '  B: { derived_from: A, properties: { p: { entry_schema: { type: string } } } }',
      ['REFINEMENT_INVALID'],
    ],
    ['  B: { properties: { p: { type: list, entry_schema: { description: one } } } }', ['KEYWORD_MISSING']],
  ])('2.0: %s', (type, expected) => {
    expect(codes('tosca_2_0', BASE + type)).toEqual(expected);
  });

  it('has a type in 1.x', () => {
    const type = '  B: { properties: { p: { type: list, entry_schema: { description: one } } } }';
    expect(codes('tosca_simple_yaml_1_3', BASE + type)).toEqual(['KEYWORD_MISSING']);
  });
});
