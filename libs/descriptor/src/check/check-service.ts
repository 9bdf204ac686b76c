import { nearestName } from '@underware/core';
import type { Assertion, ServiceGraph } from '@underware/core';
import { checkModel, parsePrefix } from '@underware/underservices';
import { readStruct } from '../graph/read-values.js';
import { kindOf } from '../graph/underservice-kind.js';
import type { Findings } from '../finding.js';
import { isOf, placeIn } from '../service/service-node.js';
import type { ServiceNode, ServicePolicy } from '../service/service-node.js';
import type { ServiceParts } from '../service/service-parts.js';
import { checkAddresses } from './check-addresses.js';
import { checkFormats } from './check-formats.js';
import { checkModels } from './check-models.js';
import { checkNames } from './check-names.js';
import { checkPaths } from './check-paths.js';
import { checkPlacement } from './check-placement.js';
import { checkPolicies } from './check-policies.js';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What no type can say: how nodes go together. Works on drafts too, so that all findings come in one go. */
export function checkService(graph: ServiceGraph, parts: ServiceParts, findings: Findings): void {
  const { nodes } = parts;
  checkNames(parts, findings);
  checkFormats(parts, findings);
  checkVnfs(graph, nodes, findings);
  checkStartOrder(graph, nodes, findings);
  checkAddresses(graph, nodes, findings);
  checkUnderservices(graph, nodes, findings);
  checkModels(graph, nodes, findings);
  checkPolicies(parts, findings);
  checkPaths(graph, parts, findings);
  checkPlacement(graph, parts, findings);
  for (const policy of parts.policiesOf('underware.policies.Assertion')) {
    const assertion = graph.assertions.find(({ name, port }) =>
      policy.targets.some((target) => target.name === port && name.startsWith(policy.name)),
    );
    if (assertion !== undefined) checkPacket(assertion, policy, graph, findings);
  }
}

function checkVnfs(graph: ServiceGraph, nodes: ReadonlyMap<string, ServiceNode>, findings: Findings): void {
  for (const { name, runtimes, command, environment, healthCheck } of graph.vnfs) {
    const node = nodes.get(name);
    if (node === undefined) continue;
    const { properties } = node;
    // `image` may be there without a value that is known; types derived from Vnf require it where they need it.
    if (
      runtimes.includes('container') &&
      !node.template.properties.has('image') &&
      !isOf(node.template, 'underware.nodes.Container')
    ) {
      findings.add(node.place, {
        code: 'IMAGE_MISSING',
        message: `${name} may run as a container but names no image`,
        expected: 'image: <name>, or runtimes: [process]',
      });
    }
    // A virtual machine begins by itself.
    if (command.length === 0 && isEmptyList(properties['command']) && !isVirtualMachine(runtimes)) {
      findings.add(placeIn(node, ['command']).value, {
        code: 'CONSTRAINT_VIOLATED',
        message: `${name} has nothing to run`,
        expected: 'command: [<program>, …]',
      });
    }
    for (const variable of Object.keys(environment)) {
      if (VARIABLE.test(variable)) continue;
      findings.add(placeIn(node, ['environment', variable]).key, {
        code: 'NAME_INVALID',
        message: `${variable.slice(0, 80)} is no name of a variable`,
        expected: 'letters, digits and _, no digit first',
      });
    }
    const check = readStruct(properties['health_check']);
    const missing =
      healthCheck === undefined
        ? undefined
        : healthCheck.kind === 'command'
          ? ['command', check['command']]
          : ['port', check['port']];
    if (missing !== undefined && missing[1] === undefined) {
      findings.add(placeIn(node, ['health_check']).key, {
        code: 'HEALTH_CHECK_INVALID',
        message: `A health check of kind ${healthCheck?.kind ?? ''} needs a ${String(missing[0])}`,
        expected: `${String(missing[0])}: …`,
      });
    }
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isVirtualMachine(runtimes: readonly string[]): boolean {
  return runtimes.every((runtime) => runtime === 'virtual-machine');
}

/** Walks dependencies without recursion; each cycle is reported at the first of its nodes in the text. */
function checkStartOrder(
  graph: ServiceGraph,
  nodes: ReadonlyMap<string, ServiceNode>,
  findings: Findings,
): void {
  const waiting = new Map(Object.entries(graph.startsAfter).map(([name, before]) => [name, new Set(before)]));
  const after = new Map<string, string[]>();
  for (const [name, before] of waiting) {
    for (const other of before) after.set(other, [...(after.get(other) ?? []), name]);
  }
  const free = graph.vnfs.map(({ name }) => name).filter((name) => !waiting.has(name));
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    for (const next of after.get(name) ?? []) {
      waiting.get(next)?.delete(name);
      if (waiting.get(next)?.size === 0) {
        waiting.delete(next);
        free.push(next);
      }
    }
  }
  const known = new Set(graph.vnfs.map(({ name }) => name));
  const stuck = [...waiting].filter(([, before]) => [...before].every((name) => known.has(name)));
  const [first] = stuck;
  if (first === undefined) return;
  findings.add(nodes.get(first[0])?.place ?? 0, {
    code: 'DEPENDENCY_CYCLE',
    message: `These VNFs wait for one another: ${stuck.map(([name]) => name).join(', ')}`,
    expected: 'dependencies without a cycle',
  });
}

function checkUnderservices(
  graph: ServiceGraph,
  nodes: ReadonlyMap<string, ServiceNode>,
  findings: Findings,
): void {
  const ports = graph.ports.map(({ name }) => name);
  for (const { name, kind, model } of graph.underservices) {
    const node = nodes.get(name);
    if (node === undefined) continue;
    checkKind(node, findings);
    for (const { path, at, ...note } of checkModel(kind, model, { ports })) {
      const place = placeIn(node, path)[at];
      // Of a key that its type does not have, that was said.
      if (at === 'value' || !findings.hasAt(place)) findings.add(place, note);
    }
    const seen = new Set<string>();
    for (const requirement of node.requirements.filter((candidate) => candidate.name === 'port')) {
      if (seen.has(requirement.target)) {
        findings.add(requirement.place, {
          code: 'BINDING_DUPLICATE',
          message: `${name} is bound to ${requirement.target} twice`,
          expected: 'one requirement with both directions',
        });
      }
      seen.add(requirement.target);
    }
  }
}

function checkKind({ place, name, template }: ServiceNode, findings: Findings): void {
  const kind = kindOf(template.type);
  if ('kind' in kind) return;
  const message = kind.place === undefined ? `${name} ${kind.why}` : kind.why;
  const { expected } = kind;
  findings.add(kind.place ?? place, { code: 'UNDERSERVICE_KIND_UNKNOWN', message, expected });
}

function checkPacket(
  { packet }: Assertion,
  policy: ServicePolicy,
  graph: ServiceGraph,
  findings: Findings,
): void {
  const ports = graph.ports.map(({ name }) => name);
  const invalid = (property: string, message: string, expected: string, nearest?: string): void =>
    findings.add(placeIn(policy, ['packet', property]).value, {
      code: 'PACKET_INVALID',
      message,
      expected,
      nearest,
    });
  for (const end of ['source', 'destination'] as const) {
    const value = packet[end];
    if (value === '') {
      invalid(end, `The packet has no ${end}`, `${end}: an address or the name of a port`);
    } else if (!ports.includes(value) && (value.includes('/') || parsePrefix(value) === undefined)) {
      invalid(
        end,
        `${value.slice(0, 80)} is neither an address nor a port of this descriptor`,
        `an address, or one of ${ports.join(', ')}`,
        nearestName(value, ports),
      );
    }
  }
  const [from, to] = [parsePrefix(packet.source), parsePrefix(packet.destination)];
  if (from !== undefined && to !== undefined && from.family !== to.family) {
    invalid('destination', `The packet comes from ${from.family} and goes to ${to.family}`, `${from.family}`);
  }
  if (packet.protocol !== 'icmp') return;
  for (const [property, value] of [
    ['source_port', packet.sourcePort],
    ['destination_port', packet.destinationPort],
    ['tcp_flags', packet.tcpFlags],
  ] as const) {
    if (value !== undefined) invalid(property, `icmp has no ${property}`, 'protocol: tcp or udp, or neither');
  }
}
