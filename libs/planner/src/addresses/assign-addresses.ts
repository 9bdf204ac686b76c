import type { Decision, Link, Port, ServiceGraph } from '@underware/core';
import { addressAt, formatAddress, formatPrefix, parsePrefix } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import { listAt } from '../graph-index.js';
import { impossible } from '../impossible.js';
import { compareText } from '../stable-names.js';

export interface Addressing {
  /** Host routes by port name: every prefix has its full length. */
  addresses: Map<string, Prefix[]>;
  decisions: Decision[];
}

/**
 * Gives every port its addresses: as written, else the next free one of each subnet of its link, ports in name order.
 * `taken` are addresses of other services, which are never given out.
 */
export function assignAddresses(graph: ServiceGraph, taken: readonly string[]): Addressing {
  const addresses = new Map<string, Prefix[]>();
  const decisions: Decision[] = [];
  const used = new Map<string, string>();
  for (const address of taken) {
    const prefix = parsePrefix(address);
    if (prefix !== undefined) used.set(formatAddress(prefix), 'another service');
  }
  const ports = graph.ports.toSorted((a, b) => compareText(a.name, b.name));
  for (const port of ports.filter(({ addresses: written }) => written.length > 0)) {
    addresses.set(port.name, keepWritten(port, used, decisions));
  }
  const waiting = new Map<string, Port[]>();
  for (const port of ports) if (port.addresses.length === 0) listAt(waiting, port.link).push(port);
  for (const link of graph.links.toSorted((a, b) => compareText(a.name, b.name))) {
    for (const text of link.subnets) {
      assignFrom(link, text, waiting.get(link.name) ?? [], { addresses, decisions, used });
    }
  }
  return { addresses, decisions };
}

function keepWritten(port: Port, used: Map<string, string>, decisions: Decision[]): Prefix[] {
  return port.addresses.map((text) => {
    const prefix = parsePrefix(text);
    if (prefix === undefined)
      throw impossible(`port ${port.name}`, `${text} is no address`, 'Correct the address.');
    const address = formatAddress(prefix);
    const holder = used.get(address);
    if (holder !== undefined) {
      throw impossible(
        `port ${port.name}`,
        `its address ${address} is taken by ${holder}`,
        'Give another address, or none and let the planner choose.',
      );
    }
    used.set(address, `port ${port.name}`);
    decisions.push({
      subject: `port ${port.name}`,
      outcome: 'chosen',
      choice: address,
      reason: 'as written',
    });
    return { ...prefix, length: prefix.bytes.length * 8 };
  });
}

function assignFrom(
  link: Link,
  text: string,
  ports: readonly Port[],
  { addresses, decisions, used }: Addressing & { used: Map<string, string> },
): void {
  const subnet = parsePrefix(text);
  if (subnet === undefined)
    throw impossible(`link ${link.name}`, `${text} is no prefix`, 'Correct the subnet.');
  const free = freeAddresses(subnet, used);
  for (const port of ports) {
    const prefix = free.next().value;
    if (prefix === undefined) {
      throw impossible(
        `port ${port.name}`,
        `${formatPrefix(subnet)} of link ${link.name} has no address left`,
        'Give the link a larger subnet.',
      );
    }
    const address = formatAddress(prefix);
    used.set(address, `port ${port.name}`);
    addresses.set(port.name, [...(addresses.get(port.name) ?? []), prefix]);
    decisions.push({
      subject: `port ${port.name}`,
      outcome: 'chosen',
      choice: address,
      reason: `next free address of ${formatPrefix(subnet)} in the order of port names`,
    });
  }
}

/**
 * Never the network's own address, never IPv4's broadcast, and not the first, which people expect to be a gateway's;
 * subnets of two addresses or one have no room for such habits.
 */
function* freeAddresses(subnet: Prefix, used: ReadonlyMap<string, string>): Generator<Prefix, undefined> {
  const bits = subnet.bytes.length * 8;
  const size = 1n << BigInt(bits - subnet.length);
  const small = size <= 2n;
  const end = small || subnet.family === 'ipv6' ? size : size - 1n;
  for (let offset = small ? 0n : 2n; offset < end; offset++) {
    const prefix = { ...addressAt(subnet, offset), length: bits };
    if (!used.has(formatAddress(prefix))) yield prefix;
  }
  return undefined;
}
