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
  const service = new Service(graph);
  for (const underservice of graph.underservices) {
    const node = nodes.get(underservice.name);
    if (node === undefined) continue;
    switch (underservice.kind) {
      case 'router':
        checkOwnAddresses(underservice, node, service, findings);
        checkNextHops(underservice, node, service, findings);
        break;
      case 'load-balancer':
        checkTaken(underservice, node, service, findings);
        checkNames('services', underservice, node, findings);
        break;
      case 'dhcp':
        checkReservations(underservice, node, service, findings);
        break;
      case 'nat':
        checkNames('rules', underservice, node, findings);
        checkTranslations(underservice, node, service, findings);
        break;
      default:
    }
  }
}

/** What is looked up for every underservice, made once. */
class Service {
  readonly portNames: readonly string[];
  private readonly linkOf: ReadonlyMap<string, string>;
  private readonly subnets: ReadonlyMap<string, readonly string[]>;
  private addresses: ReadonlyMap<string, string> | undefined;

  constructor(private readonly graph: ServiceGraph) {
    this.portNames = graph.ports.map(({ name }) => name);
    this.linkOf = new Map(graph.ports.map(({ name, link }) => [name, link]));
    this.subnets = new Map(graph.links.map(({ name, subnets }) => [name, subnets]));
  }

  hasPort(name: string): boolean {
    return this.linkOf.has(name);
  }

  /** By address in its usual form, the port that has it. */
  get holders(): ReadonlyMap<string, string> {
    this.addresses ??= new Map(
      this.graph.ports.flatMap(({ name, addresses }) =>
        addresses.map((text) => [addressOf(text), name] as const),
      ),
    );
    return this.addresses;
  }

  /** Of the links that the ports of an underservice are on. */
  subnetsOf({ bindings }: Underservice): Prefix[] {
    const links = new Set(bindings.map(({ port }) => this.linkOf.get(port) ?? ''));
    return [...links].flatMap((link) =>
      (this.subnets.get(link) ?? []).flatMap((text) => parsePrefix(text) ?? []),
    );
  }
}

function isIn(prefix: Prefix, subnets: readonly Prefix[]): boolean {
  const host = { ...prefix, length: prefix.bytes.length * 8 };
  return subnets.length === 0 || subnets.some((subnet) => containsPrefix(subnet, host));
}

function checkOwnAddresses(
  underservice: Underservice,
  node: ServiceNode,
  service: Service,
  findings: Findings,
): void {
  const subnets = service.subnetsOf(underservice);
  for (const [i, text] of readTexts(underservice.model['addresses']).entries()) {
    const address = parsePrefix(text);
    if (address === undefined || isIn(address, subnets)) continue;
    findings.add(placeIn(node, ['addresses', i]).value, {
      code: 'ADDRESS_OUTSIDE',
      message: `${text} is in no subnet of the links of ${node.name}`,
      expected: 'an address in a subnet that one of its ports is on',
    });
  }
  checkTaken(underservice, node, service, findings);
}

/** An address that a port has can not be that of a gateway or a virtual service as well. */
function checkTaken(
  { model }: Underservice,
  node: ServiceNode,
  { holders }: Service,
  findings: Findings,
): void {
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
  service: Service,
  findings: Findings,
): void {
  const names = service.portNames;
  for (const [i, route] of readList(model['routes']).entries()) {
    for (const [k, hop] of readTexts(readStruct(route)['next_hops']).entries()) {
      if (service.hasPort(hop) || (!hop.includes('/') && parsePrefix(hop) !== undefined)) continue;
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
  service: Service,
  findings: Findings,
): void {
  const subnets = service.subnetsOf(underservice);
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
  service: Service,
  findings: Findings,
): void {
  const names = service.portNames;
  for (const [i, each] of readList(model['rules']).entries()) {
    const rule = readStruct(each);
    const at = (property: string) => placeIn(node, ['rules', i, property]).value;
    for (const end of ['from', 'to']) {
      const value = readText(rule[end]);
      if (value === '' || value === 'any' || service.hasPort(value) || parsePrefix(value) !== undefined)
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
