/** A packet in words; `libs/packet` builds its bytes. Addresses decide between IPv4 and IPv6. */
export interface PacketSpec {
  protocol: 'tcp' | 'udp' | 'icmp';
  /** An address, or the name of a port of the descriptor, which the planner replaces by its address. */
  source: string;
  destination: string;
  sourcePort?: number;
  destinationPort?: number;
  /** TCP flags, e.g. ['syn']; default syn. */
  tcpFlags?: ('syn' | 'ack' | 'fin' | 'rst' | 'psh')[];
  /** Bytes of payload after the transport header; default 0. */
  payloadBytes?: number;
}
