import { describe, expect, it } from '@jest/globals';
import { expectMarked, indented, template1, template2 } from './templates.spec-support.js';

function app(interfaces: string): string {
  return template2(`
node_templates:
  machine: { type: Machine }
  app:
    type: App
    properties: { version: '1' }
    capabilities: { api: { properties: { port: 80 } } }
    requirements: [ { host: machine } ]
    artifacts: { own: { type: Script, file: own.sh } }
    interfaces:
${indented(interfaces, 6)}`);
}

describe('interfaces of 2.0', () => {
  it.each([
    ['operations', 'lifecycle: { operations: { create: create.sh, delete: { implementation: own } } }'],
    [
      'inputs of their own',
      'lifecycle: { inputs: { verbose: true, colour: blue }, operations: { create: { inputs: { size: 2, more: { $get_property: [ SELF, version ] } } } } }',
    ],
    [
      'notifications',
      'lifecycle: { notifications: { failed: { implementation: { primary: own, dependencies: [ installer, { type: Script, file: x.sh } ] } } } }',
    ],
    ['outputs', 'lifecycle: { operations: { create: { outputs: { state: [ SELF, state ] } } } }'],
    ['no such interface', 'lifcycle: { operations: { create: create.sh } } #! INTERFACE_UNKNOWN'],
    ['no such operation', 'lifecycle: { operations: { creat: create.sh } } #! OPERATION_UNKNOWN'],
    ['no such notification', 'lifecycle: { notifications: { create: create.sh } } #! OPERATION_UNKNOWN'],
    ['a wrong input of the interface', 'lifecycle: { inputs: { verbose: 3 } } #! TYPE_MISMATCH'],
    [
      'a wrong input of an operation',
      'lifecycle: { operations: { create: { inputs: { size: big } } } } #! TYPE_MISMATCH',
    ],
    [
      'a function that refers to nothing',
      'lifecycle: { operations: { create: { inputs: { x: { $get_property: [ SELF, versio ] } } } } } #! PROPERTY_UNKNOWN',
    ],
    [
      'an output to nothing',
      'lifecycle: { operations: { create: { outputs: { state: [ SELF, stat ] } } } } #! ATTRIBUTE_UNKNOWN',
    ],
    [
      'an implementation of no known type',
      'lifecycle: { operations: { create: { implementation: { primary: { type: Scrip, file: x.sh } } } } } #! TYPE_UNKNOWN',
    ],
    [
      'an implementation from nowhere',
      'lifecycle: { operations: { create: { implementation: { primary: { type: Script, file: x.sh, repository: r } } } } } #! REFERENCE_UNKNOWN',
    ],
  ])('%s', (_, body) => {
    expectMarked(app(body));
  });

  it('warns of inputs for an interface of a type that has none', () => {
    expectMarked(
      template2(`
node_templates: { m: { type: Machine, interfaces: { configure: { inputs: { a: 1 } } } } } #~ INTERFACE_UNKNOWN`),
    );
  });

  it('gives operations with what implements them', () => {
    const { topology } = expectMarked(
      app(
        'lifecycle: { operations: { create: own, delete: { implementation: { primary: installer, dependencies: [ lib.sh ] } } } }',
      ),
    );
    const lifecycle = topology?.nodes.get('app')?.interfaces.get('lifecycle');
    expect(lifecycle?.operations.get('create')?.implementation?.primary).toMatchObject({
      file: 'own.sh',
      artifact: { name: 'own' },
    });
    expect(lifecycle?.operations.get('delete')?.implementation).toMatchObject({
      primary: { file: 'install.sh' },
      dependencies: [{ file: 'lib.sh' }],
    });
    expect(lifecycle?.operations.get('create')?.inputs.get('size')).toMatchObject({ value: 1, given: false });
    expect([...(lifecycle?.inputs.keys() ?? [])]).toEqual(['verbose']);
    expect([...(topology?.nodes.get('app')?.artifacts.keys() ?? [])]).toEqual(['own', 'installer']);
  });

  it('looks for files where the package is known', () => {
    const text = app(
      'lifecycle: { operations: { create: scripts/there.sh, delete: scripts/gone.sh } } #! ARTIFACT_MISSING',
    );
    const files = new Set(['scripts/there.sh', 'own.sh', 'install.sh']);
    expectMarked(text, {}, { hasFile: (path) => files.has(path) });
  });
});

describe.each(['1_0', '1_1', '1_2', '1_3'])('interfaces of %s', (version) => {
  it.each([
    ['short', 'Standard: { create: create.sh, configure: { implementation: c.sh, inputs: { a: 1 } } }'],
    [
      'with inputs of all',
      'Standard: { inputs: { a: 1 }, start: { implementation: { primary: s.sh, dependencies: [ lib.sh ] } } }',
    ],
    ['with nothing to do', 'Standard: { create: [], start: s.sh }'],
    ['by the name of the type', 'tosca.interfaces.node.lifecycle.Standard: { create: create.sh }'],
    ['no such interface', 'Standrd: { create: create.sh } #! INTERFACE_UNKNOWN'],
    ['no such operation', 'Standard: { creat: create.sh } #! OPERATION_UNKNOWN'],
  ])('%s', (_, body) => {
    const nodes = `node_templates:\n  a:\n    type: tosca.nodes.Compute\n    interfaces:\n${indented(body, 6)}`;
    expectMarked(template1(nodes, version));
  });

  it('has interfaces of relationships', () => {
    expectMarked(
      template1(
        `
node_templates:
  disk: { type: tosca.nodes.BlockStorage, properties: { size: 1 GB, name: d } }
  vm:
    type: tosca.nodes.Compute
    requirements:
      - local_storage:
          node: disk
          relationship:
            type: AttachesTo
            properties: { location: /x }
            interfaces:
              Configure:
                pre_configure_source: { implementation: a.sh, inputs: { size: { get_property: [ TARGET, size ] }, sz: { get_property: [ TARGET, siz ] } } } #! PROPERTY_UNKNOWN
                pre_configure_sorce: b.sh #! OPERATION_UNKNOWN`,
        version,
      ),
    );
  });
});

describe('interfaces of 1.3', () => {
  it('have operations under their keyname', () => {
    const { topology } = expectMarked(
      template1(`
node_templates:
  a:
    type: tosca.nodes.Compute
    interfaces:
      Standard: { operations: { create: a.sh, creat: b.sh } } #! OPERATION_UNKNOWN`),
    );
    expect(
      topology?.nodes.get('a')?.interfaces.get('Standard')?.operations.get('create')?.implementation?.primary
        ?.file,
    ).toBe('a.sh');
  });
});
