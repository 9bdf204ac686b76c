import type { BtfValue } from '@underware/core';
import { parsePrefix } from './prefix.js';
import type { Segment, Station } from './segment.js';

/** Structs that plugins which deliver share: of `bpf/include/uw_tunnel.h` and `uw_deliver.h`. */

export const NO_MAC = '00:00:00:00:00:00';
/** `struct uw_tunnel_end` of a station of this host. */
export const NO_END = { address: [0, 0, 0, 0], mac: [0, 0, 0, 0, 0, 0] };

/** The error of who encodes, with the reason in words. */
export type Cannot = (why: string) => Error;

/** `struct uw_tunnel`. */
export function encodeTunnel({ vni, tunnel }: Segment, cannot: Cannot): BtfValue {
  return {
    vni,
    address: tunnel === undefined ? [0, 0, 0, 0] : ipv4Bytes(tunnel.address, cannot),
    mac: macBytes(tunnel?.mac ?? NO_MAC),
    reserved: [0, 0],
    port: { name: tunnel?.device ?? '' },
  };
}

/** `struct uw_tunnel_end`. */
export function encodeEnd(
  at: Extract<Station['at'], { host: string }> | undefined,
  cannot: Cannot,
): { address: number[]; mac: number[] } {
  return at === undefined ? NO_END : { address: ipv4Bytes(at.host, cannot), mac: macBytes(at.mac) };
}

export function macBytes(mac: string): number[] {
  return mac.split(':').map((digits) => parseInt(digits, 16));
}

/** IPv4 in its IPv4-mapped form. */
export function addressBytes(address: string, cannot: Cannot): number[] {
  const prefix = parsePrefix(address);
  if (prefix === undefined) throw cannot(`${address} is no address`);
  return mappedBytes(prefix);
}

export function mappedBytes({ family, bytes }: { family: string; bytes: ArrayLike<number> }): number[] {
  return family === 'ipv6'
    ? Array.from(bytes)
    : [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...Array.from(bytes)];
}

export function ipv4Bytes(address: string, cannot: Cannot): number[] {
  const prefix = parsePrefix(address);
  if (prefix?.family === 'ipv4') return Array.from(prefix.bytes);
  throw cannot(`its hosts reach one another by ${address}, and tunnels are over IPv4`);
}
