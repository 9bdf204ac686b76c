import { DIRECTIONS, RUNTIMES } from '@underware/core';
import type {
  AntiAffinity,
  Direction,
  HealthCheck,
  Link,
  Port,
  Runtime,
  ServiceGraph,
  SourcePosition,
  Underservice,
  Vnf,
} from '@underware/core';
import { formatPrefix, networkOf, parsePrefix, UNDERSERVICE_KINDS } from '@underware/underservices';
import type { CheckedNode, CheckedPolicy } from '../check/compilation.js';
import { isA } from '../profile/profile.js';
import type { Profile } from '../profile/profile.js';
import type { Template } from '../template/read-template.js';
import { buildAssertions } from './build-assertions.js';
import { readNumber, readOneOf, readStruct, readText, readTextMap, readTexts } from './read-values.js';

export interface Parts {
  file: string;
  template: Template;
  profile: Profile;
  nodes: ReadonlyMap<string, CheckedNode>;
  policies: readonly CheckedPolicy[];
  positionOf(offset: number): { line: number; column: number };
}

/** Nodes and policies as a graph; from nodes with findings a draft that later checks can read. */
export function buildGraph(parts: Parts): ServiceGraph {
  const { file, template, profile, nodes, policies, positionOf } = parts;
  const at = (offset: number): SourcePosition => ({ file, ...positionOf(offset) });
  const ofType = (type: string): CheckedNode[] =>
    [...nodes.values()].filter((node) => isA(profile, node.type, type));
  const vnfs = ofType('underware.nodes.Vnf');
  return {
    name: template.name ?? baseName(file),
    version: template.version ?? '0.0.0',
    description: template.description,
    vnfs: vnfs.map((node) => buildVnf(node, at(node.keyOffset))),
    ports: ofType('underware.nodes.Port').map((node): Port => ({
      name: node.name,
      vnf: targetOf(node, 'binding'),
      link: targetOf(node, 'link'),
      addresses: readTexts(node.properties['addresses']),
      position: at(node.keyOffset),
    })),
    links: ofType('underware.nodes.Link').map((node): Link => ({
      name: node.name,
      subnets: readTexts(node.properties['subnets']).map(canonicalNetwork),
      mtu: readNumber(node.properties['mtu'], 1500),
      position: at(node.keyOffset),
    })),
    underservices: [...UNDERSERVICE_KINDS.values()].flatMap(({ kind, nodeType }) =>
      ofType(nodeType).map((node) => buildUnderservice(node, kind, at(node.keyOffset))),
    ),
    assertions: buildAssertions(policies, at),
    antiAffinity: policies
      .filter(({ type }) => type === 'underware.policies.AntiAffinity')
      .map(({ name, keyOffset, targets }): AntiAffinity => ({
        name,
        vnfs: targets.map((target) => target.name),
        position: at(keyOffset),
      })),
    startsAfter: Object.fromEntries(
      vnfs
        .map((node): [string, string[]] => [node.name, targetsOf(node, 'dependency')])
        .filter(([, before]) => before.length > 0),
    ),
  };
}

export function targetsOf(node: CheckedNode, requirement: string): string[] {
  return [
    ...new Set(node.requirements.filter(({ name }) => name === requirement).map(({ target }) => target)),
  ];
}

function targetOf(node: CheckedNode, requirement: string): string {
  return targetsOf(node, requirement)[0] ?? '';
}

function buildVnf({ name, type, properties }: CheckedNode, position: SourcePosition): Vnf {
  const image = readText(properties['image']);
  const healthCheck = buildHealthCheck(properties['health_check']);
  return {
    name,
    runtimes: runtimesOf(type, properties['runtimes']),
    ...(image === '' ? {} : { image }),
    command: readTexts(properties['command']),
    environment: readTextMap(properties['environment']),
    cpus: readNumber(properties['cpus'], 0.5),
    memoryBytes: readNumber(properties['memory']),
    ...(healthCheck === undefined ? {} : { healthCheck }),
    hostLabels: readTextMap(properties['host_labels']),
    position,
  };
}

function runtimesOf(type: string, written: unknown): Runtime[] {
  if (type === 'underware.nodes.Container') return ['container'];
  if (type === 'underware.nodes.Process') return ['process'];
  const names = [...new Set(readTexts(written))];
  return names.flatMap((name) => RUNTIMES.filter((runtime) => runtime === name));
}

function buildHealthCheck(value: unknown): HealthCheck | undefined {
  if (value === undefined) return undefined;
  const check = readStruct(value);
  const kind = readOneOf(check['kind'], ['tcp', 'http', 'command']);
  return {
    kind,
    ...(typeof check['port'] === 'number' && kind !== 'command' ? { port: check['port'] } : {}),
    ...(kind === 'http' ? { path: readText(check['path']) || '/' } : {}),
    ...(kind === 'command' ? { command: readTexts(check['command']) } : {}),
    intervalSeconds: readNumber(check['interval'], 5),
    timeoutSeconds: readNumber(check['timeout'], 2),
    retries: readNumber(check['retries'], 3),
  };
}

function buildUnderservice(node: CheckedNode, kind: string, position: SourcePosition): Underservice {
  const { directions, residency, ...model } = node.properties;
  const bindings = new Map<string, Set<Direction>>();
  for (const { name, target, properties } of node.requirements) {
    if (name !== 'port') continue;
    const written = readTexts(properties['directions'] ?? directions);
    const seen = bindings.get(target) ?? new Set();
    for (const direction of DIRECTIONS) if (written.includes(direction)) seen.add(direction);
    bindings.set(target, seen);
  }
  return {
    name: node.name,
    kind,
    bindings: [...bindings].map(([port, seen]) => ({
      port,
      directions: DIRECTIONS.filter((direction) => seen.has(direction)),
    })),
    model,
    residency: readOneOf(residency, ['auto', 'dynamic', 'persistent']),
    position,
  };
}

function canonicalNetwork(text: string): string {
  const prefix = parsePrefix(text);
  return prefix === undefined ? text : formatPrefix(networkOf(prefix));
}

function baseName(file: string): string {
  return (file.split('/').pop() ?? file).replace(/\.ya?ml$/, '');
}
