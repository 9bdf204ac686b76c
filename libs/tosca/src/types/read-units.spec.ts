import { describe, expect, it } from '@jest/globals';
import { compileTosca } from '../compile.js';

function codes(types: string, value?: string): string[] {
  const template =
    value === undefined
      ? ''
      : `
node_types: { N: { properties: { p: { type: A } } } }
service_template: { node_templates: { n: { type: N, properties: { p: ${value} } } } }`;
  const text = `tosca_definitions_version: tosca_2_0
data_types:
  Positive: { derived_from: integer, validation: { $greater_or_equal: [ $value, 1 ] } }
${types}${template}`;
  const { findings } = compileTosca({
    entry: 'a.yaml',
    read: (path) => (path === 'a.yaml' ? text : undefined),
  });
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

describe('scalar types of 2.0', () => {
  it.each<[string, string[]]>([
    ['  A: { derived_from: scalar, units: { b: 1, k: 1000 } }', []],
    ['  A: { derived_from: scalar, units: { b: 1, c: 1 }, canonical_unit: c }', []],
    ['  A: { derived_from: scalar, units: { b: 1 }, prefixes: { "": 1.0, k: 1000, m: 0.001 } }', []],
    ['  A: { derived_from: scalar, data_type: Positive, units: { b: 1 } }', []],
    [
      '  A: { derived_from: scalar, units: { g: 1 }, prefixes: { "": 1, k: 1000 } }\n  B: { derived_from: A, prefixes: { M: 1000000 } }',
      [],
    ],
    ['  A: { derived_from: scalar, units: { b: 1 } }\n  B: { derived_from: A }', []],
    ['  A: { derived_from: scalar }', ['KEYWORD_MISSING']],
    ['  A: { derived_from: scalar, units: { b: 1, c: 1 } }', ['KEYWORD_MISSING']],
    ['  A: { derived_from: scalar, units: { b: 2 } }', ['KEYWORD_INVALID']],
    ['  A: { derived_from: scalar, units: { b: 1 }, canonical_unit: x }', ['KEYWORD_INVALID']],
    ['  A: { derived_from: scalar, units: { b: 1, k: 1000 }, canonical_unit: k }', ['KEYWORD_INVALID']],
    [
      '  A: { derived_from: scalar, units: { b: 1 }, prefixes: { "": 1, k: 10 }, canonical_unit: kb }',
      ['KEYWORD_INVALID'],
    ],
    ['  A: { derived_from: scalar, units: { b: 1 }, prefixes: { k: 1000 } }', ['KEYWORD_INVALID']],
    ['  A: { derived_from: scalar, units: { b: 1, c: 8 }, prefixes: { "": 1 } }', ['KEYWORD_INVALID']],
    ['  A: { derived_from: scalar, data_type: integer, units: { b: 1, k: 1.5 } }', ['KEYWORD_INVALID']],
    [
      '  A: { derived_from: scalar, data_type: integer, units: { b: 1 }, prefixes: { "": 1, m: 0.1 } }',
      ['KEYWORD_INVALID'],
    ],
    ['  A: { derived_from: scalar, data_type: string, units: { b: 1 } }', ['KEYWORD_INVALID']],
    ['  A: { derived_from: scalar, units: { b: one } }', ['KEYWORD_INVALID', 'KEYWORD_INVALID']],
    [
      '  A: { derived_from: scalar, units: { b: 1 } }\n  B: { derived_from: A, data_type: Positive }',
      ['REFINEMENT_INVALID'],
    ],
    ['  A: { properties: { a: { type: scalar } } }', ['KEYWORD_INVALID']],
  ])('%s', (types, expected) => {
    expect(codes(types).toSorted()).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['  A: { derived_from: scalar, data_type: Positive, units: { b: 1, k: 1000 } }', '1 k', []],
    [
      '  A: { derived_from: scalar, data_type: Positive, units: { b: 1, k: 1000 } }',
      '-1 k',
      ['CONSTRAINT_VIOLATED'],
    ],
    [
      '  A: { derived_from: scalar, data_type: Positive, units: { b: 1, k: 1000 } }',
      '1.5 k',
      ['TYPE_MISMATCH'],
    ],
    ['  A: { derived_from: scalar, units: { g: 1 }, prefixes: { "": 1, k: 1000 } }', '1.5 kg', []],
    [
      '  A: { derived_from: scalar, units: { g: 1 }, prefixes: { "": 1, k: 1000 } }',
      '1.5 Kg',
      ['TYPE_MISMATCH'],
    ],
  ])('%s: %s', (types, value, expected) => {
    expect(codes(types, value)).toEqual(expected);
  });
});
