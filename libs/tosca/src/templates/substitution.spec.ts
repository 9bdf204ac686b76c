import { describe, expect, it } from '@jest/globals';
import { expectMarked, indented, template1, template2 } from './templates.spec-support.js';

const INNER = `
inputs:
  version: { type: string }
  count: { type: integer, default: 1 }
outputs:
  state: { value: up }
  replicas: { value: { $get_input: count } }
node_templates:
  machine: { type: Machine, directives: [ select ] }
  back: { type: App, properties: { version: { $get_input: version } }, capabilities: { api: { properties: { port: 80 } } } }
  front: { type: App, properties: { version: '1' }, requirements: [ { host: machine } ], capabilities: { api: { properties: { port: 80 } } } }
workflows:
  make: { steps: { s: { target: back, activities: [ { set_state: made } ] } } }
`;

describe('substitution mappings of 2.0', () => {
  it.each([
    [
      'all right',
      `
node_type: App
properties: { version: version, replicas: count }
attributes: { state: state }
capabilities: { api: [ back, api ] }
requirements: [ { host: [ back, host ] }, { peer: [ front, peer ] } ]
interfaces: { lifecycle: { create: make } }`,
    ],
    [
      'a node to be selected',
      'node_type: App\nproperties: { version: version }\nrequirements: [ { host: machine } ]',
    ],
    [
      'one requirement for more',
      'node_type: App\nproperties: { version: version }\nrequirements: [ { host: [ [ back, host ], machine ] } ]',
    ],
    [
      'a filter',
      'node_type: App\nproperties: { version: version }\nsubstitution_filter: { $equal: [ { $get_property: [ SELF, version ] }, x ] }',
    ],
    [
      'a filter by nothing',
      'node_type: App\nproperties: { version: version }\nsubstitution_filter: { $equal: [ { $get_property: [ SELF, versio ] }, x ] } #! PROPERTY_UNKNOWN',
    ],
    ['no such type', 'node_type: Apps #! TYPE_UNKNOWN\nproperties: { version: version }'],
    [
      'no such property',
      'node_type: App\nproperties: { version: version, versio: count } #! PROPERTY_UNKNOWN',
    ],
    ['no such input', 'node_type: App\nproperties: { version: version, replicas: cnt } #! INPUT_UNKNOWN'],
    [
      'an input of another type',
      'node_type: App\nproperties: { version: version, replicas: version } #! SUBSTITUTION_INVALID',
    ],
    [
      'an input that nothing gives',
      'node_type: App\nproperties: { replicas: count } #! SUBSTITUTION_INVALID',
    ],
    [
      'no such attribute',
      'node_type: App\nproperties: { version: version }\nattributes: { stat: state } #! ATTRIBUTE_UNKNOWN',
    ],
    [
      'no such output',
      'node_type: App\nproperties: { version: version }\nattributes: { state: stat } #! REFERENCE_UNKNOWN',
    ],
    [
      'no such capability',
      'node_type: App\nproperties: { version: version }\ncapabilities: { apis: [ back, api ] } #! CAPABILITY_UNKNOWN',
    ],
    [
      'no such inner capability',
      'node_type: App\nproperties: { version: version }\ncapabilities: { api: [ back, apis ] } #! CAPABILITY_UNKNOWN',
    ],
    [
      'a capability that does not fit',
      'node_type: App\nproperties: { version: version }\ncapabilities: { api: [ machine, host ] } #! SUBSTITUTION_INVALID',
    ],
    [
      'no such node',
      'node_type: App\nproperties: { version: version }\ncapabilities: { api: [ bck, api ] } #! REFERENCE_UNKNOWN',
    ],
    [
      'no such requirement',
      'node_type: App\nproperties: { version: version }\nrequirements: [ { hst: [ back, host ] } ] #! REQUIREMENT_UNKNOWN',
    ],
    [
      'no such inner requirement',
      'node_type: App\nproperties: { version: version }\nrequirements: [ { host: [ back, hst ] } ] #! REQUIREMENT_UNKNOWN',
    ],
    [
      'a requirement that does not fit',
      'node_type: App\nproperties: { version: version }\nrequirements: [ { host: [ back, peer ] } ] #! SUBSTITUTION_INVALID',
    ],
    [
      'a requirement with a target',
      'node_type: App\nproperties: { version: version }\nrequirements: [ { host: [ front, host ] } ] #! SUBSTITUTION_INVALID',
    ],
    [
      'a node that is not to be selected',
      'node_type: App\nproperties: { version: version }\nrequirements: [ { host: front } ] #! SUBSTITUTION_INVALID',
    ],
    [
      'no such interface',
      'node_type: App\nproperties: { version: version }\ninterfaces: { life: { create: make } } #! INTERFACE_UNKNOWN',
    ],
    [
      'no such operation',
      'node_type: App\nproperties: { version: version }\ninterfaces: { lifecycle: { creat: make } } #! OPERATION_UNKNOWN',
    ],
    [
      'no such workflow',
      'node_type: App\nproperties: { version: version }\ninterfaces: { lifecycle: { create: mak } } #! REFERENCE_UNKNOWN',
    ],
  ])('%s', (_, mappings) => {
    expectMarked(template2(`${INNER}\nsubstitution_mappings:\n${indented(mappings, 2)}`));
  });

  const types = `
tosca_definitions_version: tosca_2_0
capability_types: { Service: {} }
relationship_types: { ServedBy: {} }
node_types:
  Client:
    requirements:
      - service: { capability: Service, relationship: ServedBy, count_range: [ 1, 2 ] }
  Software:
    requirements:
      - service: { capability: Service, relationship: ServedBy, count_range: [ RANGE ] }
service_template:
  node_templates:
    a: { type: Software }
    b: { type: Software }
    c: { type: Software }
  substitution_mappings:
    node_type: Client
    requirements:
`;
  it.each([
    ['one that is sure to be there', '1, 1', '      - service: [ a, service ]'],
    [
      'more than are sure to be there',
      '1, 1',
      '      - service: [ a, service ] #! SUBSTITUTION_INVALID\n      - service: [ b, service ]',
    ],
    ['as many as may be there', '0, 1', '      - service: [ a, service ]\n      - service: [ b, service ]'],
    [
      'more than may be there',
      '0, 1',
      '      - service: [ a, service ] #! SUBSTITUTION_INVALID\n      - service: [ b, service ]\n      - service: [ c, service ]',
    ],
    [
      'more than may be there at once',
      '0, 9',
      '      - [ service, 3 ]: [ a, service ] #! SUBSTITUTION_INVALID\n      - [ service, UNBOUNDED ]: [ b, service ]',
    ],
    [
      'all that are left',
      '0, 9',
      '      - [ service, 2 ]: [ a, service ]\n      - [ service, UNBOUNDED ]: [ b, service ]',
    ],
  ])('map %s', (_, range, requirements) => {
    expectMarked(`${types.replace('RANGE', range)}${requirements}`);
  });

  it('map what a type does not count, with a warning', () => {
    const uncounted = types.replace(', count_range: [ 1, 2 ]', '').replace('RANGE', '1, 1');
    expectMarked(`${uncounted}      - service: [ a, service ] #~ SUBSTITUTION_INVALID`);
  });

  it.each([
    '      - service: [ a, service ]\n      - service: [ a, service ]',
    '      - [ service, 2 ]: [ a, service ]',
    '      - service: [ a, service ]',
    '      - service: [ [ a, service ], [ b, service ] ]',
  ])('map two that one node needs: %j', (requirements) => {
    expectMarked(`${types.replace('1, 2', '2, 2').replace('RANGE', '2, 2')}${requirements}`);
  });
});

describe.each(['1_0', '1_1', '1_2', '1_3'])('substitution mappings of %s', (version) => {
  const types = `
node_types:
  Sub:
    derived_from: tosca.nodes.Root
    properties: { size: { type: integer, required: false } }
    attributes: { address: { type: string } }
    capabilities: { endpoint: { type: tosca.capabilities.Endpoint } }
    requirements: [ { host: { capability: tosca.capabilities.Compute, occurrences: [ 0, 1 ] } } ]
`.replace('capabilities.Compute', version === '1_3' ? 'capabilities.Compute' : 'capabilities.Container');
  const nodes = `
inputs: { size: { type: integer, default: 1 } }
outputs: { address: { value: { get_attribute: [ server, private_address ] } } }
node_templates:
  server: { type: tosca.nodes.Compute }
  app: { type: tosca.nodes.SoftwareComponent }
`;
  it.each([
    [
      'all right',
      'node_type: Sub\ncapabilities: { endpoint: [ server, endpoint ] }\nrequirements: { host: [ app, host ] }',
    ],
    ['mapped to nothing', 'node_type: Sub\nrequirements: { hots: [] } #~ REQUIREMENT_UNKNOWN'],
    ['as a list', 'node_type: Sub\nrequirements: [ { host: [ app, host ] } ]'],
    [
      'no such capability',
      'node_type: Sub\ncapabilities: { endpont: [ server, endpoint ] } #! CAPABILITY_UNKNOWN',
    ],
    ['no such node', 'node_type: Sub\ncapabilities: { endpoint: [ srver, endpoint ] } #! REFERENCE_UNKNOWN'],
    ['no such requirement', 'node_type: Sub\nrequirements: { host: [ app, hots ] } #! REQUIREMENT_UNKNOWN'],
    ['no such type', 'node_type: Subb #! TYPE_UNKNOWN'],
  ])('%s', (_, mappings) => {
    expectMarked(template1(`${nodes}\nsubstitution_mappings:\n${indented(mappings, 2)}`, version, types));
  });
});

/** A template that can stand for a node of a type. */
function inner(name: string, type: string): string {
  return `
tosca_definitions_version: tosca_simple_yaml_1_3
imports: [ types.yaml ]
metadata: { template_name: ${name} }
topology_template:
  inputs: { size: { type: integer } }
  outputs: { size: { value: { get_input: size } } }
  node_templates: { server: { type: tosca.nodes.Compute } }
  substitution_mappings: { node_type: ${type}, properties: { size: [ size ] } }
`;
}

/** The same in the words of TOSCA 1.3. */
function old(text: string): string {
  return text
    .replace('tosca_2_0', 'tosca_simple_yaml_1_3')
    .replace('service_template', 'topology_template')
    .replace('$get_input', 'get_input');
}

describe('nested templates', () => {
  it('are found among the files', () => {
    const abstract = `
tosca_definitions_version: tosca_simple_yaml_1_3
node_types:
  Db: { derived_from: tosca.nodes.Root, properties: { size: { type: integer, default: 3 } } }
`;
    const { topology } = expectMarked(
      `
tosca_definitions_version: tosca_simple_yaml_1_3
imports: [ types.yaml, one.yaml, two.yaml ]
topology_template:
  node_templates:
    db: { type: Db, directives: [ substitute ] }
    other: { type: Db }`,
      {
        'types.yaml': abstract,
        'one.yaml': inner('one', 'Db'),
        'two.yaml': inner('two', 'tosca.nodes.Compute').replace(', properties: { size: [ size ] }', ''),
      },
    );
    const [found, ...more] = topology?.nodes.get('db')?.substitutes ?? [];
    expect(found?.topology.metadata).toEqual({ template_name: 'one' });
    expect(found?.topology.substitution?.properties.get('size')).toBe('size');
    expect(found?.meets).toBe(true);
    expect(more).toEqual([]);
    expect(topology?.nodes.get('other')?.substitutes).toEqual([]);
  });

  const TWO = `
tosca_definitions_version: tosca_2_0
node_types:
  Store:
    properties: { size: { type: integer, required: false }, kind: { type: string, default: disk } }
    capabilities: { fast: { type: Speed, properties: { rate: { type: integer, default: 5 } } } }
capability_types: { Speed: { properties: { rate: { type: integer } } } }
service_template:
  inputs: { size: { type: integer } }
  node_templates:
    s: { type: Store, directives: [ substitute ], NODE }
  outputs: { size: { value: { $get_input: size } } }
`;
  const small = `
tosca_definitions_version: tosca_2_0
imports: [ types.yaml ]
service_template:
  node_templates: {}
  substitution_mappings: { node_type: Store, substitution_filter: FILTER }
`;
  /** Whether the node meets the filter. */
  function meets(version: '1.3' | '2.0', node: string, filter: string): boolean | undefined {
    const as = version === '2.0' ? (text: string) => text : old;
    const [types, template] = TWO.split('service_template:');
    const { topology } = expectMarked(
      as(
        `tosca_definitions_version: tosca_2_0\nimports: [ types.yaml, small.yaml ]\nservice_template:${(template ?? '').replace(', NODE', node)}`,
      ),
      { 'types.yaml': as(types ?? ''), 'small.yaml': as(small.replace('FILTER', filter)) },
    );
    const found = topology?.nodes.get('s')?.substitutes ?? [];
    expect(found).toHaveLength(1);
    return found[0]?.meets;
  }

  it.each([
    [
      'a value that is right',
      ', properties: { size: 3 }',
      '{ $equal: [ { $get_property: [ SELF, size ] }, 3 ] }',
      true,
    ],
    [
      'one that is not',
      ', properties: { size: 4 }',
      '{ $equal: [ { $get_property: [ SELF, size ] }, 3 ] }',
      false,
    ],
    ['a default', '', '{ $equal: [ { $get_property: [ SELF, kind ] }, tape ] }', false],
    ['a capability', '', '{ $less_than: [ { $get_property: [ SELF, CAPABILITY, fast, rate ] }, 6 ] }', true],
    [
      'several',
      ', properties: { size: 4 }',
      '{ $and: [ { $greater_than: [ { $get_property: [ SELF, size ] }, 3 ] }, { $equal: [ { $get_property: [ SELF, kind ] }, tape ] } ] }',
      false,
    ],
    ['what is not given', '', '{ $equal: [ { $get_property: [ SELF, size ] }, 3 ] }', undefined],
    [
      'an input without a value',
      ', properties: { size: { $get_input: size } }',
      '{ $equal: [ { $get_property: [ SELF, size ] }, 3 ] }',
      undefined,
    ],
  ])('have a filter of 2.0 for %s', (_, node, filter, expected) => {
    expect(meets('2.0', node, filter)).toBe(expected);
  });

  it.each([
    [
      'a value that is right',
      ', properties: { size: 3 }',
      '{ properties: [ { size: { equal: 3 } } ] }',
      true,
    ],
    [
      'one that is not',
      ', properties: { size: 4 }',
      '{ properties: [ { size: { in_range: [ 1, 3 ] } } ] }',
      false,
    ],
    ['just a value', '', '{ properties: [ { kind: tape } ] }', false],
    [
      'a capability',
      '',
      '{ capabilities: [ { fast: { properties: [ { rate: { less_than: 6 } } ] } } ] }',
      true,
    ],
    [
      'several',
      ', properties: { size: 3 }',
      '{ properties: [ { size: { equal: 3 } }, { kind: { valid_values: [ tape ] } } ] }',
      false,
    ],
    ['what is not given', '', '{ properties: [ { size: { equal: 3 } } ] }', undefined],
  ])('have a filter of 1.3 for %s', (_, node, filter, expected) => {
    expect(meets('1.3', node, filter)).toBe(expected);
  });
});
