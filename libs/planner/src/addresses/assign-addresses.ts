import type { Decision, Link, Port, ServiceGraph } from '@underware/core';
import {
  addressAsNumber,
  addressAt,
  containsPrefix,
  formatAddress,
  formatPrefix,
  networkOf,
  parsePrefix,
} from '@underware/underservices';
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
 * Gives every port its addresses: as written, else those that it had `before` where its link still has them, else the next
 * free one of each subnet of its link, ports in name order. `taken` are addresses that are never given out, and who has
 * them in words.
 */
export function assignAddresses(
  graph: ServiceGraph,
  taken: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, readonly Prefix[]> = new Map(),
): Addressing {
  const addresses = new Map<string, Prefix[]>();
  const decisions: Decision[] = [];
  const used = new Map(taken);
  const ports = graph.ports.toSorted((a, b) => compareText(a.name, b.name));
  for (const port of ports.filter(({ addresses: written }) => written.length > 0)) {
    addresses.set(port.name, keepWritten(port, used, decisions));
  }
  const waiting = new Map<string, Port[]>();
  for (const port of ports) if (port.addresses.length === 0) listAt(waiting, port.link).push(port);
  const pools = graph.links
    .toSorted((a, b) => compareText(a.name, b.name))
    .flatMap((link) => link.subnets.map((text) => poolOf(link, text, waiting.get(link.name) ?? [])));
  // All of them before any other is given out.
  const kept = pools.map((pool) => keepBefore(pool, before, used));
  for (const [i, pool] of pools.entries()) {
    assignFrom(pool, kept[i] ?? new Map(), { addresses, decisions, used });
  }
  return { addresses, decisions };
}

/** A subnet with the ports that have an address of it. */
interface Pool {
  link: Link;
  subnet: Prefix;
  ports: readonly Port[];
  /** Offsets of what is given out: from the first to before the end. */
  first: bigint;
  end: bigint;
}

/**
 * Never the network's own address, never IPv4's broadcast, and not the first, which people expect to be a gateway's;
 * subnets of two addresses or one have no room for such habits.
 */
function poolOf(link: Link, text: string, ports: readonly Port[]): Pool {
  const subnet = parsePrefix(text);
  if (subnet === undefined)
    throw impossible(`link ${link.name}`, `${text} is no prefix`, 'Correct the subnet.');
  const size = 1n << BigInt(subnet.bytes.length * 8 - subnet.length);
  const small = size <= 2n;
  const end = small || subnet.family === 'ipv6' ? size : size - 1n;
  return { link, subnet, ports, first: small ? 0n : 2n, end };
}

function keepBefore(
  { subnet, ports, first, end }: Pool,
  before: ReadonlyMap<string, readonly Prefix[]>,
  used: Map<string, string>,
): Map<string, Prefix> {
  const kept = new Map<string, Prefix>();
  if (before.size === 0) return kept;
  const start = addressAsNumber(networkOf(subnet));
  for (const { name } of ports) {
    const prefix = before.get(name)?.find((each) => {
      const offset = addressAsNumber(each) - start;
      return (
        containsPrefix(subnet, each) && offset >= first && offset < end && !used.has(formatAddress(each))
      );
    });
    if (prefix === undefined) continue;
    used.set(formatAddress(prefix), `port ${name}`);
    kept.set(name, prefix);
  }
  return kept;
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
  pool: Pool,
  kept: ReadonlyMap<string, Prefix>,
  { addresses, decisions, used }: Addressing & { used: Map<string, string> },
): void {
  const { link, subnet, ports } = pool;
  const free = freeAddresses(pool, used);
  for (const port of ports) {
    const before = kept.get(port.name);
    const prefix = before ?? free.next().value;
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
      reason:
        before === undefined
          ? `next free address of ${formatPrefix(subnet)} in the order of port names`
          : 'as in the plan in force',
    });
  }
}

function* freeAddresses(
  { subnet, first, end }: Pool,
  used: ReadonlyMap<string, string>,
): Generator<Prefix, undefined> {
  const length = subnet.bytes.length * 8;
  for (let offset = first; offset < end; offset++) {
    const prefix = { ...addressAt(subnet, offset), length };
    if (!used.has(formatAddress(prefix))) yield prefix;
  }
  return undefined;
}
