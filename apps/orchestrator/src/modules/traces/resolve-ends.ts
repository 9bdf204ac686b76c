import { UnderwareError } from '@underware/core';
import type { PacketSpec } from '@underware/core';

/** Addresses for names of ports, both of one family: IPv4 where there is a choice. */
export function resolveEnds(
  packet: PacketSpec,
  addresses: ReadonlyMap<string, readonly string[]>,
): PacketSpec {
  const choices = (end: string): readonly string[] => addresses.get(end) ?? [end];
  const [sources, destinations] = [choices(packet.source), choices(packet.destination)];
  for (const isV6 of [false, true]) {
    const source = sources.find((address) => address.includes(':') === isV6);
    const destination = destinations.find((address) => address.includes(':') === isV6);
    if (source !== undefined && destination !== undefined) return { ...packet, source, destination };
  }
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'trace a packet',
    on: `${packet.source} > ${packet.destination}`,
    why: 'they have no addresses of one family',
    remedy: `Name ends that have: addresses, or ports of the service (${[...addresses.keys()].join(', ')})`,
  });
}
