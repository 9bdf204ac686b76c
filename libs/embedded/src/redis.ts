import { UnderwareError } from '@underware/core';
import { spawn } from 'node:child_process';
import { access, mkdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface LocalRedis {
  /** `redis+unix:///…/redis.sock`, or `redis://:…@127.0.0.1:…` */
  url: string;
  /** It listens here in both cases. */
  socket: string;
  pid: number;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;

export interface LocalRedisOptions {
  dir: string;
  /** Listens on the loopback device as well, and asks everybody for the password. */
  tcp?: { port: number; password: string };
  /** Default: redis-server. */
  program?: 'redis-server' | 'valkey-server';
}

/**
 * Starts the machine's own redis-server on a UNIX socket in a directory, keeping no data on disk. It ends with this process's
 * `stop`; for tests and the lab on the Redis backend.
 */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const { dir, tcp, program = 'redis-server' } = options;
  const socket = join(dir, 'redis.sock');
  await mkdir(dir, { recursive: true });
  await stopLocalRedis({ dir });
  await rm(socket, { force: true });
  const configuration = join(dir, 'redis.conf');
  // A file, as anybody can read the command line.
  await writeFile(configuration, tcp ? `requirepass ${tcp.password}\n` : '', { mode: 0o600 });
  const settings = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(tcp?.port ?? 0),
    '--unixsocket',
    socket,
    '--unixsocketperm',
    '700',
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const places = ['--dir', dir, '--pidfile', join(dir, 'redis.pid')];
  const child = spawn(program, [configuration, ...settings, ...places], { stdio: 'ignore', detached: true });
  child.unref();
  let ended: string | undefined;
  const exit = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      ended = error.message;
      resolve();
    });
    child.on('exit', (code, signal) => {
      ended = `it ended with ${signal ?? `code ${String(code)}`}`;
      resolve();
    });
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await accepts(socket))) {
    if (ended !== undefined || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new UnderwareError({
        code: 'TIMED_OUT',
        attempted: `start ${program}`,
        on: socket,
        why: ended ?? `it was not ready after ${START_TIMEOUT_MS / 1_000} seconds`,
        remedy: `Install ${program} (Debian and Ubuntu: apt install ${program}), or give the address of a running one`,
      });
    }
    await pause(10);
  }
  return {
    url: tcp ? `redis://:${tcp.password}@127.0.0.1:${tcp.port}` : `redis+unix://${socket}`,
    socket,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** Stops whatever redis-server an earlier process left running in the directory; none is fine. */
export async function stopLocalRedis({ dir }: { dir: string }): Promise<void> {
  const pid = Number(await readFile(join(dir, 'redis.pid'), 'utf8').catch(() => ''));
  // A process id may have been given to someone else since: the server works in its directory.
  const isOurs = async (): Promise<boolean> =>
    Number.isInteger(pid) && pid > 0 && (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === dir;
  if (!(await isOurs())) return;
  process.kill(pid, 'SIGKILL');
  while (await isOurs()) await pause(10);
}

async function accepts(socket: string): Promise<boolean> {
  const there = await access(socket).then(
    () => true,
    () => false,
  );
  if (!there) return false;
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
