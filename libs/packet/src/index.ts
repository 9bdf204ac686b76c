/**
 * Builds packets from words and reads bytes back into layers.
 *
 * Layer: pure; imports core only. No I/O, no clock, no random: the same spec gives the same bytes.
 * Trade-offs: it knows Ethernet (with VLAN tags), IPv4, IPv6 with extension headers, TCP, UDP and ICMP, because that
 * is what assertions and tests speak. What it does not know stays payload, and what is cut short is named in
 * `malformed` instead of thrown, so that a reader can show the part that was good.
 * After a crash: nothing remains.
 */
export { formatIp, formatMac, parseIp, parseMac } from './address.js';
export type { IpAddress } from './address.js';
export { buildPacket, DEFAULT_DESTINATION_PORT, DEFAULT_SOURCE_PORT } from './build-packet.js';
export type { LinkLayer } from './build-packet.js';
export { checksum } from './checksum.js';
export { describeFrame, parsePacketText } from './packet-text.js';
export { readPacket } from './read-packet.js';
export type { EthernetLayer, IcmpLayer, IpLayer, Packet, TcpLayer, UdpLayer } from './packet.js';
export { writePcapng } from './pcapng.js';
export type { CapturedFrame, CaptureInterface } from './pcapng.js';
