import { parsePorts } from '../port-range.js';
import type { PortRange } from '../port-range.js';

export type Protocol = 'any' | 'tcp' | 'udp' | 'icmp';
export type FirewallAction = 'allow' | 'deny' | 'reject';

/** A firewall as its author means it: the first rule that matches a new connection decides, then the default. */
export interface FirewallModel {
  default: FirewallAction;
  rules: FirewallRule[];
  /** Prefixes, names of ports and of other groups, by the group's name. */
  groups: ReadonlyMap<string, readonly string[]>;
  /** How many connections a host keeps at most. */
  connections: number;
  /** Seconds without a packet after which an open connection is forgotten. */
  tcpTimeout: number;
  udpTimeout: number;
  /** Whether only a SYN opens a TCP connection. */
  strict: boolean;
}

export interface FirewallRule {
  name: string;
  /** A prefix, the name of a port or a group, or `any`. */
  from: string;
  to: string;
  protocol: Protocol;
  ports: PortRange | undefined;
  sourcePorts: PortRange | undefined;
  action: FirewallAction;
  /** Every how many of its packets are reported; 0: none. */
  log: number;
}

const DEFAULTS = { connections: 32_768, tcpTimeout: 7440, udpTimeout: 120 } as const;

/** Reads a model that satisfies the node type; what is not there reads as the node type's default. */
export function readFirewall(model: Record<string, unknown>): FirewallModel {
  return {
    default: readAction(model['default']),
    rules: entries(model['rules']).map((rule) => ({
      name: text(rule['name']),
      from: text(rule['from'], 'any'),
      to: text(rule['to'], 'any'),
      protocol: readProtocol(rule['protocol']),
      ports: parsePorts(rule['ports']),
      sourcePorts: parsePorts(rule['source_ports']),
      action: readAction(rule['action']),
      log: number(rule['log'], 0),
    })),
    groups: new Map(entries(model['groups']).map((group) => [text(group['name']), texts(group['members'])])),
    connections: number(model['connections'], DEFAULTS.connections),
    tcpTimeout: number(model['tcp_timeout'], DEFAULTS.tcpTimeout),
    udpTimeout: number(model['udp_timeout'], DEFAULTS.udpTimeout),
    strict: model['strict'] === true,
  };
}

function readAction(value: unknown): FirewallAction {
  return value === 'allow' || value === 'reject' ? value : 'deny';
}

function readProtocol(value: unknown): Protocol {
  return value === 'tcp' || value === 'udp' || value === 'icmp' ? value : 'any';
}

function entries(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
