import { describe, expect, it } from '@jest/globals';
import { expectMarked, indented, template1, template2 } from './templates.spec-support.js';

const NODES = `
node_templates:
  m: { type: Machine }
  app: { type: App, properties: { version: '1' }, requirements: [ { host: m } ], capabilities: { api: { properties: { port: 80 } } } }
groups:
  g: { type: Cluster, properties: { size: 2 }, members: [ m ] }
`;

describe('workflows of 2.0', () => {
  it.each([
    [
      'all right',
      'a: { target: app, activities: [ { set_state: starting }, { call_operation: lifecycle.create }, { inline: other } ], on_success: [ b ], on_failure: [ c ] }\nb: { target: g, activities: [ { delegate: install } ] }\nc: { target: app, target_relationship: host, activities: [ { call_operation: { operation: connect.connect, inputs: { x: { $get_input: speed } } } } ] }',
    ],
    ['no such target', 'a: { target: ap, activities: [ { set_state: s } ] } #! REFERENCE_UNKNOWN'],
    [
      'no such requirement',
      'a: { target: app, target_relationship: hots, activities: [ { set_state: s } ] } #! REQUIREMENT_UNKNOWN',
    ],
    [
      'no such step on success',
      'a: { target: app, activities: [ { set_state: s } ], on_success: [ b ] } #! WORKFLOW_INVALID',
    ],
    [
      'no such step on failure',
      'a: { target: app, activities: [ { set_state: s } ], on_failure: [ b ] } #! WORKFLOW_INVALID',
    ],
    [
      'a circle',
      'a: { target: app, activities: [ { set_state: s } ], on_success: [ b ] } #! WORKFLOW_INVALID\nb: { target: app, activities: [ { set_state: s } ], on_success: [ a ] }',
    ],
    [
      'back after a failure',
      'a: { target: app, activities: [ { set_state: s } ], on_failure: [ b ] }\nb: { target: app, activities: [ { set_state: s } ], on_success: [ a ] }',
    ],
    [
      'no such interface',
      'a: { target: app, activities: [ { call_operation: life.create } ] } #! INTERFACE_UNKNOWN',
    ],
    [
      'no such operation',
      'a: { target: app, activities: [ { call_operation: lifecycle.creat } ] } #! OPERATION_UNKNOWN',
    ],
    ['no such workflow', 'a: { target: app, activities: [ { inline: othr } ] } #! WORKFLOW_INVALID'],
    [
      'a call without name',
      'a: { target: app, activities: [ { inline: { inputs: {} } } ] } #! KEYWORD_MISSING',
    ],
    [
      'no such input',
      'a: { target: app, activities: [ { call_operation: { operation: lifecycle.create, inputs: { size: { $get_input: sped } } } } ] } #! INPUT_UNKNOWN',
    ],
    ['no activities', 'a: { target: app } #! KEYWORD_MISSING'],
  ])('%s', (_, steps) => {
    expectMarked(
      template2(`${NODES}
workflows:
  other: { steps: { s: { target: m, activities: [ { set_state: x } ] } } }
  w:
    inputs: { speed: { type: integer } }
    precondition: { $equal: [ { $get_property: [ app, version ] }, '1' ] }
    steps:
${indented(steps, 6)}`),
    );
  });

  it('are warned of where they inline each other in a circle', () => {
    expectMarked(
      template2(`${NODES}
workflows:
  v: { steps: { s: { target: m, activities: [ { inline: w } ] } } } #~ WORKFLOW_INVALID
  w: { steps: { s: { target: m, activities: [ { inline: v } ] } } }`),
    );
  });

  it('have steps or an implementation', () => {
    expectMarked(
      template2(`${NODES}
workflows:
  v: { implementation: v.bpmn }
  w:
    steps: { s: { target: m, activities: [ { set_state: x } ] } }
    implementation: w.bpmn #! WORKFLOW_INVALID`),
    );
  });

  it('take very long chains of steps', () => {
    const steps = Array.from(
      { length: 5000 },
      (_, i) => `s${i}: { target: m, activities: [ { set_state: x } ], on_success: [ s${i + 1} ] }`,
    );
    const last = 's5000: { target: m, activities: [ { set_state: x } ] }';
    const { topology } = expectMarked(
      template2(`${NODES}\nworkflows:\n  w:\n    steps:\n${indented([...steps, last].join('\n'), 6)}`),
    );
    expect(topology?.workflows.get('w')?.steps.size).toBe(5001);
  });
});

describe('calls of operations of 2.0', () => {
  const types = `
tosca_definitions_version: tosca_2_0
interface_types: { Backup: { operations: { backup: {} } } }
node_types:
  Entity:
    interfaces:
      backup:
        type: Backup
        inputs: { location: { type: string } }
        operations: { backup: { inputs: { name: { type: string }, depth: { type: integer, default: 1 } } } }
service_template:
  node_templates:
    a: { type: Entity }
    b: { type: Entity, interfaces: { backup: { inputs: { location: here } } } }
  workflows:
    w:
      inputs: { where: { type: string }, may: { type: string, required: false } }
      steps:
        s:
          target: TARGET
          activities:
            - call_operation:
                operation: backup.backup`;
  it.each([
    ['all inputs', 'a', '\n                inputs: { location: { $get_input: where }, name: x }'],
    ['one that the template gives', 'b', '\n                inputs: { name: x }'],
    ['one missing', 'a', ' #! INPUT_MISSING\n                inputs: { name: x }'],
    ['all missing', 'a', ' #! INPUT_MISSING INPUT_MISSING'],
    ['one unknown', 'b', '\n                inputs: { name: x, nam: y } #! INPUT_UNKNOWN'],
    ['one of a wrong type', 'b', '\n                inputs: { name: x, depth: deep } #! TYPE_MISMATCH'],
    [
      'one that may have no value',
      'b',
      '\n                inputs: { name: { $get_input: may } } #! INPUT_MISSING',
    ],
  ])('%s', (_, target, rest) => {
    expectMarked(`${types.replace('TARGET', target)}${rest}`);
  });
});

describe.each(['1_1', '1_2', '1_3'])('workflows of %s', (version) => {
  it('are checked', () => {
    expectMarked(
      template1(
        `
node_templates:
  server: { type: tosca.nodes.Compute }
  db: { type: tosca.nodes.DBMS, requirements: [ { host: server } ] }
workflows:
  deploy:
    preconditions:
      - target: server
        condition: [ { assert: [ { state: [ { equal: available } ] } ] } ]
      - target: srver #! REFERENCE_UNKNOWN
    steps:
      a: { target: server, activities: [ { delegate: deploy } ], on_success: [ b ] }
      b: { target: db, activities: [ { set_state: creating }, { call_operation: tosca.interfaces.node.lifecycle.Standard.create }, { call_operation: Standard.start } ], on_success: c }
      c: { target: db, target_relationship: host, activities: [ { call_operation: Standard.begin } ] }
      d: { target: db, activities: [ { call_operation: Standard.begin } ] } #! OPERATION_UNKNOWN`,
        version,
      ),
    );
  });
});
