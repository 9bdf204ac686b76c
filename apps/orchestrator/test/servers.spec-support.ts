import {
  startEmbeddedPostgres,
  startLocalRedis,
  stopEmbeddedPostgres,
  stopLocalRedis,
} from '@underware/embedded';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Servers {
  dir: string;
  databaseUrl: string;
  queueUrl: string;
  /** Kills the queue's server and starts an empty one in its place. Redis only. */
  wipeQueue?: () => Promise<void>;
  stop(): Promise<void>;
}

export const BACKENDS = ['postgres', 'redis'] as const;
export type BackendKind = (typeof BACKENDS)[number];

/** Ends and removes what earlier runs with this prefix left behind. */
export async function sweepServers(prefix: string): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const dir = join(tmpdir(), name);
    await stopEmbeddedPostgres({ dir: join(dir, 'postgres') });
    await stopLocalRedis({ dir: join(dir, 'redis') });
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A real Postgres for the truth, and the queues on the wanted backend. */
export async function startServers(prefix: string, kind: BackendKind): Promise<Servers> {
  const dir = mkdtempSync(join(tmpdir(), prefix));
  // Postgres under root runs as another user, who must be able to enter.
  chmodSync(dir, 0o711);
  const postgres = await startEmbeddedPostgres({ dir: join(dir, 'postgres') });
  if (kind === 'postgres') {
    const stop = async (): Promise<void> => {
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    };
    return { dir, databaseUrl: postgres.url, queueUrl: postgres.queueUrl, stop };
  }
  let redis = await startLocalRedis({ dir: join(dir, 'redis') });
  return {
    dir,
    databaseUrl: postgres.url,
    queueUrl: redis.url,
    wipeQueue: async () => {
      process.kill(redis.pid, 'SIGKILL');
      await redis.stop();
      redis = await startLocalRedis({ dir: join(dir, 'redis') });
    },
    stop: async () => {
      await redis.stop();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
