import { nearestName } from '@underware/core';
import type { ServiceGraph, Underservice } from '@underware/core';
import { containsPrefix, formatAddress, parsePrefix } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import type { Findings } from '../finding.js';
import { readList, readStruct, readText, readTexts } from '../graph/read-values.js';
import { few } from './few.js';
import { USABLE, whyUnusable } from './unusable.js';
import { placeIn } from '../service/service-node.js';
import type { ServiceNode } from '../service/service-node.js';

/** What an underservice says of addresses and ports must fit the service that it is part of. */
export function checkModels(
  graph: ServiceGraph,
  nodes: ReadonlyMap<string, ServiceNode>,
  findings: Findings,
): void {
  for (const underservice of graph.underservices) {
    const node = nodes.get(underservice.name);
    if (node === undefined) continue;
    switch (underservice.kind) {
      case 'router':
        checkOwnAddresses(underservice, node, graph, findings);
        checkNextHops(underservice, node, graph, findings);
        break;
      case 'load-balancer':
        checkTaken(underservice, node, graph, findings);
        checkNames('services', underservice, node, findings);
        break;
      case 'dhcp':
        checkReservations(underservice, node, graph, findings);
        break;
      case 'nat':
        checkNames('rules', underservice, node, findings);
        checkTranslations(underservice, node, graph, findings);
        break;
      default:
    }
  }
}

function subnetsOf({ bindings }: Underservice, { ports, links }: ServiceGraph): Prefix[] {
  const bound = new Set(bindings.map(({ port }) => port));
  const names = new Set(ports.filter(({ name }) => bound.has(name)).map(({ link }) => link));
  return links
    .filter(({ name }) => names.has(name))
    .flatMap(({ subnets }) => subnets.flatMap((text) => parsePrefix(text) ?? []));
}

function isIn(prefix: Prefix, subnets: readonly Prefix[]): boolean {
  const host = { ...prefix, length: prefix.bytes.length * 8 };
  return subnets.length === 0 || subnets.some((subnet) => containsPrefix(subnet, host));
}

function checkOwnAddresses(
  underservice: Underservice,
  node: ServiceNode,
  graph: ServiceGraph,
  findings: Findings,
): void {
  const subnets = subnetsOf(underservice, graph);
  for (const [i, text] of readTexts(underservice.model['addresses']).entries()) {
    const address = parsePrefix(text);
    if (address === undefined || isIn(address, subnets)) continue;
    findings.add(placeIn(node, ['addresses', i]).value, {
      code: 'ADDRESS_OUTSIDE',
      message: `${text} is in no subnet of the links of ${node.name}`,
      expected: 'an address in a subnet that one of its ports is on',
    });
  }
  checkTaken(underservice, node, graph, findings);
}

/** An address that a port has can not be that of a gateway or a virtual service as well. */
function checkTaken(
  { model }: Underservice,
  node: ServiceNode,
  { ports }: ServiceGraph,
  findings: Findings,
): void {
  const holders = new Map(
    ports.flatMap(({ name, addresses }) => addresses.map((text) => [addressOf(text), name] as const)),
  );
  for (const [i, text] of readTexts(model['addresses']).entries()) {
    const prefix = parsePrefix(text);
    const why = prefix && whyUnusable({ ...prefix, length: prefix.bytes.length * 8 });
    if (why !== undefined) {
      findings.add(placeIn(node, ['addresses', i]).value, {
        code: 'ADDRESS_UNUSABLE',
        message: `${text} ${why}`,
        expected: USABLE,
      });
    }
    const holder = holders.get(addressOf(text));
    if (holder === undefined) continue;
    findings.add(placeIn(node, ['addresses', i]).value, {
      code: 'ADDRESS_DUPLICATE',
      message: `${text} is an address of ${holder} already`,
      expected: 'an address of its own',
    });
  }
}

function addressOf(text: string): string {
  const prefix = parsePrefix(text);
  return prefix === undefined ? text : formatAddress(prefix);
}

function checkNextHops(
  { model }: Underservice,
  node: ServiceNode,
  { ports }: ServiceGraph,
  findings: Findings,
): void {
  const names = ports.map(({ name }) => name);
  for (const [i, route] of readList(model['routes']).entries()) {
    for (const [k, hop] of readTexts(readStruct(route)['next_hops']).entries()) {
      if (names.includes(hop) || (!hop.includes('/') && parsePrefix(hop) !== undefined)) continue;
      findings.add(placeIn(node, ['routes', i, 'next_hops', k]).value, {
        code: 'REFERENCE_UNKNOWN',
        message: `${hop.slice(0, 80)} is neither an address nor a port of this descriptor`,
        expected: `an address, or one of ${few(names)}`,
        nearest: () => nearestName(hop, names),
      });
    }
  }
}

function checkReservations(
  underservice: Underservice,
  node: ServiceNode,
  graph: ServiceGraph,
  findings: Findings,
): void {
  const subnets = subnetsOf(underservice, graph);
  const reserved = new Set<string>();
  for (const [i, reservation] of readList(underservice.model['reservations']).entries()) {
    const address = readText(readStruct(reservation)['address']);
    const prefix = parsePrefix(address);
    if (prefix === undefined) continue;
    const place = placeIn(node, ['reservations', i, 'address']).value;
    if (!isIn(prefix, subnets)) {
      findings.add(place, {
        code: 'ADDRESS_OUTSIDE',
        message: `${address} is in no subnet of the links of ${node.name}`,
        expected: 'an address in a subnet that one of its ports is on',
      });
    }
    if (reserved.has(addressOf(address))) {
      findings.add(place, {
        code: 'ADDRESS_DUPLICATE',
        message: `${address} is reserved for another client already`,
        expected: 'an address of its own for every client',
      });
    }
    reserved.add(addressOf(address));
  }
}

function checkNames(property: string, { model }: Underservice, node: ServiceNode, findings: Findings): void {
  const names = new Set<string>();
  for (const [i, each] of readList(model[property]).entries()) {
    const name = readText(readStruct(each)['name']);
    if (names.has(name)) {
      findings.add(placeIn(node, [property, i, 'name']).value, {
        code: 'NAME_DUPLICATE',
        message: `There is a ${name} in ${property} already`,
        expected: 'a name of its own for each',
      });
    }
    if (name !== '') names.add(name);
  }
}

function checkTranslations(
  { model }: Underservice,
  node: ServiceNode,
  { ports }: ServiceGraph,
  findings: Findings,
): void {
  const names = ports.map(({ name }) => name);
  for (const [i, each] of readList(model['rules']).entries()) {
    const rule = readStruct(each);
    const at = (property: string) => placeIn(node, ['rules', i, property]).value;
    for (const end of ['from', 'to']) {
      const value = readText(rule[end]);
      if (value === '' || value === 'any' || names.includes(value) || parsePrefix(value) !== undefined)
        continue;
      findings.add(at(end), {
        code: 'REFERENCE_UNKNOWN',
        message: `${value.slice(0, 80)} is neither a prefix nor a port of this descriptor`,
        expected: `any, a prefix, or one of ${few(names)}`,
        nearest: () => nearestName(value, [...names, 'any']),
      });
    }
    if (rule['protocol'] === 'tcp' || rule['protocol'] === 'udp') continue;
    for (const property of ['ports', 'translate_ports']) {
      if (rule[property] === undefined) continue;
      findings.add(at(property), {
        code: 'RULE_INVALID',
        message: 'Ports need a protocol that has them',
        expected: 'protocol: tcp or protocol: udp',
      });
    }
  }
}
