import { formatIp } from '@underware/packet';

/** Who speaks to whom, in words; ports are 0 where the packet has none. */
export interface FlowEnds {
  protocol: string;
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp' };
const MAPPED = '00000000000000000000ffff';

/**
 * Reads the ends of a flow as the plugins of the catalogue write them down: addresses of 16 bytes (as hex, IPv4 in its
 * IPv4-mapped form), ports in host order, the protocol's number. Undefined for a record that has other fields.
 */
export function readFlowEnds(record: unknown): FlowEnds | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(record));
  const source = address(fields.get('source'));
  const destination = address(fields.get('destination'));
  const protocol = Number(fields.get('protocol'));
  const sourcePort = Number(fields.get('source_port'));
  const destinationPort = Number(fields.get('destination_port'));
  if (source === undefined || destination === undefined) return undefined;
  if (![protocol, sourcePort, destinationPort].every(Number.isInteger)) return undefined;
  return {
    protocol: PROTOCOLS[protocol] ?? String(protocol),
    source,
    destination,
    sourcePort,
    destinationPort,
  };
}

function address(hex: unknown): string | undefined {
  if (typeof hex !== 'string' || !/^[0-9a-f]{32}$/.test(hex)) return undefined;
  const digits = hex.startsWith(MAPPED) ? hex.slice(MAPPED.length) : hex;
  return formatIp(Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
}

const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;

/** Names of the flags in a TCP header's byte. */
export function tcpFlags(bits: number): string[] {
  return TCP_FLAGS.filter((_, bit) => (bits >> bit) & 1);
}
