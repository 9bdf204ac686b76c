import type { Plan } from '@underware/core';

/** The addresses of every port of a plan by the port's name, without prefix lengths. */
export function serviceAddresses({
  service,
  slices,
}: Pick<Plan, 'service' | 'slices'>): Map<string, string[]> {
  const addresses = new Map<string, string[]>();
  for (const { ports } of Object.values(slices)) {
    for (const { key, peer } of ports) {
      if (peer === undefined || !key.startsWith(`${service}/`)) continue;
      addresses.set(
        key.slice(service.length + 1),
        peer.addresses.map((address) => address.replace(/\/.*$/, '')),
      );
    }
  }
  return addresses;
}
