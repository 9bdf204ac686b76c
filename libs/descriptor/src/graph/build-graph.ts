import type { Link, Port, ServiceAccessPoint, ServiceGraph, SourcePosition } from '@underware/core';
import type { Place, Topology } from '@underware/tosca';
import { formatPrefix, networkOf, parsePrefix } from '@underware/underservices';
import type { ServiceNode } from '../service/service-node.js';
import type { ServiceParts } from '../service/service-parts.js';
import { buildAssertions } from './build-assertions.js';
import { buildPolicies } from './build-policies.js';
import { buildUnderservice } from './build-underservice.js';
import { buildVnf } from './build-vnf.js';
import { UNDERSERVICE } from './underservice-kind.js';
import { readNumber, readOptionalNumber, readText, readTexts } from './read-values.js';

/** Nodes and policies as a graph; from nodes with findings a draft that later checks can read. */
export function buildGraph(
  topology: Topology,
  parts: ServiceParts,
  at: (place: Place) => SourcePosition,
): ServiceGraph {
  const policies = buildPolicies(parts, at);
  const vnfs = parts.nodesOf('underware.nodes.Vnf');
  return {
    name: readText(topology.metadata['template_name']) || baseName(topology.file),
    version: readText(topology.metadata['template_version']) || '0.0.0',
    description: topology.description,
    vnfs: vnfs.map((node) => buildVnf(node, policies, at(node.place))),
    ports: parts.nodesOf('underware.nodes.Port').map((node): Port => ({
      name: node.name,
      vnf: targetOf(node, 'binding'),
      link: targetOf(node, 'link'),
      addresses: readTexts(node.properties['addresses']),
      position: at(node.place),
    })),
    links: parts.nodesOf('underware.nodes.Link').map((node) => buildLink(node, at(node.place))),
    underservices: parts
      .nodesOf(UNDERSERVICE)
      .map((node) => buildUnderservice(node, policies.residencies, at(node.place))),
    assertions: buildAssertions(parts.policiesOf('underware.policies.Assertion'), at),
    antiAffinity: policies.antiAffinity,
    affinity: policies.affinity,
    placementRules: policies.placementRules,
    forwardingPaths: policies.forwardingPaths,
    accessPoints: parts
      .nodesOf('underware.nodes.ServiceAccessPoint')
      .map((node) => buildAccessPoint(node, parts, at(node.place))),
    startsAfter: Object.fromEntries(
      vnfs
        .map((node): [string, string[]] => [node.name, targetsOf(node, 'dependency')])
        .filter(([, before]) => before.length > 0),
    ),
  };
}

function targetsOf(node: ServiceNode, requirement: string): string[] {
  return [
    ...new Set(node.requirements.filter(({ name }) => name === requirement).map(({ target }) => target)),
  ];
}

function targetOf(node: ServiceNode, requirement: string): string {
  return targetsOf(node, requirement)[0] ?? '';
}

function buildLink({ name, properties }: ServiceNode, position: SourcePosition): Link {
  const bitsPerSecond = readOptionalNumber(properties['bandwidth']);
  const latency = readOptionalNumber(properties['latency']);
  return {
    name,
    subnets: readTexts(properties['subnets']).map(canonicalNetwork),
    mtu: readNumber(properties['mtu'], 1500),
    ...(bitsPerSecond === undefined ? {} : { bitsPerSecond }),
    ...(latency === undefined ? {} : { maxLatencyMs: latency * 1000 }),
    position,
  };
}

function buildAccessPoint(
  node: ServiceNode,
  parts: ServiceParts,
  position: SourcePosition,
): ServiceAccessPoint {
  const target = targetOf(node, 'exposes');
  const isLink = parts.nodesOf('underware.nodes.Link').some(({ name }) => name === target);
  return { name: node.name, ...(isLink ? { link: target } : { port: target }), position };
}

function canonicalNetwork(text: string): string {
  const prefix = parsePrefix(text);
  return prefix === undefined ? text : formatPrefix(networkOf(prefix));
}

function baseName(file: string): string {
  return (file.split('/').pop() ?? file).replace(/\.ya?ml$/, '');
}
