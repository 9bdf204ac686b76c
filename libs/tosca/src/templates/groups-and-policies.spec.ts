import { describe, expect, it } from '@jest/globals';
import { expectMarked, template1, template2 } from './templates.spec-support.js';

const NODES = `
node_templates:
  m1: { type: Machine }
  m2: { type: BigMachine }
  app: { type: App, properties: { version: '1' }, requirements: [ { host: m1 } ], capabilities: { api: { properties: { port: 80 } } } }
`;

describe('groups of 2.0', () => {
  it.each([
    ['all right', 'g: { type: Cluster, properties: { size: 2 }, members: [ m1, m2 ] }'],
    [
      'of groups',
      'g: { type: Cluster, properties: { size: 2 }, members: [ m1 ] }\n  h: { type: Cluster, properties: { size: 2 }, members: [ g, m2 ] }',
    ],
    ['no such type', 'g: { type: Clustr, members: [ m1 ] } #! TYPE_UNKNOWN'],
    [
      'no such member',
      'g: { type: Cluster, properties: { size: 2 }, members: [ m1, m3 ] } #! REFERENCE_UNKNOWN',
    ],
    [
      'a member of the wrong type',
      'g: { type: Cluster, properties: { size: 2 }, members: [ m1, app ] } #! REFERENCE_TYPE',
    ],
    [
      'a member twice',
      'g: { type: Cluster, properties: { size: 2 }, members: [ m1, m1 ] } #! NAME_DUPLICATE',
    ],
    ['a missing property', 'g: { type: Cluster, members: [ m1 ] } #! PROPERTY_MISSING'],
    ['a wrong property', 'g: { type: Cluster, properties: { size: two }, members: [ m1 ] } #! TYPE_MISMATCH'],
    [
      'an unknown property',
      'g: { type: Cluster, properties: { size: 2, sise: 2 }, members: [ m1 ] } #! PROPERTY_UNKNOWN',
    ],
  ])('%s', (_, group) => {
    expectMarked(template2(`${NODES}\ngroups:\n  ${group}`));
  });
});

describe('policies of 2.0', () => {
  const groups = `${NODES}
groups:
  g: { type: Cluster, properties: { size: 2 }, members: [ m1 ] }
`;
  it.each([
    ['all right', '- p: { type: Placement, properties: { zone: a }, targets: [ m1, g ] }'],
    ['without targets', '- p: { type: Placement, properties: { zone: a } }'],
    ['no such type', '- p: { type: Placements, targets: [ m1 ] } #! TYPE_UNKNOWN'],
    [
      'no such target',
      '- p: { type: Placement, properties: { zone: a }, targets: [ m3 ] } #! REFERENCE_UNKNOWN',
    ],
    [
      'a target of the wrong type',
      '- p: { type: Placement, properties: { zone: a }, targets: [ app ] } #! REFERENCE_TYPE',
    ],
    ['a missing property', '- p: { type: Placement, targets: [ m1 ] } #! PROPERTY_MISSING'],
    ['a wrong property', '- p: { type: Placement, properties: { zone: [ a ] } } #! TYPE_MISMATCH'],
    ['a name twice', '- p: { type: Anything }\n- p: { type: Anything } #! NAME_DUPLICATE'],
    [
      'a trigger',
      '- p: { type: Anything, triggers: { t: { event: lifecycle.failed, condition: { $equal: [ up, { $get_attribute: [ app, state ] } ] }, action: [ { call_operation: lifecycle.create } ] } } }',
    ],
    [
      'a trigger without event',
      '- p: { type: Anything, triggers: { t: { action: [ { inline: w } ] } } } #! KEYWORD_MISSING',
    ],
    ['a trigger without action', '- p: { type: Anything, triggers: { t: { event: e } } } #! KEYWORD_MISSING'],
    [
      'a condition of nothing',
      '- p: { type: Anything, triggers: { t: { event: e, condition: { $equal: [ 1, { $get_attribute: [ app, stat ] } ] }, action: [ { inline: w } ] } } } #! ATTRIBUTE_UNKNOWN',
    ],
  ])('%s', (_, policies) => {
    expectMarked(template2(`${groups}\npolicies:\n${policies}`));
  });

  it('lead to their targets', () => {
    const { topology } = expectMarked(
      template2(
        `${groups}\npolicies:\n- p: { type: Placement, properties: { zone: a }, targets: [ m1, g ] }`,
      ),
    );
    const [node, group] = topology?.policies.get('p')?.targets ?? [];
    expect(node?.node).toBe(topology?.nodes.get('m1'));
    expect(group?.group).toBe(topology?.groups.get('g'));
    expect(group?.group?.members[0]?.node).toBe(topology?.nodes.get('m1'));
  });
});

describe.each(['1_0', '1_1', '1_2', '1_3'])('groups and policies of %s', (version) => {
  it('are checked against normative types', () => {
    expectMarked(
      template1(
        `
node_templates:
  a: { type: tosca.nodes.Compute }
  b: { type: tosca.nodes.Compute }
groups:
  g: { type: tosca.groups.Root, members: [ a, b ] }
  h: { type: tosca.groups.Root, members: [ a, c ] } #! REFERENCE_UNKNOWN
policies:
  - p: { type: tosca.policies.Placement, targets: [ g, a ] }
  - q: { type: tosca.policies.Scaling, targets: [ x ] } #! REFERENCE_UNKNOWN
  - r: { type: tosca.policies.Place } #! TYPE_UNKNOWN`,
        version,
      ),
    );
  });
});
