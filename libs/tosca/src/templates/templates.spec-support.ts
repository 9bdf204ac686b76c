import { expect } from '@jest/globals';
import { compileTosca } from '../compile.js';
import type { CompiledTosca, CompileRequest } from '../compile.js';

/** Compiles a text; other files by their names. */
export function compile(
  text: string,
  others: Readonly<Record<string, string>> = {},
  more: Partial<CompileRequest> = {},
): CompiledTosca {
  const files: Readonly<Record<string, string>> = { ...others, 'main.yaml': text };
  return compileTosca({ entry: 'main.yaml', read: (path) => files[path], ...more });
}

/**
 * That the errors in a text are those its own comments say: `#! CODE` at the end of every line that is wrong, and
 * `#~ CODE` for warnings.
 */
export function expectMarked(
  text: string,
  others: Readonly<Record<string, string>> = {},
  more: Partial<CompileRequest> = {},
): CompiledTosca {
  const compiled = compile(text, others, more);
  const found = compiled.findings.map(({ severity, code, file, line, message }) => {
    const where = file === 'main.yaml' ? '' : `${file}:`;
    return { at: `${where}${line} ${severity} ${code}`, message };
  });
  const expected = text.split('\n').flatMap((line, index) => {
    const marks = /#([!~]) ?([A-Z_ ]+)$/.exec(line);
    const severity = marks?.[1] === '!' ? 'error' : 'warning';
    return (marks?.[2] ?? '')
      .split(' ')
      .flatMap((code) => (code === '' ? [] : [`${index + 1} ${severity} ${code}`]));
  });
  const marks = found.map(({ at }) => at);
  // With the sentences, so that what is wrong is seen at once.
  if ([...marks].toSorted().join() !== [...expected].toSorted().join()) {
    expect(found.map(({ at, message }) => `${at}: ${message}`)).toEqual(expected);
  }
  expect(marks.toSorted()).toEqual(expected.toSorted());
  return compiled;
}

/** Lines with two more spaces before them, to put one text under a key of another. */
export function indented(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? line : ' '.repeat(by) + line))
    .join('\n');
}

/** Types of 2.0 that the tables share. */
export const TYPES_OF_2 = `
tosca_definitions_version: tosca_2_0
capability_types:
  Host:
    properties:
      cpus: { type: integer, default: 4 }
      arch: { type: string, required: false }
  BigHost:
    derived_from: Host
  Endpoint:
    properties:
      port: { type: integer, validation: { $greater_than: [ $value, 0 ] } }
    attributes:
      address: { type: string }
  Private:
    valid_source_node_types: [ Machine ]
relationship_types:
  HostedOn:
    valid_capability_types: [ Host ]
  ConnectsTo:
    properties:
      speed: { type: integer, default: 10 }
    interfaces:
      connect: { type: Connect }
  SecureConnectsTo:
    derived_from: ConnectsTo
    properties:
      key: { type: string }
interface_types:
  Connect:
    operations:
      connect: {}
      disconnect: {}
  Lifecycle:
    inputs:
      verbose: { type: boolean, default: false }
    operations:
      create:
        inputs:
          size: { type: integer, default: 1 }
      delete: {}
    notifications:
      failed: {}
artifact_types:
  Script:
    properties:
      shell: { type: string, default: bash }
node_types:
  Machine:
    properties:
      name: { type: string, default: m }
      tags: { type: list, entry_schema: string, required: false }
    attributes:
      address: { type: string }
    capabilities:
      host: { type: Host }
  BigMachine:
    derived_from: Machine
    capabilities:
      host: { type: BigHost }
  App:
    properties:
      version: { type: string }
      replicas: { type: integer, default: 1, validation: { $and: [{$greater_or_equal: [$value, 1]}, {$less_or_equal: [$value, 10]}] } }
    attributes:
      state: { type: string }
    capabilities:
      api: { type: Endpoint }
      admin: { type: Private }
    requirements:
      - host:
          capability: Host
          node: Machine
          relationship: HostedOn
          count_range: [ 1, 1 ]
      - peer:
          capability: Endpoint
          relationship: ConnectsTo
          count_range: [ 0, 2 ]
    interfaces:
      lifecycle: { type: Lifecycle }
    artifacts:
      installer: { type: Script, file: install.sh }
  Client:
    requirements:
      - service:
          capability: Private
          relationship: ConnectsTo
group_types:
  Cluster:
    properties:
      size: { type: integer }
    members: [ Machine ]
policy_types:
  Placement:
    properties:
      zone: { type: string }
    targets: [ Machine, Cluster ]
  Anything: {}
`;

/** A service template of 2.0 over the shared types. */
export function template2(body: string): string {
  return `${TYPES_OF_2}service_template:\n${indented(body, 2)}`;
}

/** A topology template of 1.x with its normative types. */
export function template1(body: string, version = '1_3', types = ''): string {
  return `tosca_definitions_version: tosca_simple_yaml_${version}\n${types}\ntopology_template:\n${indented(body, 2)}`;
}

/** Machines and an app that is all right, to be put beside what is not. */
export const GOOD_NODES = `
node_templates:
  machine: { type: Machine }
  other: { type: App, properties: { version: '1' }, requirements: [ { host: machine } ], capabilities: { api: { properties: { port: 80 } } } }
`;
