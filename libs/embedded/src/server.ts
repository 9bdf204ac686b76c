import { UnderwareError } from '@underware/core';
import { spawn } from 'node:child_process';
import { open, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serverAccounts } from './account.js';
import type { Account } from './account.js';
import { findBinaries } from './binaries.js';
import { layoutOf, prepareCluster, prepareDirectories } from './cluster.js';
import type { Layout } from './cluster.js';

export interface EmbeddedPostgres {
  /** The truth's database; only its own role may connect to it. */
  url: string;
  /** The queues' database, with a role that can read nothing else. */
  queueUrl: string;
  /** Directory of the server's UNIX socket. */
  socketDir: string;
  pid: number;
  /** Ends connections and the server; data stays. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;

/** Small enough for a laptop beside the services; durable, as it holds the truth. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '',
  // Root and the server's own user: a VNF must not be able to take all connections.
  unix_socket_permissions: '0700',
  max_connections: '200',
  shared_buffers: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  jit: 'off',
  autovacuum_max_workers: '1',
  io_method: 'sync',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/**
 * Starts Postgres in a directory, which is created when absent. One that was left behind by a killed process is stopped
 * first. The server listens on a UNIX socket only.
 */
export async function startEmbeddedPostgres({ dir }: { dir: string }): Promise<EmbeddedPostgres> {
  const layout = layoutOf(dir);
  const accounts = serverAccounts();
  await prepareDirectories(layout, accounts);
  await stopEmbeddedPostgres({ dir });
  const binaries = await findBinaries(dir, accounts !== undefined);
  const passwords = await prepareCluster(layout, binaries, accounts);
  const pid = await launch(layout, binaries.postgres, accounts?.server);
  const address = (role: 'underware' | 'underware_queue'): string =>
    `postgres://${role}:${passwords[role]}@/${role}?host=${encodeURIComponent(layout.sockets)}`;
  return {
    url: address('underware'),
    queueUrl: address('underware_queue'),
    socketDir: layout.sockets,
    pid,
    stop: () => stopEmbeddedPostgres({ dir }),
  };
}

/** Stops whatever Postgres runs in the directory, also one that an earlier process started; none is fine. */
export async function stopEmbeddedPostgres({ dir }: { dir: string }): Promise<void> {
  const layout = layoutOf(dir);
  const pid = (await readPidFile(layout))?.pid;
  if (pid === undefined || !(await isServerOf(pid, layout))) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (await isServerOf(pid, layout)) {
    if (Date.now() > deadline) {
      throw new UnderwareError({
        code: 'TIMED_OUT',
        attempted: 'stop the embedded Postgres',
        on: dir,
        why: `process ${pid} still runs ${STOP_TIMEOUT_MS / 1_000} seconds after it was told to stop`,
        remedy: `Read ${layout.log}, then end the process by hand`,
      });
    }
    await pause(10);
  }
}

/** The server's words for it. */
const IN_USE = 'pre-existing shared memory block';

/** Processes of a server that was killed end a moment after it, and until then a new one refuses to start. */
async function launch(layout: Layout, postgres: string, account: Account | undefined): Promise<number> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await launchOnce(layout, postgres, account);
    } catch (error) {
      const isInUse = error instanceof UnderwareError && error.report.detail?.includes(IN_USE) === true;
      if (!isInUse || Date.now() > deadline) throw error;
      await pause(100);
    }
  }
}

async function launchOnce(layout: Layout, postgres: string, account: Account | undefined): Promise<number> {
  const settings = { ...SETTINGS, unix_socket_directories: layout.sockets };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A file and not a pipe: the server outlives a killed parent and must not lose its standard error.
  const log = await open(layout.log, 'w', 0o600);
  const child = spawn(postgres, ['-D', layout.data, ...args], {
    ...account,
    cwd: layout.data,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    stdio: ['ignore', log.fd, log.fd],
    // Ctrl-C in a terminal is for the orchestrator, which stops the server when it is done with it.
    detached: true,
  });
  await log.close();
  child.unref();
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `it ended with ${signal ?? `code ${String(code)}`}`));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const pidFile = await readPidFile(layout);
    if (pidFile?.pid === child.pid && pidFile?.status === 'ready') return pidFile.pid;
    if (ended !== undefined || Date.now() > deadline) break;
    await pause(10);
  }
  throw new UnderwareError({
    code: 'TIMED_OUT',
    attempted: 'start the embedded Postgres',
    on: layout.dir,
    why: ended ?? `it was not ready after ${START_TIMEOUT_MS / 1_000} seconds`,
    remedy: 'Read its log below',
    detail: (await readFile(layout.log, 'utf8').catch(() => '')).slice(-8_000),
  });
}

interface PidFile {
  pid: number;
  status: string;
}

/** postmaster.pid: the process id in line 1, what the server is doing in line 8. */
async function readPidFile(layout: Layout): Promise<PidFile | undefined> {
  const text = await readFile(join(layout.data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  const lines = text?.split('\n');
  const pid = Number(lines?.[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, status: (lines?.[7] ?? '').trim() } : undefined;
}

/** A process id may have been given to someone else since: a server works in its data directory. */
async function isServerOf(pid: number, layout: Layout): Promise<boolean> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (cwd !== layout.data) return false;
  const state = /^State:\s+(\S)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1];
  return state !== undefined && state !== 'Z';
}
