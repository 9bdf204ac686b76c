import type { PacketSpec } from '@underware/core';
import { invalid, parseIp, parseMac } from './address.js';
import { checksum, coversAddresses, pseudoHeader } from './checksum.js';
import { ETHER_TYPE, PROTOCOL, TCP_FLAGS } from './packet.js';

export interface LinkLayer {
  sourceMac: string;
  destinationMac: string;
}

/** First ephemeral port: what a client that did not bind would use. */
export const DEFAULT_SOURCE_PORT = 49152;
/** The discard service: no descriptor offers it by accident. */
export const DEFAULT_DESTINATION_PORT = 9;

const ETHERNET_BYTES = 14;
const HOP_LIMIT = 64;
/** What the length field of IPv4 can say; IPv6 jumbograms are not built. */
const LARGEST_PACKET = 65_535;

/**
 * The bytes of one unfragmented packet: Ethernet, IPv4 or IPv6 as the addresses decide, and TCP, UDP or an ICMP echo
 * request, with right lengths and checksums. Throws INPUT_INVALID for what cannot be such a packet.
 */
export function buildPacket(spec: PacketSpec, l2: LinkLayer): Uint8Array {
  const source = parseIp(spec.source, 'source');
  const destination = parseIp(spec.destination, 'destination');
  if (source.version !== destination.version) {
    throw invalid('destination', spec.destination, `an IPv${source.version} address like the source`);
  }
  const protocol = protocolNumber(spec.protocol, source.version);
  const transport = buildTransport(spec);
  const ip =
    source.version === 4
      ? ipv4Header(source.bytes, destination.bytes, protocol, transport.bytes.length)
      : ipv6Header(source.bytes, destination.bytes, protocol, transport.bytes.length);
  if (ip.length + transport.bytes.length > LARGEST_PACKET) {
    throw invalid('payloadBytes', spec.payloadBytes ?? 0, 'a payload that fits in an IP packet');
  }
  sealTransport(transport, protocol, source.bytes, destination.bytes);

  const packet = new Uint8Array(ETHERNET_BYTES + ip.length + transport.bytes.length);
  packet.set(parseMac(l2.destinationMac, 'destination MAC'), 0);
  packet.set(parseMac(l2.sourceMac, 'source MAC'), 6);
  new DataView(packet.buffer).setUint16(12, source.version === 4 ? ETHER_TYPE.ipv4 : ETHER_TYPE.ipv6);
  packet.set(ip, ETHERNET_BYTES);
  packet.set(transport.bytes, ETHERNET_BYTES + ip.length);
  return packet;
}

interface Transport {
  bytes: Uint8Array<ArrayBuffer>;
  checksumOffset: number;
}

function buildTransport(spec: PacketSpec): Transport {
  const payload = wholeNumber('payloadBytes', spec.payloadBytes ?? 0, LARGEST_PACKET);
  switch (spec.protocol) {
    case 'tcp': {
      const bytes = new Uint8Array(20 + payload);
      const view = new DataView(bytes.buffer);
      writePorts(view, spec);
      view.setUint8(12, 5 << 4);
      view.setUint8(13, flagBits(spec.tcpFlags ?? ['syn']));
      view.setUint16(14, 65_535);
      return { bytes, checksumOffset: 16 };
    }
    case 'udp': {
      const bytes = new Uint8Array(8 + payload);
      const view = new DataView(bytes.buffer);
      writePorts(view, spec);
      view.setUint16(4, bytes.length & 0xffff);
      return { bytes, checksumOffset: 6 };
    }
    case 'icmp': {
      const bytes = new Uint8Array(8 + payload);
      bytes[0] = parseIp(spec.source).version === 4 ? 8 : 128; // echo request
      return { bytes, checksumOffset: 2 };
    }
  }
}

function writePorts(view: DataView, spec: PacketSpec): void {
  view.setUint16(0, wholeNumber('sourcePort', spec.sourcePort ?? DEFAULT_SOURCE_PORT, 65_535));
  view.setUint16(2, wholeNumber('destinationPort', spec.destinationPort ?? DEFAULT_DESTINATION_PORT, 65_535));
}

function sealTransport(
  transport: Transport,
  protocol: number,
  source: Uint8Array,
  destination: Uint8Array,
): void {
  const { bytes, checksumOffset } = transport;
  const sum = coversAddresses(protocol)
    ? checksum(pseudoHeader(source, destination, protocol, bytes.length), bytes)
    : checksum(bytes);
  // A UDP checksum of zero means "none": RFC 768 sends it as all ones.
  new DataView(bytes.buffer).setUint16(checksumOffset, protocol === PROTOCOL.udp && sum === 0 ? 0xffff : sum);
}

function ipv4Header(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  payload: number,
): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  header[0] = 0x45;
  view.setUint16(2, (header.length + payload) & 0xffff);
  view.setUint16(6, 0x4000); // do not fragment
  header[8] = HOP_LIMIT;
  header[9] = protocol;
  header.set(source, 12);
  header.set(destination, 16);
  view.setUint16(10, checksum(header));
  return header;
}

function ipv6Header(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  payload: number,
): Uint8Array {
  const header = new Uint8Array(40);
  header[0] = 0x60;
  new DataView(header.buffer).setUint16(4, payload & 0xffff);
  header[6] = protocol;
  header[7] = HOP_LIMIT;
  header.set(source, 8);
  header.set(destination, 24);
  return header;
}

function protocolNumber(protocol: PacketSpec['protocol'], version: 4 | 6): number {
  if (protocol === 'icmp') return version === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  if (protocol === 'tcp' || protocol === 'udp') return PROTOCOL[protocol];
  throw invalid('protocol', String(protocol), 'tcp, udp or icmp');
}

function flagBits(flags: NonNullable<PacketSpec['tcpFlags']>): number {
  let bits = 0;
  for (const flag of flags) {
    const bit = TCP_FLAGS.indexOf(flag);
    if (bit < 0) throw invalid('tcpFlags', flag, `one of ${TCP_FLAGS.join(', ')}`);
    bits |= 1 << bit;
  }
  return bits;
}

function wholeNumber(field: string, value: number, largest: number): number {
  if (!Number.isInteger(value) || value < 0 || value > largest) {
    throw invalid(field, value, `a whole number from 0 to ${largest}`);
  }
  return value;
}
