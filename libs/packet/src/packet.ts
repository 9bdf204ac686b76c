/** The layers of a packet as read from its bytes. A layer is absent where the packet has none or was cut before it. */
export interface Packet {
  ethernet?: EthernetLayer;
  ip?: IpLayer;
  tcp?: TcpLayer;
  udp?: UdpLayer;
  icmp?: IcmpLayer;
  /** What follows the last layer that was read; Ethernet padding is left out. */
  payload: Uint8Array;
  /** Why reading stopped early: e.g. `tcp header cut: 12 of 20 bytes`. */
  malformed?: string;
}

export interface EthernetLayer {
  sourceMac: string;
  destinationMac: string;
  /** VLAN ids, outermost first. */
  vlans: number[];
  /** Type of the payload, after VLAN tags: 0x0800, 0x86dd, 0x0806, … */
  etherType: number;
}

export interface IpLayer {
  version: 4 | 6;
  /** Canonical text. */
  source: string;
  destination: string;
  /** Protocol number of the transport, after IPv6 extension headers. */
  protocol: number;
  hopLimit: number;
  /** Bytes from the start of the IP header to the end of the IP payload. */
  totalLength: number;
  /** IPv6: numbers of the extension headers met, in order. */
  extensions: number[];
  fragment?: { offsetBytes: number; more: boolean; identification: number };
  /** IPv4 header checksum; IPv6 has none and says true. */
  checksumValid: boolean;
}

export type TcpFlag = 'fin' | 'syn' | 'rst' | 'psh' | 'ack';

export interface TcpLayer {
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgement: number;
  flags: TcpFlag[];
  window: number;
  checksumValid: boolean;
}

export interface UdpLayer {
  sourcePort: number;
  destinationPort: number;
  length: number;
  checksumValid: boolean;
}

export interface IcmpLayer {
  type: number;
  code: number;
  checksumValid: boolean;
}

export const ETHER_TYPE = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8 } as const;
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** In the order of their bits in the TCP header, lowest first. */
export const TCP_FLAGS: readonly TcpFlag[] = ['fin', 'syn', 'rst', 'psh', 'ack'];
