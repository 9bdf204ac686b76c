import {
  startEmbeddedPostgres,
  startLocalRedis,
  stopEmbeddedPostgres,
  stopLocalRedis,
} from '@underware/embedded';
import type { LocalRedisOptions } from '@underware/embedded';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Of this worker of the test runner: another one runs another file at the same time, and sweeps what is its own. */
const PREFIX = `uwt-jobs-${process.env['JEST_WORKER_ID'] ?? '0'}-`;

export interface Server {
  /** With the owner's account. */
  url: string;
  stop(): Promise<void>;
  /** Kills it and starts it again. */
  restart(): Promise<void>;
}

export function directory(): string {
  return mkdtempSync(join(tmpdir(), PREFIX));
}

/** Takes away what these tests made, also what a crashed run left. */
export async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    await stopEmbeddedPostgres({ dir: join(tmpdir(), name) });
    await stopLocalRedis({ dir: join(tmpdir(), name) });
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within 20 seconds: ${what}`);
    await pause(10);
  }
}

/** With the address of the truth that the queue's Postgres also holds. */
export async function startPostgres(): Promise<Server & { truthUrl: string }> {
  const dir = directory();
  const server = await startEmbeddedPostgres({ dir });
  const restart = async (): Promise<void> => {
    process.kill(server.pid, 'SIGKILL');
    server.pid = (await startEmbeddedPostgres({ dir })).pid;
  };
  return { url: server.queueUrl, truthUrl: server.url, stop: server.stop, restart };
}

/** `hang` stops it where it is, with its connections open; it can only be stopped then. */
export async function startRedis(
  options: Omit<LocalRedisOptions, 'dir'> = {},
): Promise<Server & { hang(): void }> {
  const dir = directory();
  let server = await startLocalRedis({ ...options, dir });
  const restart = async (): Promise<void> => {
    process.kill(server.pid, 'SIGKILL');
    await server.stop();
    server = await startLocalRedis({ ...options, dir });
  };
  const stop = async (): Promise<void> => {
    const stopped = server.stop();
    signal(server.pid, 'SIGCONT');
    await stopped;
  };
  return { url: server.url, stop, restart, hang: () => signal(server.pid, 'SIGSTOP') };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended
  }
}

/** Over TCP and with a password, as a site has it. */
export async function startRedisOnTcp(): Promise<Server> {
  return startRedis({ tcp: { port: await freePort(), password: 'the-password-of-the-owner' } });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
