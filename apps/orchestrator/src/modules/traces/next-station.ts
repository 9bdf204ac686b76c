import type { DesiredPort } from '@underware/core';
import { containsPrefix, networkOf, parsePrefix } from '@underware/underservices';

/**
 * The Ethernet address that the owner of a port on a segment sends a packet to: that of the station itself where it is on the
 * segment, else of the way out. Undefined where the host is the next one.
 */
export function nextStation(
  port: DesiredPort,
  ports: readonly DesiredPort[],
  destination: string,
): string | undefined {
  const to = parsePrefix(destination);
  if (!port.delivered || !port.peer || !to) return undefined;
  const isNear = port.peer.addresses.some((own) => {
    const prefix = parsePrefix(own);
    return prefix !== undefined && containsPrefix(networkOf(prefix), to);
  });
  if (!isNear)
    return port.peer.gateways?.find(({ address }) => parsePrefix(address)?.family === to.family)?.mac;
  return ports.find(
    ({ delivered, peer }) => delivered && peer?.addresses.some((own) => bare(own) === destination),
  )?.peer?.mac;
}

function bare(address: string): string {
  return address.replace(/\/.*$/, '');
}
