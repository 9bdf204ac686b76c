import type { Gateway, InventoryHost, Uplink } from '@underware/core';
import { containsPrefix, formatAddress, parsePrefix } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import type { Router } from '../graph-index.js';
import type { Layout } from './placed-service.js';

/** The same on every host and segment. */
export function routerMac({ macs }: Pick<Layout, 'macs'>, { underservice }: Router): string {
  return macs.of(underservice.name, 'vnf');
}

/** The router's addresses on the port's link, one of each family at most; none where no router serves the port. */
export function gatewaysOf(layout: Layout, port: string): Gateway[] {
  const { index } = layout;
  const router = index.routerOf.get(port);
  if (router === undefined) return [];
  const subnets = (index.links.get(index.ports.get(port)?.link ?? '')?.subnets ?? []).flatMap(
    (text) => parsePrefix(text) ?? [],
  );
  const here = routerAddresses(router).filter((address) =>
    subnets.some((subnet) => containsPrefix(subnet, address)),
  );
  const first = new Map<Prefix['family'], Prefix>();
  for (const address of here) if (!first.has(address.family)) first.set(address.family, address);
  return [...first.values()]
    .map((address) => ({ address: formatAddress(address), mac: routerMac(layout, router) }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** Every one has its full length. */
export function routerAddresses({ underservice }: Pick<Router, 'underservice'>): Prefix[] {
  const written = underservice.model['addresses'];
  return (Array.isArray(written) ? written : []).flatMap((text: unknown) => {
    const address = parsePrefix(String(text));
    return address === undefined ? [] : [{ ...address, length: address.bytes.length * 8 }];
  });
}

/** Whether what none of its routes takes goes the host's own way, and comes back to its ports by it. */
export function leavesByHost({ underservice }: Pick<Router, 'underservice'>): boolean {
  return underservice.model['uplink'] === true;
}

/** Uplinks that a router of a port here may send by. */
export function waysOut({ index, vnfsOn }: Layout, host: InventoryHost): readonly Uplink[] {
  const leaves = (vnfsOn.get(host.id) ?? []).some(({ vnf }) =>
    (index.portsOfVnf.get(vnf.name) ?? []).some(({ name }) => {
      const router = index.routerOf.get(name);
      return router !== undefined && leavesByHost(router);
    }),
  );
  return leaves ? host.facts.uplinks : [];
}
