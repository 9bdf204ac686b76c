import type { PacketSpec } from '@underware/core';
import { invalid } from './address.js';
import { TCP_FLAGS } from './packet.js';
import type { Packet, TcpFlag } from './packet.js';
import { readPacket } from './read-packet.js';

const SHAPE = 'e.g. tcp 192.0.2.7:40000 > 10.71.0.10:23 [syn]';
const PACKET =
  /^\s*(?<protocol>[a-z]+)\s+(?<source>\S+?)(?:\s*>\s*|\s+to\s+)(?<destination>[^\s[]\S*|\[\S*)(?:\s+\[(?<flags>[a-z,\s]*)\])?(?:\s+(?<bytes>\d+)\s*(?:bytes|B))?\s*$/i;
/** `10.0.0.1:80`, `web_port:80`, `[fd00::1]:80`, or an end without a port. */
const END =
  /^(?:\[(?<v6>[^\]]+)\](?::(?<v6Port>\d+))?|(?<plain>[^:[\]]+)(?::(?<port>\d+))?|(?<bare>[0-9a-f:.]+))$/i;

/**
 * Reads a packet in words: `tcp 192.0.2.7:40000 > 10.71.0.10:23 [syn,ack] 100 bytes`; `to` is as good as `>`. An end is an address or the name of a
 * port; ports, flags and bytes may be left out. Throws INPUT_INVALID for anything else.
 */
export function parsePacketText(text: string): PacketSpec {
  const groups = PACKET.exec(text)?.groups;
  if (!groups) throw invalid('packet', text, `PROTOCOL SOURCE > DESTINATION, ${SHAPE}`);
  const protocol = groups['protocol']?.toLowerCase();
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'icmp')
    throw invalid('protocol', groups['protocol'] ?? '', 'tcp, udp or icmp');
  const source = endOf('source', groups['source'] ?? '');
  const destination = endOf('destination', groups['destination'] ?? '');
  if (protocol === 'icmp' && (source.port ?? destination.port) !== undefined)
    throw invalid('packet', text, 'ends without ports: ICMP has none');
  const flags = groups['flags'] === undefined ? undefined : flagsOf(groups['flags']);
  if (flags && protocol !== 'tcp') throw invalid('flags', groups['flags'] ?? '', 'none: only TCP has flags');
  return {
    protocol,
    source: source.end,
    destination: destination.end,
    ...(source.port === undefined ? {} : { sourcePort: source.port }),
    ...(destination.port === undefined ? {} : { destinationPort: destination.port }),
    ...(flags ? { tcpFlags: flags } : {}),
    ...(groups['bytes'] === undefined ? {} : { payloadBytes: Number(groups['bytes']) }),
  };
}

/** A frame in one line: `02:…:0a > 02:…:0b  10.71.0.7:49152 > 10.71.0.10:23 tcp syn, 54 bytes`. */
export function describeFrame(frame: Uint8Array): string {
  const packet = readPacket(frame);
  const { ethernet } = packet;
  const link = ethernet ? [`${ethernet.sourceMac} > ${ethernet.destinationMac} `] : [];
  const tags = (ethernet?.vlans ?? []).map((vlan) => `vlan ${vlan}`);
  const broken = packet.malformed === undefined ? [] : [`(${packet.malformed})`];
  return [...link, ...tags, ...networkOf(packet), ...broken].join(' ').concat(`, ${frame.byteLength} bytes`);
}

function networkOf(packet: Packet): string[] {
  const { ethernet, ip, tcp, udp, icmp } = packet;
  if (!ip) return ethernet ? [`type 0x${ethernet.etherType.toString(16).padStart(4, '0')}`] : [];
  const ports = tcp ?? udp;
  const end = (address: string, port: number | undefined): string =>
    port === undefined ? address : `${ip.version === 6 ? `[${address}]` : address}:${port}`;
  const ends = `${end(ip.source, ports?.sourcePort)} > ${end(ip.destination, ports?.destinationPort)}`;
  const transport = tcp
    ? `tcp ${tcp.flags.join(',') || 'no flags'}`
    : udp
      ? 'udp'
      : icmp
        ? `icmp type ${icmp.type}`
        : `protocol ${ip.protocol}`;
  return [ends, transport, `ttl ${ip.hopLimit}`];
}

function endOf(field: string, text: string): { end: string; port?: number } {
  const groups = END.exec(text)?.groups;
  const end = groups?.['v6'] ?? groups?.['plain'] ?? groups?.['bare'];
  if (end === undefined)
    throw invalid(field, text, 'ADDRESS[:PORT], [ADDRESS]:PORT for IPv6, or a port’s name');
  const port = groups?.['v6Port'] ?? groups?.['port'];
  if (port === undefined) return { end };
  const number = Number(port);
  if (number > 65_535) throw invalid(`${field} port`, port, 'a number from 0 to 65535');
  return { end, port: number };
}

function flagsOf(text: string): TcpFlag[] {
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => {
      const flag = TCP_FLAGS.find((each) => each === word);
      if (flag) return flag;
      throw invalid('flags', word, `flags of ${TCP_FLAGS.join(', ')}`);
    });
}
