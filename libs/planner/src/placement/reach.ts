import type { Inventory, InventoryHost } from '@underware/core';
import {
  containsPrefix,
  formatAddress,
  formatPrefix,
  networkOf,
  parsePrefix,
} from '@underware/underservices';
import type { Family, Prefix } from '@underware/underservices';
import { zoneOf } from './host-fit.js';

interface Uplinks {
  addresses: Record<Family, Prefix[]>;
  /** The same number for hosts on the same networks. */
  group: number;
}

/** How hosts reach one another by their uplinks, each pair looked at once: for the time of one planning. */
export class Reach {
  private readonly known = new Map<InventoryHost, Uplinks>();
  private readonly groups = new Map<string, number>();
  /** By the host that is sent to: the next hop, by the networks of the sender and the family. */
  private readonly hops = new Map<InventoryHost, Map<string, string | undefined>>();
  private readonly latencies = new Map<string, number>();

  constructor({ latencies = [] }: Pick<Inventory, 'latencies'> = {}) {
    for (const { scope, between, milliseconds } of latencies) {
      for (const [a, b] of [between, between.toReversed()]) {
        this.latencies.set(JSON.stringify([scope, a, b]), milliseconds);
      }
    }
  }

  /** The address of `to` that `from` can send to directly: on a network that uplinks of both are on. */
  nextHop(from: InventoryHost, to: InventoryHost, family: Family): string | undefined {
    let hops = this.hops.get(to);
    if (hops === undefined) this.hops.set(to, (hops = new Map<string, string | undefined>()));
    const key = `${this.groupOf(from)} ${family}`;
    let hop = hops.get(key);
    if (hop === undefined) hops.set(key, (hop = this.findHop(from, to, family)));
    return hop;
  }

  /** Why traffic between two hosts cannot be routed in a family, or undefined when it can. */
  unreachable(a: InventoryHost, b: InventoryHost, families: Iterable<Family>): string | undefined {
    for (const family of families) {
      const without = [a, b].find((host) => !this.has(host, family));
      if (without !== undefined) return `${without.name} has no ${family} address on an uplink`;
      // Hosts on the same networks reach one another by any of them.
      if (this.groupOf(a) === this.groupOf(b)) continue;
      if (this.nextHop(a, b, family) === undefined || this.nextHop(b, a, family) === undefined) {
        return `${a.name} and ${b.name} share no ${family} network`;
      }
    }
    return undefined;
  }

  /** One way, in milliseconds; undefined where the inventory does not say. */
  latency(a: InventoryHost, b: InventoryHost): number | undefined {
    if (a === b) return 0;
    const zones = [zoneOf(a), zoneOf(b)];
    return (
      this.latencies.get(JSON.stringify(['host', a.name, b.name])) ??
      (zones.includes(undefined) ? undefined : this.latencies.get(JSON.stringify(['zone', ...zones])))
    );
  }

  private findHop(from: InventoryHost, to: InventoryHost, family: Family): string | undefined {
    const networks = this.uplinksOf(from).addresses[family];
    const target = this.uplinksOf(to).addresses[family].find((address) =>
      networks.some((network) => containsPrefix(network, { ...address, length: address.bytes.length * 8 })),
    );
    return target === undefined ? undefined : formatAddress(target);
  }

  /** Whether an uplink of the host has an address of the family. */
  has(host: InventoryHost, family: Family): boolean {
    return this.uplinksOf(host).addresses[family].length > 0;
  }

  /** The same number for hosts on the same networks: they reach one another in every family that they have. */
  groupOf(host: InventoryHost): number {
    return this.uplinksOf(host).group;
  }

  private uplinksOf(host: InventoryHost): Uplinks {
    let known = this.known.get(host);
    if (known === undefined) {
      const all = uplinkAddresses(host);
      const networks = [...new Set(all.map((prefix) => formatPrefix(networkOf(prefix))))].sort().join(' ');
      const group = this.groups.get(networks) ?? this.groups.size;
      this.groups.set(networks, group);
      const of = (family: Family): Prefix[] => all.filter((prefix) => prefix.family === family);
      this.known.set(host, (known = { addresses: { ipv4: of('ipv4'), ipv6: of('ipv6') }, group }));
    }
    return known;
  }
}

/** In device order; link-local addresses are left out: a next hop of a route must be told apart without its device. */
function uplinkAddresses(host: InventoryHost): Prefix[] {
  return host.facts.uplinks
    .toSorted((a, b) => (a.device < b.device ? -1 : 1))
    .flatMap(({ addresses }) => addresses.map((address) => parsePrefix(address)))
    .filter((prefix): prefix is Prefix => prefix !== undefined)
    .filter(
      ({ family, bytes }) => family === 'ipv4' || bytes[0] !== 0xfe || ((bytes[1] ?? 0) & 0xc0) !== 0x80,
    );
}
