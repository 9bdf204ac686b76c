import pino from 'pino';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_TIMINGS } from '../src/configuration.js';
import type { Configuration } from '../src/configuration.js';
import { LoggedTransitions } from '../src/modules/operations/logged-transitions.js';
import type { Transitions } from '../src/modules/operations/transitions.js';
import { start } from '../src/start.js';
import type { Orchestrator } from '../src/start.js';
import { Api } from './api.spec-support.js';
import type { Servers } from './servers.spec-support.js';

export const QUICK = {
  ...DEFAULT_TIMINGS,
  hostSilenceMs: 2_500,
  sweepMs: 100,
  redispatchMs: 400,
};

export function configurationOver(servers: Servers): Configuration {
  const trustedKeysDir = join(servers.dir, 'keys');
  mkdirSync(trustedKeysDir, { recursive: true });
  return {
    databaseUrl: servers.databaseUrl,
    queueUrl: servers.queueUrl,
    agentQueueUrl: servers.queueUrl,
    listen: { host: '127.0.0.1', port: 0 },
    socket: join(servers.dir, 'api.sock'),
    stateDir: join(servers.dir, 'state'),
    trustedKeysDir,
    timings: QUICK,
  };
}

/** The orchestrator in this process, with short timings. */
export async function startOver(
  servers: Servers,
  transitions?: Transitions,
): Promise<{ orchestrator: Orchestrator; api: Api }> {
  const configuration = configurationOver(servers);
  const log = pino(
    { level: process.env['UWT_LOG'] ?? 'silent', serializers: { error: pino.stdSerializers.err } },
    pino.destination(2),
  );
  const orchestrator = await start('all', configuration, log, transitions ?? new LoggedTransitions(log));
  return { orchestrator, api: new Api(orchestrator.address ?? '', configuration.stateDir) };
}
