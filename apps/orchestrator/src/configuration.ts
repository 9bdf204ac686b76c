import { UnderwareError } from '@underware/core';
import type { Latency } from '@underware/core';
import { readFileSync } from 'node:fs';

/** How long things may take; the defaults suit a site, tests take shorter ones. */
export interface Timings {
  /** A host that has not beaten for this long is not ready. */
  hostSilenceMs: number;
  /** How long a host whose heart beats may take for what it was asked. */
  barrierMs: { conditioning: number; starting: number; stopping: number; unconditioning: number };
  /** How often running operations and hosts that are behind are looked at. */
  sweepMs: number;
  /** A host that is behind is told again after this. */
  redispatchMs: number;
}

export const DEFAULT_TIMINGS: Timings = {
  hostSilenceMs: 20_000,
  barrierMs: { conditioning: 60_000, starting: 300_000, stopping: 120_000, unconditioning: 60_000 },
  sweepMs: 2_000,
  redispatchMs: 10_000,
};

/** What one process of the orchestrator is told at start. */
export class Configuration {
  databaseUrl: string;
  queueUrl: string;
  /** What enrolled agents are told. */
  agentQueueUrl: string;
  listen: { host: string; port: number };
  /** Path of the UNIX socket for agents of this machine. */
  socket: string | undefined;
  stateDir: string;
  trustedKeysDir: string;
  timings: Timings;
  /** Between hosts and zones, as the operator knows them. */
  latencies?: Latency[];
}

export function readConfiguration(environment: Record<string, string | undefined>): Configuration {
  const required = (name: string): string => {
    const value = environment[name];
    if (value !== undefined && value !== '') return value;
    throw misconfigured(name, 'it is not set');
  };
  const queueUrl = required('UNDERWARE_QUEUE_URL');
  return {
    databaseUrl: required('UNDERWARE_DATABASE_URL'),
    queueUrl,
    agentQueueUrl: environment['UNDERWARE_AGENT_QUEUE_URL'] || queueUrl,
    listen: readAddress(environment['UNDERWARE_LISTEN'] || '127.0.0.1:8640'),
    socket: environment['UNDERWARE_SOCKET'] || undefined,
    stateDir: required('UNDERWARE_STATE_DIR'),
    trustedKeysDir: required('UNDERWARE_TRUSTED_KEYS'),
    timings: DEFAULT_TIMINGS,
    latencies: readLatencies(environment['UNDERWARE_LATENCIES'] || undefined),
  };
}

function readAddress(text: string): Configuration['listen'] {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw misconfigured('UNDERWARE_LISTEN', `"${text}" is not address:port`);
  }
  return { host, port };
}

/** A file of JSON: `{ "latencies": [{ "scope": "host", "between": ["h1", "h2"], "milliseconds": 2 }] }`. */
export function readLatencies(file: string | undefined): Latency[] {
  if (file === undefined) return [];
  const wrong = (why: string): UnderwareError => misconfigured('UNDERWARE_LATENCIES', `${file}: ${why}`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const listed: unknown = isRecord(content) ? content['latencies'] : undefined;
  if (!Array.isArray(listed)) throw wrong('it has no list of latencies');
  return listed.map((each: unknown, i) => {
    if (isLatency(each)) return each;
    throw wrong(
      `latencies.${i} is not { "scope": "host" or "zone", "between": [two names], "milliseconds": 0 or more }`,
    );
  });
}

function isLatency(value: unknown): value is Latency {
  if (!isRecord(value)) return false;
  const { scope, between, milliseconds, ...more } = value;
  return (
    (scope === 'host' || scope === 'zone') &&
    Array.isArray(between) &&
    between.length === 2 &&
    between.every((name: unknown) => typeof name === 'string' && name !== '') &&
    typeof milliseconds === 'number' &&
    milliseconds >= 0 &&
    Object.keys(more).length === 0
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function misconfigured(name: string, why: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the configuration',
    on: name,
    why,
    remedy: 'Set it as docs/operate.md says',
  });
}
