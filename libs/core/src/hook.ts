/**
 * Where a program attaches on a port's network device. `xdp/egress` is of packets that a plugin on another device hands
 * to the port while they are in XDP; those of the host's own stack meet `tcx/egress`.
 */
export const HOOKS = ['xdp', 'xdp/egress', 'tcx/ingress', 'tcx/egress'] as const;
export type Hook = (typeof HOOKS)[number];

/** Direction of a packet seen from the owner of the port: `inbound` goes to it, `outbound` comes from it. */
export const DIRECTIONS = ['inbound', 'outbound'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/**
 * A VNF port is the host's end of a veth pair: what leaves the VNF is received there (XDP), what goes to the VNF is
 * sent there (TCX egress). An uplink faces the network, so the same directions meet the opposite hooks.
 */
export function hookFor(port: 'veth' | 'uplink', direction: Direction): Hook {
  const received = port === 'veth' ? 'outbound' : 'inbound';
  return direction === received ? 'xdp' : 'tcx/egress';
}

/** The other way round: which way packets go that meet the hook of a port. */
export function directionOf(port: 'veth' | 'uplink', hook: Hook): Direction {
  const received = hook === 'xdp' || hook === 'tcx/ingress';
  return received === (port === 'veth') ? 'outbound' : 'inbound';
}

/** The kind of program that a hook runs, as plugins name it in their manifests. */
export function programHook(hook: Hook): 'xdp' | 'tcx' {
  return hook === 'xdp' || hook === 'xdp/egress' ? 'xdp' : 'tcx';
}

/** What a chain decides about a packet, in the words an operator uses. */
export const VERDICTS = ['pass', 'drop', 'aborted', 'redirect', 'transmit'] as const;
export type Verdict = (typeof VERDICTS)[number];
