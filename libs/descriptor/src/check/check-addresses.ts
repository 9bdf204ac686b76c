import type { Link, Port, ServiceGraph } from '@underware/core';
import {
  addressAsNumber,
  containsPrefix,
  formatAddress,
  formatPrefix,
  networkOf,
  parsePrefix,
} from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import type { Place } from '@underware/tosca';
import type { Findings } from '../finding.js';
import { readTexts } from '../graph/read-values.js';
import { placeIn } from '../service/service-node.js';
import type { ServiceNode } from '../service/service-node.js';
import { hasHostBits, USABLE, whyUnusable } from './unusable.js';

/** Subnets that overlap, addresses outside of their link, reserved ones, and those given twice. */
export function checkAddresses(
  graph: ServiceGraph,
  nodes: ReadonlyMap<string, ServiceNode>,
  findings: Findings,
): void {
  checkSubnets(graph.links, nodes, findings);
  const links = new Map(graph.links.map((link) => [link.name, { link, subnets: prefixesOf(link.subnets) }]));
  const holders = new Map<string, string>();
  for (const port of graph.ports) checkPort(port, links.get(port.link), holders, nodes, findings);
}

function checkSubnets(
  links: readonly Link[],
  nodes: ReadonlyMap<string, ServiceNode>,
  findings: Findings,
): void {
  const subnets: { prefix: Prefix; link: string; first: bigint; place: Place }[] = [];
  for (const { name, subnets: written, mtu } of links) {
    for (const [i, text] of written.entries()) {
      const prefix = parsePrefix(text);
      if (prefix === undefined) continue;
      const place = placeOf(nodes.get(name), ['subnets', i]);
      const asWritten = readTexts(nodes.get(name)?.properties['subnets'])[i] ?? text;
      checkSubnet(asWritten, prefix, place, findings);
      subnets.push({ prefix, link: name, first: addressAsNumber(prefix), place });
      if (prefix.family === 'ipv6' && mtu < 1280) {
        findings.add(placeOf(nodes.get(name), ['mtu']), {
          code: 'CONSTRAINT_VIOLATED',
          message: `IPv6 does not work over an MTU of ${mtu}`,
          expected: 'at least 1280',
        });
      }
    }
  }
  // In address order, wider first, a prefix that overlaps an earlier one lies inside the widest open before it.
  subnets.sort(
    (a, b) =>
      Number(a.prefix.family > b.prefix.family) - Number(a.prefix.family < b.prefix.family) ||
      (a.first < b.first ? -1 : a.first > b.first ? 1 : a.prefix.length - b.prefix.length),
  );
  let widest: (typeof subnets)[number] | undefined;
  for (const subnet of subnets) {
    if (widest !== undefined && containsPrefix(widest.prefix, subnet.prefix)) {
      findings.add(subnet.place, {
        code: 'SUBNET_OVERLAP',
        message: `${formatPrefix(subnet.prefix)} overlaps ${formatPrefix(widest.prefix)} of link ${widest.link}`,
        expected: 'subnets that share no address',
      });
    } else {
      widest = subnet;
    }
  }
}

function checkSubnet(text: string, prefix: Prefix, place: Place, findings: Findings): void {
  const why = whyUnusable(prefix);
  if (why !== undefined) {
    findings.add(place, { code: 'ADDRESS_UNUSABLE', message: `${text} ${why}`, expected: USABLE });
  }
  if (!hasHostBits(text)) return;
  findings.add(place, {
    code: 'SUBNET_HOST_BITS',
    severity: 'warning',
    message: `${text} is an address in a subnet, and is read as all of it`,
    expected: formatPrefix(networkOf(prefix)),
  });
}

function checkPort(
  port: Port,
  on: { link: Link; subnets: readonly Prefix[] } | undefined,
  holders: Map<string, string>,
  nodes: ReadonlyMap<string, ServiceNode>,
  findings: Findings,
): void {
  for (const [i, text] of port.addresses.entries()) {
    const prefix = parsePrefix(text);
    if (prefix === undefined) continue;
    const place = placeOf(nodes.get(port.name), ['addresses', i]);
    const host = { ...prefix, length: prefix.bytes.length * 8 };
    const address = formatAddress(host);
    const holder = holders.get(address);
    if (holder !== undefined) {
      findings.add(place, {
        code: 'ADDRESS_DUPLICATE',
        message: `${address} is an address of ${holder} already`,
        expected: 'an address of its own for every port',
      });
    }
    holders.set(address, port.name);
    const why = whyUnusable(host);
    if (why !== undefined) {
      findings.add(place, { code: 'ADDRESS_UNUSABLE', message: `${address} ${why}`, expected: USABLE });
    }
    if (on === undefined || on.subnets.length === 0) continue;
    const subnet = on.subnets.find((candidate) => containsPrefix(candidate, host));
    if (subnet === undefined) {
      findings.add(place, {
        code: 'ADDRESS_OUTSIDE',
        message: `${address} is in no subnet of link ${on.link.name}`,
        expected: `an address in ${on.link.subnets.join(' or ')}`,
      });
    } else if (isReserved(host, subnet)) {
      findings.add(place, {
        code: 'ADDRESS_RESERVED',
        message: `${address} stands for ${formatPrefix(subnet)} itself or for all of it`,
        expected: 'an address of one port',
      });
    }
  }
}

function prefixesOf(texts: readonly string[]): Prefix[] {
  return texts.flatMap((text) => parsePrefix(text) ?? []);
}

function isReserved(host: Prefix, subnet: Prefix): boolean {
  const bits = host.bytes.length * 8;
  if (bits - subnet.length < 2) return false;
  const offset = addressAsNumber(host) - addressAsNumber(networkOf(subnet));
  return offset === 0n || (host.family === 'ipv4' && offset === (1n << BigInt(bits - subnet.length)) - 1n);
}

function placeOf(node: ServiceNode | undefined, path: (string | number)[]): Place {
  return node === undefined ? 0 : placeIn(node, path).value;
}
