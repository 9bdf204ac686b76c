import type { InventoryHost } from '@underware/core';
import { containsPrefix, formatAddress, parsePrefix } from '@underware/underservices';
import type { Family, Prefix } from '@underware/underservices';

/** The address of `to` that `from` can send to directly: on a network that uplinks of both are on. */
export function nextHop(from: InventoryHost, to: InventoryHost, family: Family): string | undefined {
  const networks = uplinkAddresses(from, family);
  const target = uplinkAddresses(to, family).find((address) =>
    networks.some((network) => containsPrefix(network, { ...address, length: address.bytes.length * 8 })),
  );
  return target === undefined ? undefined : formatAddress(target);
}

/** Why traffic between two hosts cannot be routed in a family, or undefined when it can. */
export function unreachable(
  a: InventoryHost,
  b: InventoryHost,
  families: Iterable<Family>,
): string | undefined {
  for (const family of families) {
    const without = [a, b].find((host) => uplinkAddresses(host, family).length === 0);
    if (without !== undefined) return `${without.name} has no ${family} address on an uplink`;
    if (nextHop(a, b, family) === undefined || nextHop(b, a, family) === undefined) {
      return `${a.name} and ${b.name} share no ${family} network`;
    }
  }
  return undefined;
}

/** In device order; link-local addresses are left out: a next hop of a route must be told apart without its device. */
function uplinkAddresses(host: InventoryHost, family: Family): Prefix[] {
  return host.facts.uplinks
    .toSorted((a, b) => (a.device < b.device ? -1 : 1))
    .flatMap(({ addresses }) => addresses.map((address) => parsePrefix(address)))
    .filter((prefix): prefix is Prefix => prefix?.family === family)
    .filter(({ bytes }) => family === 'ipv4' || bytes[0] !== 0xfe || ((bytes[1] ?? 0) & 0xc0) !== 0x80);
}
