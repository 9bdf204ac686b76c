import { UnderwareError } from '@underware/core';
import { parsePorts } from '../port-range.js';
import type { PortRange } from '../port-range.js';

export type Protocol = 'any' | 'tcp' | 'udp' | 'icmp';
export type FirewallAction = 'allow' | 'deny';

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

/** What a rule may say. Whatever else is there was meant to narrow it, and would not. */
export const RULE_PROPERTIES: readonly string[] = [
  'name',
  'from',
  'to',
  'protocol',
  'ports',
  'source_ports',
  'action',
  'log',
];

/**
 * Reads a model that satisfies the node type; what is not there reads as the node type's default. Throws INPUT_INVALID for
 * anything else: a rule that is misread lets through what it was to keep out.
 */
export function readFirewall(model: Record<string, unknown>): FirewallModel {
  return {
    default: readAction('default', model['default'], 'deny'),
    rules: entries('rules', model['rules']).map((rule) => ({
      name: text('name', rule['name']),
      from: text('from', rule['from'], 'any'),
      to: text('to', rule['to'], 'any'),
      protocol: readProtocol(rule['protocol']),
      ports: readPorts('ports', rule['ports']),
      sourcePorts: readPorts('source_ports', rule['source_ports']),
      action: readAction('action', rule['action']),
      log: number('log', rule['log'], 0),
    })),
    groups: new Map(
      entries('groups', model['groups']).map((group) => [
        text('name', group['name']),
        texts('members', group['members']),
      ]),
    ),
    connections: number('connections', model['connections'], DEFAULTS.connections),
    tcpTimeout: number('tcp_timeout', model['tcp_timeout'], DEFAULTS.tcpTimeout),
    udpTimeout: number('udp_timeout', model['udp_timeout'], DEFAULTS.udpTimeout),
    strict: readFlag('strict', model['strict']),
  };
}

function readAction(what: string, value: unknown, otherwise?: FirewallAction): FirewallAction {
  if (value === 'allow' || value === 'deny') return value;
  return absent(what, value, otherwise);
}

function readProtocol(value: unknown): Protocol {
  if (value === 'any' || value === 'tcp' || value === 'udp' || value === 'icmp') return value;
  return absent('protocol', value, 'any');
}

function readPorts(what: string, value: unknown): PortRange | undefined {
  if (value === undefined) return undefined;
  return parsePorts(value) ?? absent(what, value);
}

function readFlag(what: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : absent(what, value, false);
}

function entries(what: string, value: unknown): Record<string, unknown>[] {
  return list(what, value).map((entry) => (isRecord(entry) ? entry : absent(what, entry)));
}

function text(what: string, value: unknown, otherwise?: string): string {
  return typeof value === 'string' ? value : absent(what, value, otherwise);
}

function texts(what: string, value: unknown): string[] {
  return list(what, value).map((entry) => text(what, entry));
}

function number(what: string, value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : absent(what, value, otherwise);
}

function list(what: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : absent(what, value, []);
}

/** What is not there is the default, if there is one. */
function absent<T>(what: string, value: unknown, otherwise?: T): T {
  if (value === undefined && otherwise !== undefined) return otherwise;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the model of a firewall',
    on: what,
    why: value === undefined ? 'it is not there' : `it is ${typeof value}, or none of the values it may have`,
    remedy: 'Write it as underware.nodes.Firewall has it.',
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
