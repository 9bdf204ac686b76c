import { PROTOCOL } from './packet.js';

/** Internet checksum (RFC 1071) over parts laid end to end; every part but the last has an even length. */
export function checksum(...parts: Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) sum += ((part[i] ?? 0) << 8) | (part[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The pseudo header that TCP, UDP and ICMPv6 checksums cover. */
export function pseudoHeader(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): Uint8Array {
  const version6 = source.length === 16;
  const header = new Uint8Array(version6 ? 40 : 12);
  header.set(source, 0);
  header.set(destination, source.length);
  const view = new DataView(header.buffer);
  if (version6) {
    view.setUint32(32, length);
    header[39] = protocol;
  } else {
    header[9] = protocol;
    view.setUint16(10, length);
  }
  return header;
}

/** True where the transport's own checksum covers the addresses; ICMP over IPv4 is the exception. */
export function coversAddresses(protocol: number): boolean {
  return protocol !== PROTOCOL.icmp;
}
