/** A link as the kernel of one host sees it: who is on it, and where. */
export interface Segment {
  /** Unique among all services. */
  vni: number;
  /** Largest packet of its ports, without the Ethernet header. */
  mtu: number;
  /** Every port of the link, in the order of names. */
  stations: readonly Station[];
  /** This host's end of the tunnels to other hosts; undefined where all stations are on this host. */
  tunnel?: { device: string; address: string; mac: string };
  /** Routers that serve ports of the link, each with the addresses of the other hosts that it sends from. */
  routers?: readonly { mac: string; hosts: readonly string[] }[];
}

/** A segment as its router sees it. */
export interface RoutedSegment extends Segment {
  /** CIDR. */
  subnets: readonly string[];
  /** Its switch lets a port send under its own addresses alone. */
  antiSpoofing: boolean;
  /** Its switch lets no port reach another. */
  isolated: boolean;
}

/** What a router is on one host: the same address everywhere, and every segment that it serves. */
export interface RoutedNetwork {
  mac: string;
  segments: readonly RoutedSegment[];
  /** Devices by which it sends, as the host's own routing says, what no route of it takes; undefined: that goes nowhere. */
  uplinks?: readonly string[];
}

export interface Station {
  port: string;
  mac: string;
  /** Without lengths. */
  addresses: readonly string[];
  /** A device of this host, or the uplink of the host that has it. */
  at: { device: string } | { host: string; mac: string };
}
