import { UnderwareError } from '@underware/core';

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

function misconfigured(name: string, why: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the configuration',
    on: name,
    why,
    remedy: 'Set it as docs/operate.md says',
  });
}
