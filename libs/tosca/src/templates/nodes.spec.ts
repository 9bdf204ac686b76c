import { describe, expect, it } from '@jest/globals';
import { expectMarked, GOOD_NODES, template1, template2 } from './templates.spec-support.js';

describe('node templates of 2.0', () => {
  it.each([
    ['what is all right', GOOD_NODES],
    ['a type that there is not', 'node_templates:\n  a: { type: Machin } #! TYPE_UNKNOWN'],
    [
      'properties',
      `
node_templates:
  a:
    type: Machine
    properties:
      name: x
      tags: [ a, b ]
      nme: x #! PROPERTY_UNKNOWN
    attributes:
      address: 10.0.0.1
      adress: 10.0.0.1 #! ATTRIBUTE_UNKNOWN
  b:
    type: Machine
    properties:
      name: [ x ] #! TYPE_MISMATCH
      tags: [ a, { b: c } ] #! TYPE_MISMATCH
  c: #! PROPERTY_MISSING
    type: App
    capabilities: { api: { properties: { port: 80 } } }
    requirements: [ { host: a } ]
    properties:
      replicas: 11 #! CONSTRAINT_VIOLATED`,
    ],
    [
      'capabilities',
      `
node_templates:
  m:
    type: Machine
    capabilities:
      host: { properties: { cpus: 8, cores: 2 } } #! PROPERTY_UNKNOWN
      hosts: { properties: { cpus: 8 } } #! CAPABILITY_UNKNOWN
  a: #! PROPERTY_MISSING
    type: App
    properties: { version: '1' }
    requirements: [ { host: m } ]
  b:
    type: App
    properties: { version: '1' }
    requirements: [ { host: m } ]
    capabilities:
      api: { properties: { port: 0 } } #! CONSTRAINT_VIOLATED
  c:
    type: App
    properties: { version: '1' }
    requirements: [ { host: m } ]
    capabilities:
      api: { properties: { port: 1 }, attributes: { addres: x } } #! ATTRIBUTE_UNKNOWN`,
    ],
    [
      'directives and counts',
      `
node_templates:
  a: { type: App, directives: [ select ], node_filter: { $equal: [ { $get_property: [ SELF, version ] }, '1' ] } }
  b: { type: Machine, directives: [ substitute, create ], count: 3 }
  c: { type: Machine, directives: [ substitutable ] } #! KEYWORD_INVALID
  d: { type: Machine, count: -1 } #! KEYWORD_INVALID
  e: { type: Machine, count: 1.5 } #! KEYWORD_INVALID
  f: { type: Machine, count: { $concat: [ a, b ] } } #! TYPE_MISMATCH`,
    ],
    [
      'copies',
      `
node_templates:
  a: { type: Machine, properties: { name: x } }
  b: { copy: a, properties: { tags: [ t ] } }
  c: { copy: b } #! KEYWORD_INVALID
  d: { type: Machine, copy: aa } #! REFERENCE_UNKNOWN
  e: { copy: a, properties: { nam: y } } #! PROPERTY_UNKNOWN`,
    ],
    [
      'artifacts',
      `
repositories: {}
node_templates:
  a:
    type: Machine
    artifacts:
      good: { type: Script, file: a.sh, properties: { shell: zsh } }
      short: a.sh
      unknown: { type: Scripts, file: a.sh } #! TYPE_UNKNOWN
      wrong: { type: Script, file: a.sh, properties: { shel: zsh } } #! PROPERTY_UNKNOWN
      where: { type: Script, file: a.sh, repository: nowhere } #! REFERENCE_UNKNOWN`.replace(
        'repositories: {}\n',
        '',
      ),
    ],
    [
      'functions',
      `
inputs:
  size: { type: integer, default: 2 }
node_templates:
  m: { type: Machine, properties: { name: { $get_input: siz } } } #! INPUT_UNKNOWN
  n: { type: Machine, properties: { name: { $get_property: [ m, nam ] } } } #! PROPERTY_UNKNOWN
  o: { type: Machine, properties: { name: { $get_property: [ p, name ] } } } #! REFERENCE_UNKNOWN
  p2: { type: Machine, properties: { name: { $get_input: size } } } #! TYPE_MISMATCH
  q: { type: Machine, properties: { name: { $get_attribute: [ m, address ] } } }
  r: { type: Machine, properties: { name: { $concat: [ a, { $get_property: [ m, CAPABILITY, host, arch ] } ] } } }`,
    ],
  ])('%s', (_, body) => {
    expectMarked(template2(body));
  });

  it('gives values with their units and defaults, and where they are', () => {
    const { topology } = expectMarked(
      template2(`
inputs: { n: { type: integer, default: 3 } }
node_templates:
  machine: { type: Machine, metadata: { rack: r1 } }
  app:
    type: App
    properties: { version: '2', replicas: { $get_input: n } }
    capabilities: { api: { properties: { port: 80 } } }
    requirements: [ { host: machine } ]
    attributes: { state: { $get_attribute: [ machine, address ] } }`),
    );
    const app = topology?.nodes.get('app');
    expect(app?.properties.get('replicas')).toMatchObject({ value: 3, given: true });
    expect(app?.properties.get('version')?.value).toBe('2');
    expect(app?.capabilities.get('api')?.properties.get('port')?.value).toBe(80);
    expect(typeof app?.attributes.get('state')?.value).toBe('symbol');
    const machine = topology?.nodes.get('machine');
    expect(machine?.properties.get('name')).toMatchObject({ value: 'm', given: false });
    expect(machine?.metadata).toEqual({ rack: 'r1' });
    expect(app?.requirements[0]?.target).toBe(machine);
    expect(app?.requirements[0]?.capability).toBe(machine?.capabilities.get('host'));
  });
});

const NEEDY = `
capability_types:
  Api: { derived_from: tosca.capabilities.Root, properties: { a: { type: string }, b: { type: integer, required: false } } }
node_types:
  Needy: { derived_from: tosca.nodes.Root, capabilities: { api: { type: Api } } }
`;

describe.each(['1_0', '1_1', '1_2', '1_3'])('node templates of %s', (version) => {
  it.each([
    [
      'normative types by long and short names',
      `
node_templates:
  server:
    type: tosca.nodes.Compute
    capabilities:
      host: { properties: { num_cpus: 2, mem_size: 4 GB } }
      os: { properties: { type: linux } }
  app:
    type: SoftwareComponent
    requirements: [ { host: server } ]`,
    ],
    [
      'what is wrong in them',
      `
node_templates:
  server:
    type: tosca.nodes.Compute
    capabilities:
      host: { properties: { num_cpus: 0 } } #! CONSTRAINT_VIOLATED
      hst: { properties: { num_cpus: 1 } } #! CAPABILITY_UNKNOWN
  db:
    type: tosca.nodes.Database
    properties: { port: http } #! TYPE_MISMATCH
    requirements: [ { host: dbms } ]
  dbms:
    type: tosca.nodes.DBMS
    properties: { prt: 1 } #! PROPERTY_UNKNOWN
    requirements: [ { host: server } ]
  disk: { type: tosca.nodes.network.Network, attributes: { segment: 1 } } #! ATTRIBUTE_UNKNOWN`,
    ],
    [
      'a capability that is not written, and one that is',
      `
node_templates:
  a: { type: Needy } #~ PROPERTY_MISSING
  b: { type: Needy, capabilities: { api: { properties: { b: 1 } } } } #! PROPERTY_MISSING`,
    ],
    [
      'directives of their own',
      `
node_templates:
  a: { type: tosca.nodes.Compute, directives: [ selectable ] }
  b: { type: tosca.nodes.Compute, directives: [ substitutable ] }
  c: { type: tosca.nodes.Compute, directives: [ dicsover ] } #~ KEYWORD_INVALID`,
    ],
  ])('%s', (_, body) => {
    expectMarked(template1(body, version, NEEDY));
  });
});

describe('sections of a template', () => {
  const sections = [
    'groups',
    'policies',
    'relationship_templates',
    'substitution_mappings',
    'workflows',
    'outputs',
  ];

  it.each(sections)('%s of 2.0 are not written with nothing in them', (section) => {
    expectMarked(template2(`${GOOD_NODES}\n${section}: #! KEYWORD_INVALID`));
  });

  it.each(sections)('%s of 1.x may be', (section) => {
    expectMarked(template1(`node_templates: {}\n${section}:`));
  });
});
