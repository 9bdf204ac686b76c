import type { InstanceConfig } from '@underware/core';
import { compileUnderservice, FIREWALL_COUNTERS } from '@underware/underservices';

export const PASS = 'allow';
export const DROP = 'deny';
export type Action = typeof PASS | typeof DROP;

/** Index into `counters`, by name. */
export const COUNTER = Object.fromEntries(FIREWALL_COUNTERS.map((name, i) => [name, i])) as Record<
  (typeof FIREWALL_COUNTERS)[number],
  number
>;

/** A rule in short; what is left out is any. */
export interface Rule {
  action: Action;
  family?: 4 | 6;
  protocol?: 'icmp' | 'tcp' | 'udp';
  source?: string;
  destination?: string;
  sourcePorts?: [number, number];
  destinationPorts?: [number, number];
  log?: number;
}

/** Compiled as for a deployment, from the rules as an author writes them; `settings` are other properties of the node. */
export function firewallConfig(
  defaultAction: Action,
  rules: readonly Rule[],
  settings: Record<string, unknown> = {},
): InstanceConfig {
  const written = rules.map((rule, i) => ({
    name: `r${i}`,
    from: rule.source ?? (rule.family === undefined ? 'any' : rule.family === 4 ? '0.0.0.0/0' : '::/0'),
    to: rule.destination ?? 'any',
    protocol: rule.protocol ?? 'any',
    ...(rule.sourcePorts === undefined ? {} : { source_ports: rule.sourcePorts.join('-') }),
    ...(rule.destinationPorts === undefined ? {} : { ports: rule.destinationPorts.join('-') }),
    action: rule.action,
    log: rule.log ?? 0,
  }));
  // Tables as small as they may be: hundreds of instances are loaded one after another.
  const model = { default: defaultAction, rules: written, connections: 1024, ...settings };
  return compileUnderservice('firewall', model, {
    port: 'web',
    direction: 'inbound',
    hook: 'tcx/egress',
    addresses: new Map(),
  });
}
