import { describe, expect, it } from '@jest/globals';
import { compile, expectMarked, template1 } from './templates.spec-support.js';

const child = (refinement: string, assigned: string): string => `
tosca_definitions_version: tosca_simple_yaml_1_3
node_types:
  Parent: { derived_from: tosca.nodes.Root, properties: { p: { type: integer, required: false } } }
  Child: { derived_from: Parent, properties: { p: ${refinement} } }
topology_template:
  node_templates:
    n:
      type: Child
      properties:
        ${assigned}
`;

/** Sentences of the standards that suites of others hold tools to, each with what is right beside what is not. */
describe('what 1.3 says of values', () => {
  it.each([
    ['a fixed value said again', '{ value: 7 }', 'p: 7'],
    ['another than the fixed one', '{ value: 7 }', 'p: 8 #! REFINEMENT_INVALID'],
    ['a value alone as its constraint', '{ constraints: [ 7 ] }', 'p: 7'],
    ['another than it', '{ constraints: [ 7 ] }', 'p: 8 #! CONSTRAINT_VIOLATED'],
    ['null for what is not required', '{}', 'p: null'],
    ['null for what is', '{ required: true }', 'p: null #~ PROPERTY_MISSING'],
  ])('%s', (_, refinement, assigned) => {
    expectMarked(child(refinement, assigned));
  });

  it.each([
    ['within', '{ min_instances: 2, max_instances: 4, default_instances: 4 }'],
    ['above', '{ min_instances: 2, max_instances: 4, default_instances: 5 } #! CONSTRAINT_VIOLATED'],
    ['below', '{ min_instances: 2, default_instances: 1 } #! CONSTRAINT_VIOLATED'],
    ['without a word on how many there may be', '{ default_instances: 9 }'],
  ])('instances to begin with: %s', (_, properties) => {
    const nodes = `
node_templates:
  c:
    type: tosca.nodes.Compute
    capabilities:
      scalable:
        properties: ${properties}`;
    expectMarked(template1(nodes));
  });

  it.each([
    ['[[a, b], "-"]', undefined],
    ['[[a, { get_input: i }]]', undefined],
    ['[[]]', 'FUNCTION_INVALID'],
    ['[[a, 1]]', 'FUNCTION_INVALID'],
    ['[[a], 1]', 'FUNCTION_INVALID'],
  ])('join: %s', (call, code) => {
    expectMarked(
      template1(
        `inputs:\n  i: { type: string, default: { join: [[x]] } }\noutputs:\n  o: { value: { concat: [{ get_input: i }] } }\n  p: { value: { join: ${call} } }${code === undefined ? '' : ` #! ${code}`}`,
      ),
    );
  });

  it.each([
    [`'{ "type": "object" }'`, true],
    ['schemas/one.json', true],
    [`'{ "type": '`, false],
    [`'{ "type": 7 }'`, false],
    ['"  "', false],
    ["'<a><b></a>'", false],
    ["'<a><b/></a>'", true],
    ['[ a ]', false],
  ])('a schema of another language: %s', (schema, right) => {
    const inputs = `inputs:\n  i: { type: json, default: '{}', constraints: [ { schema: ${schema} } ] }${right ? '' : ' #! CONSTRAINT_INVALID'}\noutputs:\n  o: { value: { get_input: i } }`;
    expectMarked(template1(inputs));
  });

  it('constraints of outputs are those of their types', () => {
    expectMarked(
      template1(
        'outputs:\n  o: { type: string, value: a, constraints: [ { max_length: 4 } ] }\n  p: { type: string, value: a, constraints: [ { max_length: b } ] } #! CONSTRAINT_INVALID',
      ),
    );
  });
});

describe('what 1.3 says of occurrences', () => {
  const types = `
node_types:
  N:
    derived_from: tosca.nodes.Root
    requirements: [ { link: { capability: tosca.capabilities.Node, occurrences: [ 1, 3 ] } } ]
  O:
    derived_from: tosca.nodes.Root
    requirements: [ { link: { capability: tosca.capabilities.Node, occurrences: [ 0, UNBOUNDED ] } } ]
`;
  it.each([
    ['within', 'N', '[ 2, 3 ]', ''],
    ['from fewer', 'N', '[ 0, 2 ]', ' #! REQUIREMENT_MISSING'],
    ['up to more', 'N', '[ 1, 4 ]', ' #! REQUIREMENT_TOO_MANY'],
    ['none', 'O', '[ 0, 0 ]', ''],
    ['any number', 'O', '[ 1, UNBOUNDED ]', ''],
  ])('%s', (_, type, range, mark) => {
    const nodes = `
node_templates:
  r: { type: tosca.nodes.Root }
  n: { type: ${type}, requirements: [ { link: { node: r, occurrences: ${range} } } ] }${mark}`;
    expectMarked(template1(nodes, '1_3', types));
  });
});

describe('what 2.0 says, and what its files do', () => {
  const HEAD = 'tosca_definitions_version: tosca_2_0\n';
  it('refines an artifact of the type', () => {
    const { topology } = expectMarked(`${HEAD}
artifact_types: { Image: { properties: { os: { type: string } } } }
node_types: { N: { artifacts: { image: { type: Image, file: a.img, properties: { os: x } } } } }
service_template:
  node_templates:
    n: { type: N, artifacts: { image: { description: other } } }
`);
    expect(topology?.nodes.get('n')?.artifacts.get('image')?.file).toBe('a.img');
  });

  it('maps a requirement to that of one of the representations of a node', () => {
    const { topology } = expectMarked(`${HEAD}
capability_types: { C: {} }
relationship_types: { R: {} }
node_types:
  Outer: { requirements: [ { host: { capability: C, relationship: R, count_range: [ 1, UNBOUNDED ] } } ] }
  Agent: { requirements: [ { host: { capability: C, relationship: R, count_range: [ 1, 1 ] } } ] }
service_template:
  node_templates: { agent: { type: Agent, count: 2 } }
  substitution_mappings:
    node_type: Outer
    requirements: [ { [ host, UNBOUNDED ]: [ agent, $relationship_index, host ] } ]
`);
    expect(topology?.substitution?.requirements).toMatchObject([{ name: 'host', requirement: 'host' }]);
  });

  it('takes a template without nodes, and relationship types that say their kind, with a warning', () => {
    expectMarked(`${HEAD}
relationship_types:
  R:
    kind: ASSOCIATION #~ KEYWORD_UNKNOWN
service_template:
  outputs: { o: { value: 1 } } #~ KEYWORD_MISSING`);
  });

  it('has conditions that are expressions in policy types too', () => {
    const { findings } = compile(`${HEAD}
policy_types:
  Right: { triggers: { t: { event: e, condition: { $equal: [ 1, 1 ] }, action: [] } } }
  Wrong: { triggers: { t: { event: e, condition: { constraint: { state: [ { equal: up } ] } }, action: [] } } }
`);
    expect(findings).toMatchObject([{ code: 'FUNCTION_INVALID', line: 5 }]);
  });
});
