import { formatIp, parseIp } from '@underware/packet';

export type Family = 'ipv4' | 'ipv6';

/** An address with the length of its network; the bits after the length are kept. */
export interface Prefix {
  family: Family;
  /** 4 or 16 bytes in network order. */
  bytes: readonly number[];
  length: number;
}

/** Reads `10.60.0.0/24`, `fd60::/64` or an address alone, which is its own network; undefined for anything else. */
export function parsePrefix(text: string): Prefix | undefined {
  const [address = '', length, ...rest] = text.split('/');
  // Names are asked about as often as addresses: they are told apart without an error.
  if (rest.length > 0 || text.length > 60 || !/^[0-9a-f:.]+$/i.test(address)) return undefined;
  let bytes: number[];
  try {
    bytes = [...parseIp(address).bytes];
  } catch {
    return undefined;
  }
  const bits = bytes.length * 8;
  if (length !== undefined && (!/^(0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > bits))
    return undefined;
  return {
    family: bits === 32 ? 'ipv4' : 'ipv6',
    bytes,
    length: length === undefined ? bits : Number(length),
  };
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`;
}

/** The address alone, in canonical text. */
export function formatAddress(prefix: Prefix): string {
  return formatIp(Uint8Array.from(prefix.bytes));
}

/** The prefix with every bit after its length cleared. */
export function networkOf(prefix: Prefix): Prefix {
  const bytes = prefix.bytes.map((byte, i) => {
    const kept = Math.min(8, Math.max(0, prefix.length - i * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return { ...prefix, bytes };
}

/** Whether `inner` lies wholly in `outer`. */
export function containsPrefix(outer: Prefix, inner: Prefix): boolean {
  if (outer.family !== inner.family || inner.length < outer.length) return false;
  const network = networkOf({ ...inner, length: outer.length }).bytes;
  return networkOf(outer).bytes.every((byte, i) => byte === network[i]);
}

export function addressAsNumber(prefix: Prefix): bigint {
  return prefix.bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** The address `offset` after the network's own, keeping its length. */
export function addressAt(network: Prefix, offset: bigint): Prefix {
  let rest = addressAsNumber(networkOf(network)) + offset;
  const bytes: number[] = [];
  for (let i = 0; i < network.bytes.length; i++) {
    bytes.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  }
  return { ...network, bytes };
}
