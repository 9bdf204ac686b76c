import { describe, expect, it } from '@jest/globals';
import { compile, validate } from '../compile.js';

function compiled(types: string, node: string) {
  const text = `tosca_definitions_version: tosca_2_0
metadata: { template_name: test, template_version: 1.0.0 }
${types}
service_template:
  node_templates:
    web: { type: underware.nodes.Process, properties: { command: [x] } }
    net: { type: underware.nodes.Link, properties: { subnets: [10.64.0.0/24] } }
    p: { type: underware.nodes.Port, requirements: [{ binding: web }, { link: net }] }
    u: { requirements: [{ port: p }], ${node} }
`;
  expect(validate({ file: 's.yaml', text }).findings).toEqual(compile({ file: 's.yaml', text }).findings);
  return compile({ file: 's.yaml', text });
}

const own = (rest: string, name = 'my.Firewall') =>
  `node_types: { ${name}: { derived_from: underware.nodes.Underservice, ${rest} } }`;
const RULE = '{ name: ssh, source: 10.0.0.0/8, protocol: tcp, port: "22", action: allow }';

describe('the kind of an underservice', () => {
  it.each<[string, string, string]>([
    ['the profile', '', 'type: underware.nodes.Firewall'],
    [
      'the profile that its type derives from',
      'node_types: { my.Probe: { derived_from: underware.nodes.Firewall } }',
      'type: my.Probe',
    ],
  ])('is that of %s', (_what, types, node) => {
    expect(compiled(types, node)).toMatchObject({
      findings: [],
      graph: { underservices: [{ kind: 'firewall' }] },
    });
  });

  it('is what a type of its own says', () => {
    const types = own('metadata: { underware.kind: ttl-guard }, properties: { minimum: { type: integer } }');
    expect(compiled(types, 'type: my.Firewall, properties: { minimum: 5 }')).toMatchObject({
      findings: [],
      graph: { underservices: [{ kind: 'ttl-guard', model: { minimum: 5 } }] },
    });
  });

  it.each<[string, string, string, string]>([
    [
      'what its type is called, with rules of another form',
      own('properties: { rules: { type: list, entry_schema: { type: map, entry_schema: string } } }'),
      `type: my.Firewall, properties: { rules: [${RULE}] }`,
      '3:15',
    ],
    [
      'what its type is called, with rules of nothing',
      own('properties: { rules: { type: list, entry_schema: nil } }'),
      'type: my.Firewall, properties: { rules: [null] }',
      '3:15',
    ],
    ['that of Underservice itself', '', 'type: underware.nodes.Underservice', '9:5'],
    [
      'one of the profile by its metadata',
      own('metadata: { underware.kind: load-balancer }'),
      'type: my.Firewall',
      '3:102',
    ],
    ['no word', own('metadata: { underware.kind: 7 }'), 'type: my.Firewall', '3:102'],
  ])('is not %s', (_what, types, node, place) => {
    const { graph, findings } = compiled(types, node);
    expect(graph).toBeUndefined();
    expect(findings.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([
      `UNDERSERVICE_KIND_UNKNOWN ${place}`,
    ]);
  });

  it('is not taken from a type in the place of one of the profile', () => {
    const { graph, findings } = compiled(
      own('description: mine', 'underware.nodes.Firewall'),
      'type: underware.nodes.Firewall',
    );
    expect(graph).toBeUndefined();
    expect(findings.map(({ code }) => code)).toContain('UNDERSERVICE_KIND_UNKNOWN');
  });
});

describe('rules of a firewall', () => {
  it("of a type of one's own say nothing that would be left out", () => {
    const types = `data_types: { my.Rule: { derived_from: underware.datatypes.FirewallRule, properties: { source: { type: string, required: false } } } }
node_types: { my.Firewall: { derived_from: underware.nodes.Firewall, properties: { rules: { type: list, entry_schema: my.Rule } } } }`;
    const { findings } = compiled(
      types,
      'type: my.Firewall, properties: { rules: [{ name: ssh, source: 10.0.0.0/8, action: allow }] }',
    );
    expect(findings).toMatchObject([{ code: 'RULE_INVALID', line: 10, column: 93 }]);
  });

  it('are checked with their places', () => {
    const { findings } = compiled(
      '',
      'type: underware.nodes.Firewall, properties: { rules: [{ name: a, protocol: sctp, action: allow }] }',
    );
    expect(findings).toMatchObject([{ code: 'CONSTRAINT_VIOLATED', line: 9, column: 114 }]);
  });
});
