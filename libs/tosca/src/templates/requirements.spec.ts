import { describe, expect, it } from '@jest/globals';
import { compile, expectMarked, indented, template1, template2 } from './templates.spec-support.js';

/** An app whose requirements are the body, beside machines and an app that are all right. */
function app(requirements: string, more = ''): string {
  return template2(`
node_templates:
  machine: { type: Machine }
  big: { type: BigMachine }
  other: { type: App, properties: { version: '1' }, requirements: [ { host: machine } ], capabilities: { api: { properties: { port: 80 } } } }
  app:
    type: App
    properties: { version: '1' }
    capabilities: { api: { properties: { port: 80 } } }
    requirements:
${indented(requirements, 6)}
${more}`);
}

describe('requirements of 2.0', () => {
  it.each([
    ['short', '- host: machine'],
    ['long', '- host: { node: big, capability: host, relationship: HostedOn }'],
    ['to be selected by type', '- host: { node: BigMachine }'],
    [
      'to be selected by filter',
      '- host: { node_filter: { $equal: [ { $get_property: [ SELF, CAPABILITY, cpus ] }, 4 ] } }',
    ],
    [
      'with a derived relationship',
      '- host: machine\n- peer: { node: other, relationship: { type: SecureConnectsTo, properties: { key: k } } }',
    ],
    ['with a relationship by type', '- host: machine\n- peer: { node: other, relationship: ConnectsTo }'],
    ['with an index', '- host: [ machine, $node_index ]'],
    ['with an index in the long form', '- host: { node: [ machine, 0 ] }'],
    ['dangling', '- host: {}\n- peer: { optional: true }'],
    ['with an allocation', '- host: { node: machine, allocation: { cpus: 2 } }'],
    ['with an allocation from a node to be selected', "- host: { node: Machine, allocation: { name: 'x' } }"],
    [
      'with a filter that begins at the source',
      '- host: { node: machine, node_filter: { $equal: [ { $get_attribute: [ SELF, host, uptime ] }, 4 ] } }',
    ],
    ['counted', '- host: machine\n- peer: { node: other, count: 2 }'],
    [
      'the node named as target has a filter it meets',
      '- host: { node: machine, node_filter: { $equal: [ { $get_property: [ SELF, CAPABILITY, cpus ] }, 4 ] } }',
    ],
    ['a name the type does not have', '- host: machine\n- hosts: machine #! REQUIREMENT_UNKNOWN'],
    ['no such node', '- host: machin #! REFERENCE_UNKNOWN'],
    ['no such node in the long form', '- host:\n    node: machin #! REFERENCE_UNKNOWN'],
    ['a node of the wrong type', '- host: other #! REFERENCE_TYPE REFERENCE_TYPE'],
    ['a type that does not fit', '- host: { node: Client } #! REFERENCE_TYPE'],
    ['no such capability', '- host: { node: machine, capability: hots } #! CAPABILITY_UNKNOWN'],
    [
      'a capability that does not fit',
      '- host: machine\n- peer: { node: other, capability: admin } #! REFERENCE_TYPE',
    ],
    ['a target without a fitting capability', '- host: machine\n- peer: machine #! REFERENCE_TYPE'],
    ['no such relationship', '- host: { node: machine, relationship: HostdOn } #! TYPE_UNKNOWN'],
    [
      'a relationship that does not fit',
      '- host: { node: machine, relationship: ConnectsTo } #! REFERENCE_TYPE',
    ],
    [
      'an unknown property of the relationship',
      '- host: machine\n- peer: { node: other, relationship: { properties: { sped: 1 } } } #! PROPERTY_UNKNOWN',
    ],
    [
      'a wrong property of the relationship',
      '- host: machine\n- peer: { node: other, relationship: { properties: { speed: fast } } } #! TYPE_MISMATCH',
    ],
    [
      'a missing property of the relationship',
      '- host: machine\n- peer: { node: other, relationship: SecureConnectsTo } #! PROPERTY_MISSING',
    ],
    ['too many', '- host: machine\n- host: big #! REQUIREMENT_TOO_MANY'],
    ['too many by count', '- host: machine\n- peer: { node: other, count: 3 } #! REQUIREMENT_TOO_MANY'],
    [
      'an allocation from no property',
      '- host: { node: machine, allocation: { cpu: 2 } } #~ PROPERTY_UNKNOWN',
    ],
    [
      'a filter the target does not meet',
      '- host: { node: machine, node_filter: { $equal: [ { $get_property: [ SELF, CAPABILITY, cpus ] }, 5 ] } } #! CONSTRAINT_VIOLATED',
    ],
    [
      'a filter by what there is not',
      '- host: { node: machine, node_filter: { $equal: [ { $get_property: [ SELF, CAPABILITY, cpu ] }, 5 ] } } #! PROPERTY_UNKNOWN',
    ],
    [
      'an interface of the relationship',
      '- host: machine\n- peer:\n    node: other\n    relationship:\n      interfaces:\n        connect: { operations: { connect: a.sh, conect: b.sh } } #! OPERATION_UNKNOWN',
    ],
  ])('%s', (_, body) => {
    expectMarked(app(body));
  });

  it('has none left that is not optional', () => {
    expectMarked(`${app('- host: { optional: true }').replace('  app:', '  app: #! REQUIREMENT_MISSING')}`);
  });

  it('takes sources of valid types only', () => {
    expectMarked(
      app(
        '- host: machine',
        '  client: { type: Client, requirements: [ { service: app } ] } #! REFERENCE_TYPE',
      ),
    );
  });

  it('uses relationship templates', () => {
    const { topology } = expectMarked(
      app(
        `- host: machine
- peer: { node: other, relationship: fast }
- peer: { node: other, relationship: fst } #! REFERENCE_UNKNOWN`,
        `
relationship_templates:
  fast: { type: ConnectsTo, properties: { speed: 100 }, interfaces: { connect: { operations: { connect: { implementation: x.sh, inputs: { to: { $get_property: [ SELF, TARGET, version ] } } } } } } }
  slow: { type: ConnectsTo, properties: { sped: 1 } } #! PROPERTY_UNKNOWN
  safe: { type: SecureConnectsTo } #! PROPERTY_MISSING
  none: { type: Connects } #! TYPE_UNKNOWN`,
      ),
    );
    const peer = topology?.nodes.get('app')?.requirements[1];
    expect(peer?.relationship).toMatchObject({ template: 'fast', type: { name: 'ConnectsTo' } });
    expect(peer?.relationship.properties.get('speed')?.value).toBe(100);
    const operation = topology?.relationships
      .get('fast')
      ?.interfaces.get('connect')
      ?.operations.get('connect');
    expect(operation?.inputs.get('to')?.value).toBe('1');
  });

  it('leaves what is not written to the orchestrator', () => {
    const { topology } = expectMarked(app('[]'));
    expect(topology?.nodes.get('app')?.requirements).toMatchObject([
      { name: 'host', implicit: true, count: 1, targetType: { name: 'Machine' } },
    ]);
  });

  it('is quick about very many wrong targets', () => {
    const many = Array.from(
      { length: 4000 },
      (_, i) => `  n${i}: { type: App, requirements: [ { host: n${i} } ] }`,
    );
    const start = performance.now();
    const { findings } = compile(template2(`node_templates:\n${many.join('\n')}`));
    expect(findings.at(-1)?.code).toBe('TOO_MANY_FINDINGS');
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe.each(['1_0', '1_1', '1_2', '1_3'])('requirements of %s', (version) => {
  const nodes = `
node_templates:
  server: { type: tosca.nodes.Compute, capabilities: { host: { properties: { num_cpus: 2 } } } }
  disk: { type: tosca.nodes.BlockStorage, properties: { size: 1 GB, name: d } }
  dbms: { type: tosca.nodes.DBMS, requirements: [ { host: server } ] }
`;
  it.each([
    [
      'a relationship with properties',
      `${nodes}  vm:
    type: tosca.nodes.Compute
    requirements:
      - local_storage: { node: disk, relationship: { type: tosca.relationships.AttachesTo, properties: { location: /x } } }`,
    ],
    [
      'a relationship template',
      `${nodes}  vm: { type: tosca.nodes.Compute, requirements: [ { local_storage: { node: disk, relationship: at } } ] }
relationship_templates:
  at: { type: tosca.relationships.AttachesTo, properties: { location: /x } }`,
    ],
    [
      'a node filter',
      `${nodes}  app:
    type: tosca.nodes.SoftwareComponent
    requirements:
      - host:
          node: server
          node_filter:
            capabilities:
              - host:
                  properties:
                    - num_cpus: { in_range: [ 1, 4 ] }
                    - mem_size: { greater_or_equal: 2 GB }`,
    ],
    [
      'a node filter of the whole template, with a number for a frequency',
      `${nodes}  app:
    type: tosca.nodes.SoftwareComponent
    node_filter: { properties: [ { anything: { equal: 1 } } ] }
    requirements:
      - host: { node_filter: { capabilities: [ { host: { properties: [ { cpu_frequency: { greater_than: 100 } } ] } } ] } }`,
    ],
    [
      'a node filter that is not met',
      `${nodes}  app:
    type: tosca.nodes.SoftwareComponent
    requirements:
      - host:
          node: server #! CONSTRAINT_VIOLATED
          node_filter: { capabilities: [ { host: { properties: [ { num_cpus: { in_range: [ 3, 4 ] } } ] } } ] }`,
    ],
    [
      'a node filter by what there is not',
      `${nodes}  app:
    type: tosca.nodes.SoftwareComponent
    requirements:
      - host:
          node_filter:
            capabilities:
              - host:
                  properties:
                    - num_cpu: { equal: 1 } #! PROPERTY_UNKNOWN
              - hots: { properties: [] } #! CAPABILITY_UNKNOWN`,
    ],
    [
      'a capability by its type',
      `${nodes}  db: { type: Database, properties: { name: x }, requirements: [ { host: { node: dbms, capability: tosca.capabilities.Compute } } ] }`.replace(
        'tosca.capabilities.Compute',
        version === '1_3' ? 'tosca.capabilities.Compute' : 'tosca.capabilities.Container',
      ),
    ],
    [
      'an unknown node',
      `${nodes}  a: { type: tosca.nodes.DBMS, requirements: [ { host: servr } ] } #! REFERENCE_UNKNOWN`,
    ],
    [
      'too many',
      `${nodes}  a: { type: tosca.nodes.DBMS, requirements: [ { host: server }, { host: server } ] } #! REQUIREMENT_TOO_MANY`,
    ],
    [
      'dependencies without end',
      `${nodes}  a: { type: tosca.nodes.Compute, requirements: [ { dependency: server }, { dependency: disk } ] }`,
    ],
    [
      'a capability of a wrong type',
      `${nodes}  a: { type: tosca.nodes.DBMS, requirements: [ { host: disk } ] } #! REFERENCE_TYPE REFERENCE_TYPE`,
    ],
  ])('%s', (_, body) => {
    expectMarked(template1(body, version));
  });
});

describe('requirements of 1.0', () => {
  it('go by the capability where the node type is another', () => {
    expectMarked(
      template1(
        `
node_templates:
  server: { type: tosca.nodes.Compute }
  web: { type: tosca.nodes.WebServer, requirements: [ { host: server } ] }
  app: { type: tosca.nodes.SoftwareComponent, requirements: [ { host: web } ] } #~ REFERENCE_TYPE`,
        '1_0',
      ),
    );
  });
});

describe('occurrences of 1.3', () => {
  const types = `
capability_types: { Slot: { derived_from: tosca.capabilities.Root } }
node_types:
  Board:
    derived_from: tosca.nodes.Root
    capabilities: { slot: { type: Slot, occurrences: [ 0, 2 ] } }
  Card:
    derived_from: tosca.nodes.Root
    requirements:
      - slot: { capability: Slot, occurrences: [ 2, 3 ] }
  Chip:
    derived_from: tosca.nodes.Root
    requirements:
      - slot: { capability: Slot, node: Board, relationship: tosca.relationships.HostedOn }
`;
  it.each([
    [
      'as many as wanted',
      'b: { type: Board }\n  c: { type: Card, requirements: [ { slot: b }, { slot: b } ] }',
    ],
    [
      'too few',
      'b: { type: Board }\n  c: { type: Card, requirements: [ { slot: b } ] } #! REQUIREMENT_MISSING',
    ],
    [
      'a range backwards',
      'b: { type: Board }\n  c: { type: Card, requirements: [ { slot: { node: b, occurrences: [ 5, 1 ] } } ] } #! KEYWORD_INVALID',
    ],
    [
      'a range of none',
      'b: { type: Board }\n  c: { type: Card, requirements: [ { slot: { node: b, occurrences: [ 0, 0 ] } } ] } #! REQUIREMENT_MISSING',
    ],
    [
      'a range of its own',
      'b: { type: Board }\n  c: { type: Card, requirements: [ { slot: { node: b, occurrences: [ 2, 3 ] } } ] }',
    ],
    [
      'more than the capability serves',
      'b: { type: Board }\n  c: { type: Chip, requirements: [ { slot: b } ] }\n  d: { type: Chip, requirements: [ { slot: b } ] }\n  e: { type: Chip, requirements: [ { slot: b } ] } #! REQUIREMENT_TOO_MANY',
    ],
    [
      'as many as the template says',
      'b: { type: Board, capabilities: { slot: { occurrences: [ 0, 1 ] } } }\n  c: { type: Chip, requirements: [ { slot: b } ] }\n  d: { type: Chip, requirements: [ { slot: b } ] } #! REQUIREMENT_TOO_MANY',
    ],
  ])('%s', (_, nodes) => {
    expectMarked(template1(`node_templates:\n  ${nodes}`, '1_3', types));
  });
});
