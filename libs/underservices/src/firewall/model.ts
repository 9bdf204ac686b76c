import { parsePorts } from '../port-range.js';
import type { PortRange } from '../port-range.js';

export type Protocol = 'any' | 'tcp' | 'udp' | 'icmp';

/** A firewall as its author means it: the first rule that matches decides, then the default. */
export interface FirewallModel {
  default: 'allow' | 'deny';
  rules: FirewallRule[];
}

export interface FirewallRule {
  name: string;
  /** A prefix, a port's name, or `any`. */
  from: string;
  to: string;
  protocol: Protocol;
  ports: PortRange | undefined;
  sourcePorts: PortRange | undefined;
  action: 'allow' | 'deny';
}

/** Reads a model that satisfies the profile; what is not there reads as the profile's default. */
export function readFirewall(model: Record<string, unknown>): FirewallModel {
  const rules = Array.isArray(model['rules']) ? model['rules'] : [];
  return {
    default: model['default'] === 'allow' ? 'allow' : 'deny',
    rules: rules.map((rule: Record<string, unknown>) => ({
      name: text(rule['name']),
      from: text(rule['from'], 'any'),
      to: text(rule['to'], 'any'),
      protocol: readProtocol(rule['protocol']),
      ports: parsePorts(rule['ports']),
      sourcePorts: parsePorts(rule['source_ports']),
      action: rule['action'] === 'allow' ? 'allow' : 'deny',
    })),
  };
}

function readProtocol(value: unknown): Protocol {
  return value === 'tcp' || value === 'udp' || value === 'icmp' ? value : 'any';
}

function text(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}
