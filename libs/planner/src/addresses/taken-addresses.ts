import type { Inventory, ServiceGraph } from '@underware/core';
import { formatAddress, parsePrefix } from '@underware/underservices';

/** What other service instances have. */
interface OfOthers {
  takenAddresses?: readonly string[];
  addressHolders?: Readonly<Record<string, string>>;
}

/**
 * Addresses that no port may have, with who has them: those of other services, and those of hosts, whose own traffic would
 * go to the port from then on.
 */
export function takenAddresses(
  { takenAddresses: services = [], addressHolders = {} }: OfOthers,
  { hosts }: Inventory,
): Map<string, string> {
  const taken = new Map<string, string>();
  const take = (text: string, holder: string): void => {
    const prefix = parsePrefix(text);
    if (prefix !== undefined) taken.set(formatAddress(prefix), holder);
  };
  for (const { name, facts } of hosts) {
    for (const { device, addresses } of facts.uplinks)
      for (const address of addresses) take(address, `${device} of host ${name}`);
  }
  for (const address of services) {
    const name = addressHolders[address];
    take(address, name === undefined ? 'another service' : `service ${name}`);
  }
  return taken;
}

/** Addresses that the service's own underservices answer for, of gateways and virtual services, with who does. */
export function ownAddresses({ underservices }: Pick<ServiceGraph, 'underservices'>): Map<string, string> {
  const own = new Map<string, string>();
  for (const { name, kind, model } of underservices) {
    const written: unknown = model['addresses'];
    for (const text of Array.isArray(written) ? (written as unknown[]) : []) {
      const prefix = typeof text === 'string' ? parsePrefix(text) : undefined;
      if (prefix !== undefined) own.set(formatAddress(prefix), `${kind} ${name}`);
    }
  }
  return own;
}
