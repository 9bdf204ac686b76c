import type { BackendChecks, CheckedBackend, DesiredInstance, DesiredSlice } from '@underware/core';
import { isIP } from 'node:net';

/** A client whose port a balancer is on: where checks can be made from. */
export interface Client {
  instance: DesiredInstance;
  namespace: string;
  addresses: string[];
}

/** A balancer on this host whose backends are checked. Its instances share what is known of backends. */
export interface CheckedBalancer {
  /** Names it on this host. */
  id: string;
  service: string;
  clients: Client[];
  checks: BackendChecks;
}

/** One connection that a check is made of. */
export interface Way {
  client: Client;
  source: string;
  virtual: string;
  target: string;
}

export function checkedBalancers(slices: readonly DesiredSlice[]): CheckedBalancer[] {
  const balancers = new Map<string, CheckedBalancer>();
  for (const { service, slice } of slices) {
    for (const instance of slice.instances) {
      const { checks } = instance.config;
      const peer = slice.ports.find(({ key }) => key === instance.port)?.peer;
      if (checks === undefined || peer === undefined) continue;
      const id = `${service} ${instance.underservice}`;
      const balancer = balancers.get(id) ?? { id, service, clients: [], checks };
      const addresses = peer.addresses.map((address) => address.split('/')[0] ?? '');
      balancer.clients.push({ instance, namespace: peer.namespace, addresses });
      balancers.set(id, balancer);
    }
  }
  return [...balancers.values()];
}

/**
 * A way to each address of a backend that has a client of its family here, by the first client that is not the backend
 * itself: nobody is sent to himself.
 */
export function waysTo(
  { clients, checks: { service } }: CheckedBalancer,
  { addresses }: CheckedBackend,
): Way[] {
  return addresses.flatMap((target) => {
    const family = isIP(target);
    const virtual = service.addresses.find((address) => isIP(address) === family);
    if (virtual === undefined) return [];
    for (const client of clients) {
      const source = client.addresses.find((address) => isIP(address) === family);
      if (source !== undefined && !client.addresses.includes(target))
        return [{ client, source, virtual, target }];
    }
    return [];
  });
}
