import { formatIp, formatMac } from './address.js';
import { checksum, coversAddresses, pseudoHeader } from './checksum.js';
import { ETHER_TYPE, PROTOCOL, TCP_FLAGS } from './packet.js';
import type { Packet } from './packet.js';

/** IPv6 headers that come between the fixed header and the transport. */
const EXTENSION = {
  hopByHop: 0,
  routing: 43,
  fragment: 44,
  authentication: 51,
  destination: 60,
  mobility: 135,
};
const EXTENSIONS = new Set(Object.values(EXTENSION));

/** Reads an Ethernet frame layer by layer, as far as it goes; never throws. */
export function readPacket(bytes: Uint8Array): Packet {
  const packet: Packet = { payload: bytes };
  try {
    readEthernet(new Cursor(bytes), packet);
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    packet.malformed = error.message;
  }
  return packet;
}

class Cut extends Error {}

class Cursor {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next `length` bytes, without consuming them. */
  peek(length: number, layer: string): DataView {
    const left = this.bytes.length - this.at;
    if (left < length) throw new Cut(`${layer} cut: ${left} of ${length} bytes`);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, length);
  }

  take(length: number, layer: string): DataView {
    const view = this.peek(length, layer);
    this.at += length;
    return view;
  }

  rest(): Uint8Array {
    return this.bytes.subarray(this.at);
  }
}

function readEthernet(cursor: Cursor, packet: Packet): void {
  const header = cursor.take(14, 'ethernet header');
  const vlans: number[] = [];
  let etherType = header.getUint16(12);
  while (etherType === ETHER_TYPE.vlan || etherType === ETHER_TYPE.serviceVlan) {
    const tag = cursor.take(4, 'vlan tag');
    vlans.push(tag.getUint16(0) & 0xfff);
    etherType = tag.getUint16(2);
  }
  packet.ethernet = {
    destinationMac: formatMac(slice(header, 0, 6)),
    sourceMac: formatMac(slice(header, 6, 6)),
    vlans,
    etherType,
  };
  packet.payload = cursor.rest();
  if (etherType === ETHER_TYPE.ipv4) readIpv4(cursor, packet);
  else if (etherType === ETHER_TYPE.ipv6) readIpv6(cursor, packet);
}

function readIpv4(cursor: Cursor, packet: Packet): void {
  const fixed = cursor.peek(20, 'ipv4 header');
  const version = fixed.getUint8(0) >> 4;
  if (version !== 4) throw new Cut(`ipv4 header says version ${version}`);
  const headerLength = (fixed.getUint8(0) & 0xf) * 4;
  if (headerLength < 20) throw new Cut(`ipv4 header length ${headerLength} is below 20`);
  const totalLength = fixed.getUint16(2);
  if (totalLength < headerLength) throw new Cut(`ipv4 total length ${totalLength} is below its header`);
  const datagram = cursor.peek(totalLength, 'ipv4 packet');
  const header = slice(datagram, 0, headerLength);
  const fragment = datagram.getUint16(6);
  const offsetBytes = (fragment & 0x1fff) * 8;
  const more = (fragment & 0x2000) !== 0;
  packet.ip = {
    version: 4,
    source: formatIp(slice(datagram, 12, 4)),
    destination: formatIp(slice(datagram, 16, 4)),
    protocol: datagram.getUint8(9),
    hopLimit: datagram.getUint8(8),
    totalLength,
    extensions: [],
    ...((more || offsetBytes > 0) && {
      fragment: { offsetBytes, more, identification: datagram.getUint16(4) },
    }),
    checksumValid: checksum(header) === 0,
  };
  packet.payload = slice(datagram, headerLength, totalLength - headerLength);
  readTransport(packet, slice(datagram, 12, 4), slice(datagram, 16, 4));
}

function readIpv6(cursor: Cursor, packet: Packet): void {
  const fixed = cursor.take(40, 'ipv6 header');
  const version = fixed.getUint8(0) >> 4;
  if (version !== 6) throw new Cut(`ipv6 header says version ${version}`);
  const body = cursor.take(fixed.getUint16(4), 'ipv6 payload');
  const inner = new Cursor(slice(body, 0, body.byteLength));
  const extensions: number[] = [];
  let protocol = fixed.getUint8(6);
  let fragment: { offsetBytes: number; more: boolean; identification: number } | undefined;
  while (EXTENSIONS.has(protocol) && (fragment?.offsetBytes ?? 0) === 0) {
    extensions.push(protocol);
    const extension = inner.take(8, 'ipv6 extension header');
    const units = extension.getUint8(1);
    if (protocol === EXTENSION.fragment) {
      const field = extension.getUint16(2);
      fragment = {
        offsetBytes: field & 0xfff8,
        more: (field & 1) === 1,
        identification: extension.getUint32(4),
      };
    } else {
      // The authentication header counts four-byte units less two, all others eight-byte units less one.
      const length = protocol === EXTENSION.authentication ? (units + 2) * 4 : (units + 1) * 8;
      inner.take(Math.max(length - 8, 0), 'ipv6 extension header');
    }
    protocol = extension.getUint8(0);
  }
  packet.ip = {
    version: 6,
    source: formatIp(slice(fixed, 8, 16)),
    destination: formatIp(slice(fixed, 24, 16)),
    protocol,
    hopLimit: fixed.getUint8(7),
    totalLength: 40 + body.byteLength,
    extensions,
    ...(fragment && { fragment }),
    checksumValid: true,
  };
  packet.payload = inner.rest();
  readTransport(packet, slice(fixed, 8, 16), slice(fixed, 24, 16));
}

function readTransport(packet: Packet, source: Uint8Array, destination: Uint8Array): void {
  const ip = packet.ip;
  if (ip === undefined || (ip.fragment?.offsetBytes ?? 0) > 0) return;
  const segment = packet.payload;
  const cursor = new Cursor(segment);
  const covered = coversAddresses(ip.protocol)
    ? [pseudoHeader(source, destination, ip.protocol, segment.length), segment]
    : [segment];
  // The checksum spans all fragments: one of them alone cannot be judged wrong.
  const checksumValid = ip.fragment !== undefined || checksum(...covered) === 0;
  if (ip.protocol === PROTOCOL.tcp) {
    const header = cursor.peek(20, 'tcp header');
    const headerLength = (header.getUint8(12) >> 4) * 4;
    if (headerLength < 20) throw new Cut(`tcp header length ${headerLength} is below 20`);
    cursor.take(headerLength, 'tcp header');
    packet.tcp = {
      sourcePort: header.getUint16(0),
      destinationPort: header.getUint16(2),
      sequence: header.getUint32(4),
      acknowledgement: header.getUint32(8),
      flags: TCP_FLAGS.filter((_, bit) => (header.getUint8(13) & (1 << bit)) !== 0),
      window: header.getUint16(14),
      checksumValid,
    };
  } else if (ip.protocol === PROTOCOL.udp) {
    const header = cursor.take(8, 'udp header');
    packet.udp = {
      sourcePort: header.getUint16(0),
      destinationPort: header.getUint16(2),
      length: header.getUint16(4),
      checksumValid: checksumValid || (ip.version === 4 && header.getUint16(6) === 0),
    };
  } else if (ip.protocol === PROTOCOL.icmp || ip.protocol === PROTOCOL.icmpv6) {
    const header = cursor.take(8, 'icmp header');
    packet.icmp = { type: header.getUint8(0), code: header.getUint8(1), checksumValid };
  }
  packet.payload = cursor.rest();
}

function slice(view: DataView, from: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + from, length);
}
