import { describe, expect, it } from '@jest/globals';
import { compile, validate } from '../compile.js';
import type { Compiled } from '../compile.js';

const HEAD = 'tosca_definitions_version: tosca_2_0\n';
const TYPES = `${HEAD}
node_types:
  Box:
    derived_from: underware.nodes.Service
    properties:
      memory: { type: underware.datatypes.Size, default: 64 MB }
      peer: { type: underware.datatypes.Endpoint, default: any }
    capabilities: { web: underware.capabilities.Attachable, ready: underware.capabilities.Ready }
    requirements:
      - net: { capability: underware.capabilities.Linkable, relationship: underware.relationships.LinksTo, count_range: [1, 2] }
      - after: { capability: underware.capabilities.Ready, relationship: underware.relationships.DependsOn, count_range: [0, UNBOUNDED] }
`;
const BOX = `${HEAD}
imports: [types.yaml]
service_template:
  inputs:
    memory: { type: underware.datatypes.Size, validation: { $less_or_equal: [$value, 1 GB] } }
    peer: { type: underware.datatypes.Endpoint }
  node_templates:
    app: { type: underware.nodes.Process, properties: { command: [app], memory: { $get_input: memory } } }
    port: { type: underware.nodes.Port, requirements: [{ binding: app }] }
    guard:
      type: underware.nodes.Firewall
      properties: { rules: [{ name: one, from: { $get_input: peer }, to: port, action: allow }] }
      requirements: [{ port: port }]
  policies:
    - heal: { type: underware.policies.Healing, targets: [app] }
  substitution_mappings:
    node_type: Box
    properties: { memory: memory, peer: peer }
    capabilities: { web: [port, attachment], ready: [app, ready] }
    requirements: [{ net: [port, link] }, { after: [app, dependency] }]
`;

function outer(nodes: string, rest = '', imports = '[types.yaml, box.yaml]'): string {
  return `${HEAD}imports: ${imports}\nservice_template:\n  node_templates:
    net: { type: underware.nodes.Link, properties: { subnets: [10.9.0.0/24] } }
${nodes}\n${rest}`;
}

function run(text: string, files: Record<string, string> = {}): Compiled {
  const all: Record<string, string> = { 'types.yaml': TYPES, 'box.yaml': BOX, ...files };
  return compile({ file: 'service.yaml', text, read: (path) => all[path] });
}

function found(text: string, files?: Record<string, string>): string[] {
  return run(text, files).findings.map(({ code, file, line }) => `${code} ${file}:${line}`);
}

const ONE = '    a: { type: Box, directives: [substitute], requirements: [{ net: net }] }';
const TWO = `${ONE}
    b:
      type: Box
      directives: [substitute]
      properties: { memory: 0.5 GB, peer: a }
      requirements: [{ net: net }, { after: a }]`;

/** The same in the words of TOSCA 1.3. */
function old(text: string): string {
  return text
    .replace('tosca_2_0', 'tosca_simple_yaml_1_3')
    .replace('service_template', 'topology_template')
    .replaceAll('$get_input', 'get_input')
    .replaceAll('count_range', 'occurrences')
    .replace(', validation: { $less_or_equal: [$value, 1 GB] }', '');
}

/** The same with types that have nothing of the profile. */
function readForeign(path: string): string {
  const text = { 'types.yaml': TYPES, 'box.yaml': BOX }[path] ?? '';
  return text.replaceAll('derived_from: underware.nodes.Service', 'description: x');
}

describe('a template in the place of a node', () => {
  const { graph, findings } = run(
    outer(
      `${TWO}
    meter: { type: underware.nodes.Probe, requirements: [{ port: a }, { port: b }] }
    steer: { type: underware.nodes.Steering, requirements: [{ port: a }, { port: b }] }`,
      `  policies:
    - path: { type: underware.policies.ForwardingPath, targets: [a, b] }
    - where: { type: underware.policies.Placement, targets: [a, b], properties: { zones: [here] } }
    - apart: { type: underware.policies.AntiAffinity, targets: [a, b] }
    - idle: { type: underware.policies.Residency, targets: [b], properties: { residency: dynamic } }`,
    ),
  );

  it('has no finding, and names that begin with that of the node', () => {
    expect(findings).toEqual([]);
    expect(graph?.vnfs.map(({ name }) => name)).toEqual(['a_app', 'b_app']);
  });

  it('takes its inputs from the properties of the node, in their units', () => {
    expect(graph?.vnfs.map(({ memoryBytes }) => memoryBytes)).toEqual([64_000_000, 500_000_000]);
  });

  it('gives its requirements the targets of the node, and others its capabilities', () => {
    expect(graph?.ports.map(({ name, vnf, link }) => [name, vnf, link])).toEqual([
      ['a_port', 'a_app', 'net'],
      ['b_port', 'b_app', 'net'],
    ]);
    expect(
      graph?.underservices.find(({ name }) => name === 'meter')?.bindings.map(({ port }) => port),
    ).toEqual(['a_port', 'b_port']);
    expect(graph?.startsAfter).toEqual({ b_app: ['a_app'] });
  });

  it('names ports in values as the whole service does', () => {
    const rules = graph?.underservices.map(({ name, model }) => [name, model['rules']]);
    expect(rules).toMatchObject([
      ['a_guard', [{ from: 'any', to: 'a_port' }]],
      ['b_guard', [{ from: 'a_port', to: 'b_port' }]],
      ['meter', undefined],
      ['steer', undefined],
    ]);
  });

  it('keeps its policies, and is meant by those outside', () => {
    expect(graph?.vnfs.map(({ healing }) => healing?.attempts)).toEqual([3, 3]);
    expect(graph?.forwardingPaths?.[0]?.hops).toEqual([
      { kind: 'port', name: 'a_port' },
      { kind: 'port', name: 'b_port' },
    ]);
    expect(graph?.placementRules?.[0]?.vnfs).toEqual(['a_app', 'b_app']);
    expect(graph?.antiAffinity?.[0]?.vnfs).toEqual(['a_app', 'b_app']);
    expect(graph?.underservices.map(({ residency }) => residency)).toEqual([
      'auto',
      'dynamic',
      'auto',
      'auto',
    ]);
  });

  it('keeps the places of its own file', () => {
    expect(graph?.vnfs[1]?.position).toEqual({ file: 'box.yaml', line: 9, column: 5 });
  });

  it('stays apart from its siblings where names are long, under names that stay the same', () => {
    const [first, second] = ['x', 'y'].map((last) => `${'a'.repeat(60)}${last}`);
    const long = outer(
      [first, second]
        .map((name) => `    ${name}: { type: Box, directives: [substitute], requirements: [{ net: net }] }`)
        .join('\n'),
    );
    const names = run(long).graph?.vnfs.map(({ name }) => name) ?? [];
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^a{54}_[0-9a-f]{8}$/);
    expect(run(long).graph?.vnfs.map(({ name }) => name)).toEqual(names);
  });

  it('can be in the place of a node of another one, and stand for what is given from outside', () => {
    const rack = `${HEAD}
imports: [types.yaml, box.yaml]
service_template:
  node_templates:
    uplink: { type: underware.nodes.Link, directives: [select] }
    left: { type: Box, directives: [substitute], requirements: [{ net: uplink }] }
    extra: { type: underware.nodes.Process, properties: { command: [x] } }
    extra_port: { type: underware.nodes.Port, requirements: [{ binding: extra }, { link: uplink }] }
  substitution_mappings:
    node_type: Rack
    capabilities: { web: [left, web] }
    requirements: [{ net: uplink }]
`;
    const types = `${TYPES}  Rack:
    derived_from: underware.nodes.Service
    capabilities: { web: underware.capabilities.Attachable }
    requirements: [{ net: { capability: underware.capabilities.Linkable, relationship: underware.relationships.LinksTo } }]
`;
    const made = run(
      outer(
        `    r: { type: Rack, directives: [substitute], requirements: [{ net: net }] }
    meter: { type: underware.nodes.Probe, requirements: [{ port: r }] }`,
        '',
        '[types.yaml, rack.yaml]',
      ),
      { 'types.yaml': types, 'rack.yaml': rack },
    );
    expect(made.findings).toEqual([]);
    expect(made.graph?.links.map(({ name }) => name)).toEqual(['net']);
    expect(made.graph?.ports.map(({ name, link }) => [name, link])).toEqual([
      ['r_left_port', 'net'],
      ['r_extra_port', 'net'],
    ]);
    expect(made.graph?.underservices.at(-1)?.bindings[0]?.port).toBe('r_left_port');
  });

  it('shares out several requirements of one name in their order', () => {
    const twice = BOX.replace(
      '    guard:',
      '    second: { type: underware.nodes.Port, requirements: [{ binding: app }] }\n    guard:',
    ).replace(
      'requirements: [{ net: [port, link] }',
      'requirements: [{ net: [port, link] }, { net: [second, link] }',
    );
    const made = run(
      outer(
        `    other: { type: underware.nodes.Link, properties: { subnets: [10.8.0.0/24] } }
    a: { type: Box, directives: [substitute], requirements: [{ net: net }, { net: other }] }`,
      ),
      { 'box.yaml': twice, 'types.yaml': TYPES.replace('[1, 2]', '[2, 2]') },
    );
    expect(made.findings).toEqual([]);
    expect(made.graph?.ports.map(({ name, link }) => [name, link])).toEqual([
      ['a_port', 'net'],
      ['a_second', 'other'],
    ]);
  });

  it('works in TOSCA 1.3', () => {
    const made = run(old(outer(ONE)), { 'types.yaml': old(TYPES), 'box.yaml': old(BOX) });
    expect(made.findings).toEqual([]);
    expect(made.graph?.ports[0]).toMatchObject({ name: 'a_port', link: 'net' });
  });
});

describe('what can not be put in the place of a node', () => {
  it.each<[string, string, Record<string, string>, string[]]>([
    [
      'a value that the template does not take',
      outer(`${ONE.replace('directives', 'properties: { memory: 2 GB }, directives')}`),
      {},
      ['CONSTRAINT_VIOLATED box.yaml:6'],
    ],
    ['no template', outer(ONE, '', '[types.yaml]'), {}, ['NODE_NOT_DEPLOYABLE service.yaml:6']],
    [
      'no directive',
      outer(ONE.replace('directives: [substitute], ', '')),
      {},
      ['NODE_NOT_DEPLOYABLE service.yaml:6'],
    ],
    [
      'two templates',
      outer(ONE, '', '[types.yaml, box.yaml, more.yaml]'),
      { 'more.yaml': BOX },
      ['SUBSTITUTION_INVALID service.yaml:6'],
    ],
    [
      'a requirement that is left open',
      outer(ONE.replace(', requirements: [{ net: net }]', '')),
      {},
      ['REQUIREMENT_MISSING box.yaml:10'],
    ],
    [
      'a capability that is not mapped',
      outer(`${ONE}\n    meter: { type: underware.nodes.Probe, requirements: [{ port: a }] }`),
      { 'box.yaml': BOX.replace('web: [port, attachment], ', '') },
      ['SUBSTITUTION_INVALID service.yaml:7'],
    ],
    [
      'names that meet',
      outer(`${ONE}\n    a_app: { type: underware.nodes.Process, properties: { command: [x] } }`),
      {},
      ['NAME_DUPLICATE service.yaml:7'],
    ],
    [
      'itself',
      outer(ONE),
      {
        'box.yaml': BOX.replace(
          '    guard:',
          '    again: { type: Box, directives: [substitute] }\n    guard:',
        ),
      },
      ['NODE_NOT_DEPLOYABLE box.yaml:11'],
    ],
    [
      'a policy that can not tell which node is meant',
      outer(
        ONE,
        '  policies: [{ many: { type: underware.policies.Scaling, targets: [a], properties: { maximum: 2 } } }]',
      ),
      {
        'box.yaml': BOX.replace(
          '    guard:',
          '    more: { type: underware.nodes.Process, properties: { command: [x] } }\n    guard:',
        ),
      },
      ['POLICY_INVALID service.yaml:7'],
    ],
    [
      'what only the running service knows',
      outer(
        ONE.replace('directives', 'properties: { memory: { $get_attribute: [net, x] } }, directives'),
      ).replace('subnets: [10.9.0.0/24] }', 'subnets: [10.9.0.0/24] }, attributes: {}'),
      { 'types.yaml': TYPES },
      ['ATTRIBUTE_UNKNOWN service.yaml:6'],
    ],
  ])('%s', (_what, text, files, expected) => {
    expect(found(text, files)).toEqual(expected);
  });

  const forSize = (filter: string) =>
    BOX.replace(
      'node_type: Box',
      `node_type: Box\n    substitution_filter: { ${filter}: [{ $get_property: [SELF, memory] }, 1 GB] }`,
    ).replace(', validation: { $less_or_equal: [$value, 1 GB] }', '');
  const sizes = {
    'small.yaml': forSize('$less_than').replaceAll(/\bapp\b/g, 'small'),
    'large.yaml': forSize('$greater_than').replaceAll(/\bapp\b/g, 'large'),
  };
  const bySize = (memory: string) =>
    outer(
      ONE.replace('directives', `properties: { memory: ${memory} }, directives`),
      '  inputs: { size: { type: underware.datatypes.Size } }',
      '[types.yaml, small.yaml, large.yaml]',
    );

  it.each([
    ['64 MB', 'a_small'],
    ['2 GB', 'a_large'],
  ])('is chosen by the substitution_filter that the node meets: %s', (memory, vnf) => {
    const text = bySize(memory).replace(/ {2}inputs.*/, '');
    expect(run(text, sizes).graph?.vnfs.map(({ name }) => name)).toEqual([vnf]);
  });

  it.each([
    ['no template whose filter it meets', '1 GB', 'meets the substitution_filter of no template'],
    ['a filter that nobody can decide yet', '{ $get_input: size }', 'Several templates'],
  ])('%s', (_what, memory, message) => {
    const text = bySize(memory);
    const files: Record<string, string> = { 'types.yaml': TYPES, ...sizes };
    const findings = run(text, sizes).findings.filter(({ code }) => code === 'SUBSTITUTION_INVALID');
    expect(findings).toMatchObject([
      { file: 'service.yaml', line: 6, message: expect.stringContaining(message) },
    ]);
    const { valid } = validate({ file: 's.yaml', text, read: (path) => files[path] });
    expect(valid).toBe(true);
  });

  it('is no finding where a file is checked by itself', () => {
    const text = outer(ONE, '', '[types.yaml]');
    expect(validate({ file: 's.yaml', text, read: () => TYPES }).findings).toEqual([]);
  });

  it('is no finding where it is for others to choose what stands for a node', () => {
    const files: Record<string, string> = { 'types.yaml': TYPES, 'box.yaml': BOX, 'more.yaml': BOX };
    const text = outer(ONE, '', '[types.yaml, box.yaml, more.yaml]');
    expect(validate({ file: 's.yaml', text, read: (path) => files[path] }).findings).toEqual([]);
  });

  it('is no finding of types that Underware does not know', () => {
    const beyond = ONE.replace('directives', 'properties: { memory: 2 GB }, directives');
    expect(validate({ file: 's.yaml', text: outer(beyond), read: readForeign }).findings).toEqual([]);
    expect(compile({ file: 's.yaml', text: outer(ONE), read: readForeign })).toMatchObject({
      findings: [],
      graph: { ports: [{ name: 'a_port', link: 'net' }] },
    });
  });

  /** `T0` is made of two `T1`, and so on: 2^depth nodes in all. */
  function tower(depth: number, width: number): { text: string; files: Record<string, string> } {
    const types = `${HEAD}node_types:\n${Array.from({ length: depth + 1 }, (_, i) => `  T${i}: { derived_from: underware.nodes.Service }`).join('\n')}\n`;
    const files: Record<string, string> = { 'types.yaml': types };
    for (let i = 0; i <= depth; i++) {
      const nodes = Array.from({ length: width }, (_, k) =>
        i === depth
          ? `    n${k}: { type: underware.nodes.Process, properties: { command: [x] } }`
          : `    n${k}: { type: T${i + 1}, directives: [substitute] }`,
      );
      files[`t${i}.yaml`] =
        `${HEAD}imports: [types.yaml${i === depth ? '' : `, t${i + 1}.yaml`}]\nservice_template:\n  node_templates:\n${nodes.join('\n')}\n  substitution_mappings: { node_type: T${i} }\n`;
    }
    return {
      text: outer('    top: { type: T0, directives: [substitute] }', '', '[types.yaml, t0.yaml]'),
      files,
    };
  }

  it('more than eight deep', () => {
    const eight = tower(7, 1);
    expect(run(eight.text, eight.files).findings).toEqual([]);
    const nine = tower(8, 1);
    expect(found(nine.text, nine.files)).toEqual(['SUBSTITUTION_INVALID t7.yaml:5']);
  });

  it('more nodes than anyone runs, soon told', () => {
    const { text, files } = tower(7, 10);
    const begun = performance.now();
    expect(found(text, files)[0]).toMatch('SUBSTITUTION_INVALID');
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it('in a circle of templates', () => {
    const { text, files } = tower(2, 1);
    const circle = (files['t2.yaml'] ?? '').replace(
      '  substitution_mappings',
      '    back: { type: T0, directives: [substitute] }\n  substitution_mappings',
    );
    expect(found(text, { ...files, 't2.yaml': circle })).toEqual(['SUBSTITUTION_INVALID t2.yaml:6']);
  });
});
