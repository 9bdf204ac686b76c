import { describe, expect, it } from '@jest/globals';
import { Findings } from '../finding.js';
import { readSource } from '../source/read-source.js';
import { Sources } from '../source/sources.js';
import type { ToscaVersion } from '../model/version.js';
import { checkGrammar } from './check-grammar.js';
import { CONSTRUCT_NAMES } from './construct-name.js';
import { CONSTRUCTS } from './constructs.js';

const ONE_0 = 'tosca_simple_yaml_1_0';
const ONE_2 = 'tosca_simple_yaml_1_2';
const ONE_3 = 'tosca_simple_yaml_1_3';
const TWO_0 = 'tosca_2_0';
const EVERY = [ONE_0, 'tosca_simple_yaml_1_1', ONE_2, ONE_3, TWO_0] as const;
const ONES = [ONE_0, 'tosca_simple_yaml_1_1', ONE_2, ONE_3] as const;

function check(version: ToscaVersion, text: string): Findings {
  const sources = new Sources();
  const findings = new Findings(sources);
  const full = `tosca_definitions_version: ${version}\n${text}`;
  const root = readSource(sources, 'x.yaml', full, findings);
  if (root === undefined) throw new Error(JSON.stringify(findings.all()));
  checkGrammar(root, 'file', version, findings);
  return findings;
}

/** A template with what 2.0 wants of each. */
function template(version: ToscaVersion, text: string): string {
  if (version !== TWO_0) return `topology_template:\n  ${text}`;
  return `service_template:\n  ${text}${text.startsWith('node_templates') ? '' : '\n  node_templates: {}'}`;
}

const brief = (findings: Findings): string[] =>
  findings.all().map(({ code, severity }) => (severity === 'error' ? code : `(${code})`));

describe('what every version allows', () => {
  it.each([
    'description: The year 2020',
    'metadata: { template_name: x, template_version: 1.0, any: [thing] }',
    'dsl_definitions: { a: &a { b: c }, size: &size 4, grouped: { x: &x 1 }, same: *size }',
    'artifact_types: { A: { version: 3 }, B: { version: 1.2.0-beta }, C: { version: "0.1" } }',
    'repositories: { short: "https://a", long: { url: "https://b", description: x } }',
    'node_types:\n  A:\n',
    'node_types: { A: { derived_from: B, version: 1.0, metadata: { a: b }, description: x } }',
    'node_types: { A: { properties: { p: { type: list, entry_schema: string } } } }',
    'node_types: { A: { properties: { p: { type: map, entry_schema: { type: list, entry_schema: { type: string } } } } } }',
    'node_types: { A: { capabilities: { c: B, d: { type: B, properties: { p: { default: 1 } } } } } }',
    'node_types: { A: { requirements: [ { r: B }, { s: { capability: B, node: C, relationship: D } } ] } }',
    'node_types: { A: { requirements: [ { r: { capability: B, relationship: { type: D, interfaces: { I: {} } } } } ] } }',
    'node_types: { A: { artifacts: { a: file.sh, b: { type: T, file: x } } } }',
    'node_types: { A: { interfaces: { I: { type: T, inputs: { a: { type: string }, b: 3 }, operations: { o: o.sh } } } } }',
    'interface_types: { I: { operations: { o: { description: x, inputs: { i: { type: string } } } } } }',
    'policy_types: { P: { targets: [A], triggers: { t: { event: e, action: [] } } } }',
    'artifact_types: { A: { mime_type: x/y, file_ext: [sh, bash] } }',
    'group_types: { G: { members: [A], properties: { p: { type: string } } } }',
    'data_types: { D: { derived_from: string } }',
  ])('%s', (text) => {
    for (const version of EVERY) expect([version, brief(check(version, text))]).toEqual([version, []]);
  });

  it.each([
    'node_templates: { n: { type: T, properties: { p: { get_input: i } }, directives: [select] } }',
    'node_templates: { n: { copy: m } }',
    'node_templates: { n: { type: T, requirements: [ { r: m }, { s: { node: m, capability: c, relationship: R } } ] } }',
    'node_templates: { n: { type: T, requirements: [ { r: { node: m, relationship: { type: R, properties: { p: 1 } } } } ] } }',
    'node_templates: { n: { type: T, interfaces: { I: { operations: { o: { implementation: { primary: a, dependencies: [b] } } } } } } }',
    'groups: { g: { type: G, members: [n] } }',
    'policies: [ { p: { type: P, targets: [n], properties: { x: 1 } } } ]',
    'inputs: { i: { type: string, required: false, default: x } }',
    'outputs: { o: { value: { get_attribute: [n, a] } } }',
    'workflows: { w: { steps: { s: { target: n, activities: [ { set_state: started }, { call_operation: I.o } ], on_success: [t] } } } }',
    'workflows: { w: { steps: { s: { target: n, activities: [ { inline: { workflow: v, inputs: { a: 1 } } } ] } } } }',
    'substitution_mappings: { node_type: T, capabilities: { c: [n, c] }, requirements: { r: [n, r] } }',
  ])('in a template: %s', (text) => {
    for (const version of EVERY) {
      expect([version, brief(check(version, template(version, text)))]).toEqual([version, []]);
    }
  });
});

describe('what only some versions allow', () => {
  it.each<[string, readonly ToscaVersion[]]>([
    ['topology_template: { inputs: }', ONES],
    ['description: 2020', ONES],
    ['node_types: { A: { description: 7 } }', ONES],
    ['metadata: { owner: }', ONES],
    ['node_types: { A: { version: 1.x } }', ONES],
    ['node_types: { A: { version: 1..2 } }', ONES],
    ['dsl_definitions: [ a, b ]', ONES],
    ['dsl_definitions: { size: 4 }', ONES],
    ['dsl_definitions: { size: }', ONES],
    ['functions:', []],
    ['service_template: { node_templates: {} }', [TWO_0]],
    ['tosca_default_namespace: http://x', ONES],
    ['profile: a.b:1', [TWO_0]],
    ['functions: { f: { signatures: [ { arguments: [ string ], result: integer } ] } }', [TWO_0]],
    ['node_types: { A: { requirements: [ { r: { capability: B, occurrences: [0, UNBOUNDED] } } ] } }', ONES],
    ['node_types: { A: { requirements: [ { r: { capability: B, count_range: [0, 2] } } ] } }', [TWO_0]],
    ['node_types: { A: { properties: { p: { type: string, constraints: [] } } } }', ONES],
    ['node_types: { A: { properties: { p: { type: string, validation: $x } } } }', [TWO_0]],
    [
      'node_types: { A: { properties: { p: { type: string, required: yes } } } }',
      [ONE_0, 'tosca_simple_yaml_1_1', ONE_2],
    ],
    ['relationship_types: { R: { valid_target_types: [A] } }', ONES],
    ['relationship_types: { R: { valid_target_node_types: [A], valid_capability_types: [B] } }', [TWO_0]],
    ['capability_types: { C: { valid_source_types: [A] } }', ONES],
    ['capability_types: { C: { valid_source_node_types: [A], valid_relationship_types: [R] } }', [TWO_0]],
    ['interface_types: { I: { start: { description: x } } }', ONES],
    ['node_types: { A: { interfaces: { I: { type: T, start: start.sh } } } }', ONES],
    ['data_types: { D: { derived_from: scalar, units: { m: 1 }, prefixes: { k: 1000 } } }', [TWO_0]],
    ['group_types: { G: { interfaces: { I: { type: T } } } }', ONES],
    ['repositories: { r: { url: "https://a", credential: { token: x } } }', ONES],
    [
      'policy_types: { P: { triggers: { t: { event_type: { type: x }, condition: [] , action: [] } } } }',
      ONES,
    ],
    ['policy_types: { P: { triggers: { t: { action: [] } } } }', [ONE_0, 'tosca_simple_yaml_1_1', ONE_2]],
    [
      'policy_types: { P: { triggers: { t: { event: e, action: {} } } } }',
      [ONE_0, 'tosca_simple_yaml_1_1', ONE_2],
    ],
    ['interface_types: { I: { operations: {} } }', [ONE_0, 'tosca_simple_yaml_1_1', ONE_2, TWO_0]],
  ])('%s', (text, versions) => {
    for (const version of EVERY) {
      expect([version, check(version, text).hasErrors]).toEqual([version, !versions.includes(version)]);
    }
  });

  it('what a later 1.x brought is a warning in an earlier one', () => {
    const text =
      'topology_template: { workflows: { w: { steps: { s: { target: a, operation_host: H, activities: [] } } } } }';
    expect(brief(check(ONE_3, text))).toEqual([]);
    expect(brief(check(ONE_2, text))).toEqual(['(KEYWORD_UNKNOWN)']);
  });
});

it('how an operation of 1.3 is run is a warning in 2.0', () => {
  const text =
    'node_types: { A: { interfaces: { I: { type: T, operations: { o: { implementation: { primary: p, timeout: 9, operation_host: HOST } } } } } } }';
  expect(brief(check(ONE_3, text))).toEqual([]);
  expect(brief(check(TWO_0, text))).toEqual(['(KEYWORD_UNKNOWN)', '(KEYWORD_UNKNOWN)']);
});

describe('what no version allows', () => {
  it.each<[string, string]>([
    ['unknown: true', 'KEYWORD_UNKNOWN'],
    ['x-extension: true', 'KEYWORD_UNKNOWN'],
    ['constructor: true', 'KEYWORD_UNKNOWN'],
    ['node_types: []', 'KEYWORD_INVALID'],
    ['node_types: { A: [] }', 'KEYWORD_INVALID'],
    ['node_types: { A: { derived_form: B } }', 'KEYWORD_UNKNOWN'],
    ['node_types: { A: { derived_from: 1 } }', 'KEYWORD_INVALID'],
    ['node_types: { A: { requirements: { r: B } } }', 'KEYWORD_INVALID'],
    ['node_types: { A: { requirements: [ { r: B, s: C } ] } }', 'KEYWORD_INVALID'],
    ['node_types: { A: { requirements: [ r ] } }', 'KEYWORD_INVALID'],
    ['node_types: { A: { properties: { p: { type: string, requird: true } } } }', 'KEYWORD_UNKNOWN'],
    ['node_types: { A: { properties: { p: { type: string, required: 1 } } } }', 'KEYWORD_INVALID'],
    ['node_types: { A: { capabilities: { c: [B] } } }', 'KEYWORD_INVALID'],
    ['node_types: { A: { artifacts: { a: [] } } }', 'KEYWORD_INVALID'],
    ['artifact_types: { A: { file_ext: sh } }', 'KEYWORD_INVALID'],
    ['repositories: { r: {} }', 'KEYWORD_MISSING'],
    ['policy_types: { "": {} }', 'NAME_INVALID'],
    ['repositories: { r: { url: 1 } }', 'KEYWORD_INVALID'],
  ])('%s', (text, code) => {
    for (const version of EVERY) expect([version, brief(check(version, text))]).toEqual([version, [code]]);
  });

  it.each<[string, string]>([
    ['node_templates: { n: {} }', 'KEYWORD_MISSING'],
    ['node_templates: { n: { type: T, unknown: 1 } }', 'KEYWORD_UNKNOWN'],
    ['node_templates: { n: { type: [T] } }', 'KEYWORD_INVALID'],
    ['node_templates: { n: T }', 'KEYWORD_INVALID'],
    ['node_templates: { n: { type: T, artifacts: { a: { typ: A } } } }', 'KEYWORD_UNKNOWN'],
    ['groups: { g: { type: G, members: n } }', 'KEYWORD_INVALID'],
    ['groups: { g: { members: [n] } }', 'KEYWORD_MISSING'],
    ['policies: { p: { type: P } }', 'KEYWORD_INVALID'],
    ['policies: [ { p: {} } ]', 'KEYWORD_MISSING'],
    ['substitution_mappings: {}', 'KEYWORD_MISSING'],
    ['workflows: { w: { steps: { s: { activities: [] } } } }', 'KEYWORD_MISSING'],
    ['workflows: { w: { steps: { s: { target: n, activities: {} } } } }', 'KEYWORD_INVALID'],
    [
      'workflows: { w: { steps: { s: { target: n, activities: [ { call_operation: { inputs: {} } } ] } } } }',
      'KEYWORD_MISSING',
    ],
  ])('in a template: %s', (text, code) => {
    for (const version of EVERY) {
      expect([version, brief(check(version, template(version, text)))]).toEqual([version, [code]]);
    }
  });
});

describe('a finding of the grammar', () => {
  it('names what was meant', () => {
    expect(check(TWO_0, 'node_types: { A: { propertes: {} } }').all()).toMatchObject([
      { code: 'KEYWORD_UNKNOWN', line: 2, column: 20, nearest: 'properties' },
    ]);
    expect(check(TWO_0, 'relationship_types: { A: { valid_target_types: [] } }').all()).toMatchObject([
      { nearest: 'valid_capability_types', message: expect.stringContaining('tosca_simple_yaml_1_3') },
    ]);
  });

  it('comes once for what an alias brings to many places', () => {
    const text = 'dsl_definitions: { d: &d { unknown: 1 } }\nnode_types: { A: *d, B: *d }';
    expect(brief(check(TWO_0, text))).toEqual(['KEYWORD_UNKNOWN']);
  });
});

it('every construct that a table refers to has a table', () => {
  expect(Object.keys(CONSTRUCTS).sort()).toEqual([...CONSTRUCT_NAMES].sort());
});
