import { UnderwareError } from '@underware/core';
import type { BackendChecks } from '@underware/core';
import { parsePrefix } from '../prefix.js';
import type { Family, Prefix } from '../prefix.js';

export type Transport = 'tcp' | 'udp';

/** A load balancer as its author means it. */
export interface BalancerModel {
  /** Virtual, at most one of each family. */
  addresses: Prefix[];
  services: VirtualService[];
  backends: { port: string; weight: number }[];
  bySource: boolean;
  /** Seconds. */
  affinityTimeout: number;
  drain: number;
  tcpTimeout: number;
  udpTimeout: number;
  /** How many a host keeps at most. */
  connections: number;
  healthCheck: HealthCheck | undefined;
}

/** How agents look at backends; times in seconds. */
export type HealthCheck = Pick<
  BackendChecks,
  'protocol' | 'path' | 'status' | 'interval' | 'timeout' | 'rise' | 'fall'
> & { port?: number };

/** A backend as instances know it. */
export interface Backend {
  port: string;
  weight: number;
  /** The same in every revision, for as long as its addresses are. */
  id: number;
  addresses: Readonly<Record<Family, Prefix | undefined>>;
}

export interface VirtualService {
  name: string;
  protocol: Transport;
  port: number;
  targetPort: number;
}

const DEFAULTS = {
  connections: 65_536,
  tcpTimeout: 7440,
  udpTimeout: 120,
  affinityTimeout: 10_800,
  drain: 30,
};
const CHECK_DEFAULTS = { interval: 5, timeout: 2, rise: 2, fall: 3 };

/** Reads a model that satisfies the node type; what is not there reads as its default. Throws INPUT_INVALID for anything else. */
export function readBalancer(model: Record<string, unknown>): BalancerModel {
  const services = list('services', model['services']).map((service) => {
    const port = number('port', service['port']);
    return {
      name: text('name', service['name']),
      protocol: transport(service['protocol']),
      port,
      targetPort: number('target_port', service['target_port'], port),
    };
  });
  return {
    addresses: texts('addresses', model['addresses']).map(
      (written) => parsePrefix(written) ?? absent('addresses', written),
    ),
    services,
    backends: list('backends', model['backends']).map((backend) => ({
      port: text('port', backend['port']),
      weight: number('weight', backend['weight'], 1),
    })),
    bySource: model['affinity'] === 'source',
    affinityTimeout: number('affinity_timeout', model['affinity_timeout'], DEFAULTS.affinityTimeout),
    drain: number('drain', model['drain'], DEFAULTS.drain),
    tcpTimeout: number('tcp_timeout', model['tcp_timeout'], DEFAULTS.tcpTimeout),
    udpTimeout: number('udp_timeout', model['udp_timeout'], DEFAULTS.udpTimeout),
    connections: number('connections', model['connections'], DEFAULTS.connections),
    healthCheck: healthCheck(model['health_check']),
  };
}

function healthCheck(value: unknown): HealthCheck | undefined {
  if (value === undefined) return undefined;
  const { protocol, port, path, status, interval, timeout, rise, fall } = record('health_check', value);
  const http = protocol === 'http';
  return {
    protocol: http ? 'http' : 'tcp',
    ...(port === undefined ? {} : { port: number('port', port) }),
    ...(http ? { path: text('path', path, '/') } : {}),
    ...(http && Array.isArray(status) ? { status: status.map((each) => number('status', each)) } : {}),
    interval: number('interval', interval, CHECK_DEFAULTS.interval),
    timeout: number('timeout', timeout, CHECK_DEFAULTS.timeout),
    rise: number('rise', rise, CHECK_DEFAULTS.rise),
    fall: number('fall', fall, CHECK_DEFAULTS.fall),
  };
}

/** The first of a port's addresses that is of the family; undefined where it has none. */
export function addressIn(addresses: readonly string[], family: Family): Prefix | undefined {
  return addresses.map(parsePrefix).find((prefix) => prefix?.family === family);
}

function transport(value: unknown): Transport {
  return value === 'tcp' || value === 'udp' ? value : absent('protocol', value);
}

function list(what: string, value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : absent<unknown[]>(what, value)).map((entry) => record(what, entry));
}

function texts(what: string, value: unknown): string[] {
  return (Array.isArray(value) ? value : absent<unknown[]>(what, value)).map((entry) => text(what, entry));
}

function record(what: string, value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : absent(what, value);
}

function text(what: string, value: unknown, otherwise?: string): string {
  return typeof value === 'string' ? value : absent(what, value, otherwise);
}

function number(what: string, value: unknown, otherwise?: number): number {
  return typeof value === 'number' ? value : absent(what, value, otherwise);
}

function absent<T>(what: string, value: unknown, otherwise?: T): T {
  if (value === undefined && otherwise !== undefined) return otherwise;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the model of a load balancer',
    on: what,
    why: value === undefined ? 'it is not there' : `it is ${typeof value}, or none of the values it may have`,
    remedy: 'Write it as underware.nodes.LoadBalancer has it.',
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
