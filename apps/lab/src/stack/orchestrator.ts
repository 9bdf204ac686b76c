import { UnderwareClient } from '@underware/client';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Daemon } from './daemon.js';
import { SYSTEM_PATH } from './lab-processes.js';
import { REPOSITORY } from './layout.js';
import type { LabLayout } from './layout.js';
import { untilReady } from './until-ready.js';

const MAIN = join(REPOSITORY, 'apps/orchestrator/dist/main.js');

export interface OrchestratorSettings {
  databaseUrl: string;
  queueUrl: string;
  agentQueueUrl: string;
  trustedKeys: string;
  port: number;
  /** Default: the built orchestrator. */
  main?: string | undefined;
}

export interface RunningOrchestrator {
  daemon: Daemon;
  url: string;
  token: string;
  client: UnderwareClient;
}

/** Written by the orchestrator on its first start, mode 0600. */
export function tokenFileOf(layout: LabLayout): string {
  return join(layout.data, 'orchestrator', 'admin.token');
}

/** Starts API and worker as one process and waits until the API answers. */
export async function startOrchestrator(
  layout: LabLayout,
  { databaseUrl, queueUrl, agentQueueUrl, trustedKeys, port, main = MAIN }: OrchestratorSettings,
  signal?: AbortSignal,
): Promise<RunningOrchestrator> {
  const state = join(layout.data, 'orchestrator');
  await mkdir(state, { recursive: true, mode: 0o700 });
  const daemon = await Daemon.start(layout, {
    role: 'orchestrator',
    argv: [process.execPath, main, 'all'],
    env: {
      PATH: SYSTEM_PATH,
      UNDERWARE_DATABASE_URL: databaseUrl,
      UNDERWARE_QUEUE_URL: queueUrl,
      UNDERWARE_AGENT_QUEUE_URL: agentQueueUrl,
      UNDERWARE_TRUSTED_KEYS: trustedKeys,
      UNDERWARE_LISTEN: `127.0.0.1:${port}`,
      UNDERWARE_SOCKET: layout.apiSocket,
      UNDERWARE_STATE_DIR: state,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const answered = async (): Promise<{ token: string; client: UnderwareClient }> => {
    const token = (await readFile(tokenFileOf(layout), 'utf8')).trim();
    const client = new UnderwareClient({ url, token });
    await client.hosts();
    return { token, client };
  };
  return { daemon, url, ...(await untilReady(layout, [daemon], answered, signal)) };
}
