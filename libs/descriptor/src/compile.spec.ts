import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { FINDING_CODES as TOSCA_FINDING_CODES } from '@underware/tosca';
import { compile, validate } from './compile.js';
import { FINDING_CODES } from './finding.js';
import { formatFinding } from './format-finding.js';
import { service } from './compile.spec-support.js';

const examples = new URL('../../../examples/', import.meta.url);

/** `CODE line:column nearest`, errors and warnings alike. */
function found(text: string, inputs: Record<string, unknown> = {}): string[] {
  return compile({ file: 'service.yaml', text }, inputs).findings.map(({ code, line, column, nearest }) =>
    [code, `${line}:${column}`, nearest].filter(Boolean).join(' '),
  );
}

describe('a descriptor becomes a service graph', () => {
  const text = readFileSync(new URL('web-behind-firewall.yaml', examples), 'utf8');
  const graph = compile({ file: 'examples/web-behind-firewall.yaml', text }).graph;

  it('with VNFs, defaults filled in and inputs in their place', () => {
    expect(graph?.vnfs[0]).toEqual({
      name: 'web',
      runtimes: ['container', 'process'],
      image: 'localhost/underware-demo:1',
      command: ['/usr/local/bin/underware-demo', 'web', '8080', '9090'],
      environment: {},
      cpus: 0.25,
      memoryBytes: 64_000_000,
      healthCheck: { kind: 'http', port: 8080, path: '/', intervalSeconds: 2, timeoutSeconds: 2, retries: 3 },
      hostLabels: {},
      position: { file: 'examples/web-behind-firewall.yaml', line: 25, column: 5 },
    });
    expect(graph?.vnfs[1]?.command).toContain('10.60.0.10,fd60::10');
  });

  it('with underservices bound to ports, each in its directions', () => {
    expect(graph?.underservices.map(({ name, kind, bindings }) => ({ name, kind, bindings }))).toEqual([
      { name: 'guard', kind: 'firewall', bindings: [{ port: 'web_port', directions: ['inbound'] }] },
      {
        name: 'meter',
        kind: 'probe',
        bindings: [
          { port: 'client_port', directions: ['inbound', 'outbound'] },
          { port: 'web_port', directions: ['inbound', 'outbound'] },
        ],
      },
    ]);
  });

  it('with assertions whose packet goes to the port they target', () => {
    expect(graph?.assertions.find(({ name }) => name === 'admin_is_closed')).toMatchObject({
      port: 'web_port',
      direction: 'inbound',
      packet: { protocol: 'tcp', source: 'client_port', destination: 'web_port', destinationPort: 9090 },
      expect: 'drop',
    });
    expect(graph?.antiAffinity).toMatchObject([{ name: 'apart', vnfs: ['web', 'client'] }]);
  });

  it('with other values of its inputs, text of a command line included', () => {
    const other = compile(
      {
        file: 'x',
        text: service({
          inputs: 'cores: { type: float, validation: { $less_than: [$value, 9] } }',
          cpus: '{ $get_input: cores }',
        }),
      },
      { cores: '1.5' },
    );
    expect(other).toMatchObject({ findings: [], graph: { vnfs: [{ cpus: 1.5 }] } });
  });

  it('the same from TOSCA 1.3, from 2.0, and through anchors and merge keys', () => {
    const old = service({})
      .replace('tosca_2_0', 'tosca_simple_yaml_1_3')
      .replace('service_template', 'topology_template');
    const shared = service({})
      .replace('properties: { command: [run] }', 'properties: { <<: *common }')
      .replace('metadata:', 'dsl_definitions: { base: &common { command: [run] } }\nmetadata:');
    const plain = compile({ file: 'x', text: service({}) });
    expect(plain.findings).toEqual([]);
    expect(compile({ file: 'x', text: old })).toEqual(plain);
    expect(compile({ file: 'x', text: shared }).graph?.vnfs[0]?.command).toEqual(['run']);
    expect(compile({ file: 'x', text: shared }).findings).toEqual([]);
  });

  it('of 1.3 under the validations of the profile, which are in the words of 2.0', () => {
    const old = service({ cpus: '-1' })
      .replace('tosca_2_0', 'tosca_simple_yaml_1_3')
      .replace('service_template', 'topology_template');
    expect(found(old)).toEqual([expect.stringMatching(/^CONSTRAINT_VIOLATED 7:/)]);
    expect(found(old)).toEqual(found(service({ cpus: '-1' })));
  });

  it('with a start order from dependencies', () => {
    const extra = `
    db: { type: underware.nodes.Process, properties: { command: [db] } }
    app:
      type: underware.nodes.Process
      properties: { command: [app] }
      requirements: [{ dependency: db }, { dependency: { node: web } }]`;
    expect(compile({ file: 'x', text: service({ nodes: extra }) }).graph?.startsAfter).toEqual({
      app: ['db', 'web'],
    });
  });
});

describe('what is wrong is found, where it is, with the nearest name', () => {
  it.each<[string, string, string[]]>([
    ['an empty file', '', ['VERSION_MISSING 1:1']],
    ['no version', 'service_template: {}', ['VERSION_MISSING 1:1']],
    ['another version', 'tosca_definitions_version: tosca_2_1\n', ['VERSION_UNKNOWN 1:28 tosca_2_0']],
    ['no template', 'tosca_definitions_version: tosca_2_0\n', ['NODE_NOT_DEPLOYABLE 1:1']],
    [
      'the word of another version',
      'tosca_definitions_version: tosca_2_0\ntopology_template: {}',
      ['KEYWORD_UNKNOWN 2:1'],
    ],
    ['broken YAML', 'a: [1,\nb: }', ['YAML_INVALID 2:1']],
    ['a list', '- a', ['VERSION_MISSING 1:1']],
    [
      'a keyword misspelt',
      service({}).replace('node_templates', 'node_tempaltes'),
      ['KEYWORD_UNKNOWN 4:3 node_templates'],
    ],
    ['a key twice', service({ web: 'type: underware.nodes.Process' }), ['KEY_DUPLICATE 7:7']],
    ['the version behind something else', `node_types: {}\n${service({})}`, ['KEYWORD_INVALID 2:1']],
    [
      'an unknown type',
      service({}).replace('nodes.Process', 'nodes.Proces'),
      ['TYPE_UNKNOWN 6:13 underware.nodes.Process'],
    ],
    ['a node without type', service({ nodes: '\n    x: { properties: {} }' }), ['KEYWORD_MISSING 8:8']],
    [
      'a name with a dot',
      service({ nodes: '\n    a.b: { type: underware.nodes.Process, properties: { command: [x] } }' }),
      ['NAME_INVALID 8:5'],
    ],
    [
      'a name that objects have',
      service({
        nodes: '\n    constructor: { type: underware.nodes.Process, properties: { command: [x] } }',
      }),
      ['NAME_INVALID 8:5'],
    ],
    [
      'a property misspelt',
      service({ properties: 'comand: [run]' }),
      ['PROPERTY_MISSING 5:5', 'PROPERTY_UNKNOWN 7:21 command'],
    ],
    ['a number for text', service({ properties: 'command: [run, 8080]' }), ['TYPE_MISMATCH 7:36']],
    ['no unit', service({ properties: 'command: [run], memory: 64' }), ['TYPE_MISMATCH 7:45']],
    [
      'an unknown input',
      service({
        properties: 'command: [{ $get_input: prgram }]',
        inputs: 'program: { type: string, default: x }',
      }),
      ['INPUT_UNUSED 5:5', 'INPUT_UNKNOWN 9:45 program'],
    ],
    [
      'an input of an unknown type',
      service({ inputs: 'a: { type: strnig, default: x }', properties: 'command: [{ $get_input: a }]' }),
      ['TYPE_UNKNOWN 5:16 string'],
    ],
    [
      'a default that breaks its constraint',
      service({
        inputs:
          'a: { type: integer, default: 9, validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 3] }] } }',
        cpus: '{ $get_input: a }',
      }),
      ['CONSTRAINT_VIOLATED 5:34'],
    ],
    [
      'the same as a validation clause',
      service({
        inputs: 'a: { type: integer, default: 9, validation: { $less_than: [$value, 3] } }',
        cpus: '{ $get_input: a }',
      }),
      ['CONSTRAINT_VIOLATED 5:34'],
    ],
    [
      'a pattern that could hang',
      service({
        inputs: 'a: { type: string, default: aaaa, validation: { $matches: [$value, (a+)+b] } }',
        properties: 'command: [{ $get_input: a }]',
      }),
      ['CONSTRAINT_VIOLATED 5:33'],
    ],
    [
      'an unknown function',
      service({ properties: 'command: [{ $get_inptu: a }]' }),
      ['FUNCTION_UNKNOWN 7:33 $get_input'],
    ],
  ])('%s', (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  const ports = `
    net: { type: underware.nodes.Link, properties: { subnets: [10.0.0.0/24, 'fd00::/64'] } }
    a: { type: underware.nodes.Port, requirements: [{ binding: web }, { link: net }] }`;

  it.each<[string, string, string[]]>([
    [
      'a requirement misspelt',
      'b: { type: underware.nodes.Port, requirements: [{ bindng: web }, { link: net }] }',
      ['REQUIREMENT_UNKNOWN 10:55 binding'],
    ],
    [
      'one too many',
      'b: { type: underware.nodes.Port, requirements: [{ binding: web }, { binding: web }, { link: net }] }',
      ['REQUIREMENT_TOO_MANY 10:73'],
    ],
    [
      'a target that is not there',
      'b: { type: underware.nodes.Port, requirements: [{ binding: wbe }, { link: net }] }',
      ['REFERENCE_UNKNOWN 10:64 web'],
    ],
    [
      'a target of another type',
      'b: { type: underware.nodes.Port, requirements: [{ binding: net }, { link: net }] }',
      ['REFERENCE_TYPE 10:64'],
    ],
    [
      'an address outside',
      'b: { type: underware.nodes.Port, properties: { addresses: [10.0.1.2] }, requirements: [{ binding: web }, { link: net }] }',
      ['ADDRESS_OUTSIDE 10:64'],
    ],
    [
      'an address of the network',
      'b: { type: underware.nodes.Port, properties: { addresses: [10.0.0.255] }, requirements: [{ binding: web }, { link: net }] }',
      ['ADDRESS_RESERVED 10:64'],
    ],
    [
      'an address twice',
      "b: { type: underware.nodes.Port, properties: { addresses: ['fd00::2', 'fd00:0::2/64'] }, requirements: [{ binding: web }, { link: net }] }",
      ['ADDRESS_DUPLICATE 10:75'],
    ],
    [
      'no address at all',
      'b: { type: underware.nodes.Port, properties: { addresses: [10.0.0] }, requirements: [{ binding: web }, { link: net }] }',
      ['CONSTRAINT_VIOLATED 10:64'],
    ],
    [
      'subnets that overlap',
      'm: { type: underware.nodes.Link, properties: { subnets: [10.1.0.0/16, 10.0.0.128/25] } }',
      ['SUBNET_OVERLAP 10:75'],
    ],
    [
      'IPv6 over a small MTU',
      "m: { type: underware.nodes.Link, properties: { subnets: ['fd01::/64'], mtu: 1000 } }",
      ['CONSTRAINT_VIOLATED 10:81'],
    ],
    [
      'a container without an image',
      'v: { type: underware.nodes.Vnf, properties: { command: [x] } }',
      ['IMAGE_MISSING 10:5'],
    ],
    [
      'a health check without a port',
      'v: { type: underware.nodes.Process, properties: { command: [x], health_check: { kind: tcp } } }',
      ['HEALTH_CHECK_INVALID 10:83'],
    ],
    [
      'a variable that is none',
      'v: { type: underware.nodes.Process, properties: { command: [x], environment: { A-B: c } } }',
      ['NAME_INVALID 10:84'],
    ],
    [
      'a VNF that waits for itself',
      'v: { type: underware.nodes.Process, properties: { command: [x] }, requirements: [{ dependency: v }] }',
      ['DEPENDENCY_CYCLE 10:5'],
    ],
    [
      'a port bound twice',
      'p: { type: underware.nodes.Probe, requirements: [{ port: a }, { port: a }] }',
      ['BINDING_DUPLICATE 10:69'],
    ],
    [
      'a direction misspelt',
      'p: { type: underware.nodes.Probe, requirements: [{ port: { node: a, relationship: { properties: { directions: [inbuond] } } } }] }',
      ['CONSTRAINT_VIOLATED 10:116'],
    ],
    [
      'a rule for no port',
      'f: { type: underware.nodes.Firewall, properties: { rules: [{ name: r, from: aa, action: allow }] }, requirements: [{ port: a }] }',
      ['REFERENCE_UNKNOWN 10:81 a'],
    ],
    [
      'a rule with a property misspelt',
      'f: { type: underware.nodes.Firewall, properties: { rules: [{ name: r, actoin: allow }] }, requirements: [{ port: a }] }',
      ['PROPERTY_MISSING 10:64', 'PROPERTY_UNKNOWN 10:75 action'],
    ],
  ])('%s', (_what, node, expected) => {
    expect(found(service({ nodes: `${ports}\n    ${node}` }))).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    [
      'a target that is not there',
      'targets: [b], properties: { packet: { protocol: tcp, source: a }, expect: pass }',
      ['REFERENCE_UNKNOWN 11:56'],
    ],
    [
      'a packet from nowhere',
      'targets: [a], properties: { packet: { protocol: tcp }, expect: pass }',
      ['PACKET_INVALID 11:80'],
    ],
    [
      'a packet from an unknown port',
      'targets: [a], properties: { packet: { protocol: tcp, source: bb }, expect: pass }',
      ['PACKET_INVALID 11:108'],
    ],
    [
      'ports of icmp',
      'targets: [a], properties: { packet: { protocol: icmp, source: a, source_port: 1 }, expect: pass }',
      ['PACKET_INVALID 11:124'],
    ],
    [
      'no targets',
      'properties: { packet: { protocol: tcp, source: a }, expect: pass }',
      ['POLICY_INVALID 11:7'],
    ],
  ])('in an assertion: %s', (_what, policy, expected) => {
    const text =
      `${service({ nodes: ports })}  policies:\n    - p: { type: underware.policies.Assertion, ${policy} }\n`
        .replace('  policies:', '\n  policies:')
        .replace('\n\n', '\n');
    expect(found(text).map((line) => line.replace(/^(\w+) \d+:\d+.*/, '$1'))).toEqual(
      expected.map((line) => line.split(' ')[0]),
    );
  });

  it('all of it in one go', () => {
    const text = service({
      properties: 'comand: [run], cpus: lots',
      nodes: '\n    x: { type: underware.nodes.Linc }',
    });
    expect(found(text)).toEqual([
      'PROPERTY_MISSING 5:5',
      'PROPERTY_UNKNOWN 7:21 command',
      'TYPE_MISMATCH 7:42',
      'TYPE_UNKNOWN 8:16 underware.nodes.Link',
    ]);
  });
});

describe('inputs', () => {
  const text = service({
    inputs: 'program: { type: string }',
    properties: 'command: [{ $get_input: program }]',
  });

  it('without a value are refused when compiling, not when checking the file by itself', () => {
    expect(found(text)).toEqual(['INPUT_MISSING 5:5']);
    expect(validate({ file: 'x', text })).toEqual({ valid: true, findings: [] });
  });

  it('that are not declared, or of the wrong type, are refused', () => {
    expect(found(text, { program: 'x', prorgam: 'y' })).toEqual(['INPUT_UNKNOWN 5:5 program']);
    expect(found(text, { program: ['x'] })).toEqual(['TYPE_MISMATCH 5:5']);
    expect(found(text, JSON.parse('{"program": "x", "__proto__": 1}') as Record<string, unknown>)).toEqual([
      'INPUT_UNKNOWN 5:5',
    ]);
  });

  it('may hold structures, taken apart by path', () => {
    const nested = service({
      inputs:
        'vnf: { type: map, entry_schema: { type: list, entry_schema: string }, default: { cmd: [run, fast] } }',
      properties: 'command: { $get_input: [vnf, cmd] }',
    });
    expect(compile({ file: 'x', text: nested }).graph?.vnfs[0]?.command).toEqual(['run', 'fast']);
  });
});

it('a finding is printed with its line and a caret, without control characters', () => {
  const text = 'tosca_definitions_version: tosca_2_0\nservice_template:\n\tx: 1';
  const [first = '', , third = ''] = text.split('\n');
  const odd = { code: 'KEYWORD_UNKNOWN', severity: 'error', file: 'a.yaml', message: 'm' } as const;
  expect(formatFinding({ ...odd, line: 1, column: 28, expected: 'e', nearest: 'n', text: first })).toBe(
    [
      'a.yaml:1:28: error KEYWORD_UNKNOWN: m',
      '      1 | tosca_definitions_version: tosca_2_0',
      '        |                            ^',
      '        = expected e',
      '        = did you mean n?',
    ].join('\n'),
  );
  expect(formatFinding({ ...odd, line: 3, column: 2, text: third })).toContain('| \tx: 1\n        | \t^');
  expect(formatFinding({ ...odd, line: 1, column: 1, text: 'a\u001b[2Jb' })).toContain('a·[2Jb');
  expect(formatFinding({ ...odd, line: 9, column: 1, text: '' })).toBe(
    'a.yaml:9:1: error KEYWORD_UNKNOWN: m',
  );
  expect(formatFinding({ ...odd, line: 1, column: 1000, text: 'x'.repeat(2000) }).length).toBeLessThan(400);
});

it('every code of a finding is used, and no other', () => {
  const files = ['', 'check/', 'graph/'].flatMap((folder) =>
    readdirSync(new URL(`./${folder}`, import.meta.url))
      .filter((name) => name.endsWith('.ts') && !name.includes('.spec') && name !== 'finding.ts')
      .map((name) => readFileSync(new URL(`./${folder}${name}`, import.meta.url), 'utf8')),
  );
  const models = ['firewall/check.ts'].map((name) =>
    readFileSync(new URL(`../../underservices/src/${name}`, import.meta.url), 'utf8'),
  );
  const all = [...files, ...models].join('\n');
  const ofTosca: readonly string[] = TOSCA_FINDING_CODES;
  const own = FINDING_CODES.filter((code) => !ofTosca.includes(code));
  expect(own.filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  const made = [...models.join('\n').matchAll(/code: '([A-Z_]+)'/g)].map((match) => match[1]);
  expect(made.filter((code) => !(FINDING_CODES as readonly (string | undefined)[]).includes(code))).toEqual(
    [],
  );
});
