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
}

export interface Station {
  port: string;
  mac: string;
  /** Without lengths. */
  addresses: readonly string[];
  /** A device of this host, or the uplink of the host that has it. */
  at: { device: string } | { host: string; mac: string };
}
