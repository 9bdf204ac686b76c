import type { Direction, InstanceConfig } from '@underware/core';
import { BALANCER_COUNTERS, compileUnderservice } from '@underware/underservices';

/** Indexes of counters by their names. */
export const COUNTER = Object.fromEntries(BALANCER_COUNTERS.map((name, i) => [name, i])) as Record<
  (typeof BALANCER_COUNTERS)[number],
  number
>;

export const VIRTUAL = { ipv4: '10.99.0.100', ipv6: 'fd99::100' } as const;

/** What instances of a balancer share on a host. */
export const SHARED = ['health', 'connections', 'returns', 'affinities', 'fragments'];

export interface Balancer {
  /** Addresses of backends by the names of their ports. */
  backends: Record<string, readonly string[]>;
  weights?: Record<string, number>;
  services?: { name: string; protocol: 'tcp' | 'udp'; port: number; target_port?: number }[];
  [property: string]: unknown;
}

const SERVICES: Balancer['services'] = [
  { name: 'site', protocol: 'tcp', port: 80, target_port: 8080 },
  { name: 'names', protocol: 'udp', port: 53, target_port: 5353 },
];

/** The config as planning compiles it. */
export function balancerConfig(direction: Direction, balancer: Balancer): InstanceConfig {
  const { backends, weights = {}, services = SERVICES, ...properties } = balancer;
  const model = {
    addresses: [VIRTUAL.ipv4, VIRTUAL.ipv6],
    services,
    backends: Object.keys(backends).map((port) => ({ port, weight: weights[port] ?? 1 })),
    connections: 4096,
    ...properties,
  };
  const hook = direction === 'outbound' ? 'xdp' : 'tcx/egress';
  const addresses = new Map(Object.entries(backends));
  return compileUnderservice('load-balancer', model, { port: 'client', direction, hook, addresses });
}
