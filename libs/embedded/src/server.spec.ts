import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from './index.js';
import { waitFor } from '@underware/testkit';
import type { EmbeddedPostgres } from './index.js';

const prefix = 'uwt-embedded-';

const SCRIPT = `
import { Client } from 'pg';
const client = new Client({ connectionString: process.argv[1] });
try {
  await client.connect();
  console.log(JSON.stringify((await client.query(process.argv[2])).rows));
  await client.end();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}`;

/** A client of its own process, as every client of this server is. */
async function query(url: string, sql: string, within: string[] = []): Promise<unknown> {
  const [file = '', ...args] = [...within, process.execPath, '--input-type=module', '-e', SCRIPT, url, sql];
  const { stdout } = await promisify(execFile)(file, args, { env: { ...process.env, NODE_OPTIONS: '' } });
  return JSON.parse(stdout);
}

/** One of a process's children. */
function childOf(parent: number): number {
  const isChild = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(parent);
    } catch {
      return false; // it ended meanwhile
    }
  };
  return Number(readdirSync('/proc').find((name) => /^\d+$/.test(name) && isChild(name)));
}

async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    await stopEmbeddedPostgres({ dir: join(tmpdir(), name) });
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

describe('embedded Postgres', () => {
  let dir: string;
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    await sweep();
    dir = mkdtempSync(join(tmpdir(), prefix));
    server = await startEmbeddedPostgres({ dir });
  });
  afterAll(sweep);

  test('serves the truth over a UNIX socket and listens nowhere else', async () => {
    expect(await query(server.url, 'SELECT current_user, current_database()')).toEqual([
      { current_user: 'underware', current_database: 'underware' },
    ]);
    expect(await query(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    const sockets = readFileSync(`/proc/net/unix`, 'utf8');
    expect(sockets).toContain(`${server.socketDir}/.s.PGSQL.5432`);
  });

  test("keeps the queues' role out of the truth, and everybody without a password", async () => {
    expect(await query(server.queueUrl, 'SELECT current_database()')).toEqual([
      { current_database: 'underware_queue' },
    ]);
    const intoTruth = server.queueUrl.replace('/underware_queue?', '/underware?');
    await expect(query(intoTruth, 'SELECT 1')).rejects.toThrow(/permission denied for database "underware"/);
    const superuser = `postgres://postgres:x@/postgres?host=${encodeURIComponent(server.socketDir)}`;
    await expect(query(superuser, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  test('keeps its passwords from other users and creates no account', () => {
    expect(statSync(join(dir, 'passwords.json')).mode & 0o777).toBe(0o600);
    const owner = statSync(join(dir, 'data')).uid;
    const uid = process.getuid?.() ?? -1;
    const passwd = readFileSync('/etc/passwd', 'utf8');
    expect(uid === 0 ? !passwd.includes(`:${owner}:`) : owner === uid).toBe(true);
  });

  test('is reachable from another network namespace', async () => {
    const apart = process.getuid?.() === 0 ? ['unshare', '--net'] : ['unshare', '--user', '--net'];
    expect(await query(server.url, 'SELECT 7 AS n', apart)).toEqual([{ n: 7 }]);
  });

  test('comes back with its data after SIGKILL of the server, also while a part of that lives on', async () => {
    await query(server.url, 'CREATE TABLE kept (n int)');
    await query(server.url, 'INSERT INTO kept VALUES (41)');
    const child = childOf(server.pid);
    process.kill(child, 'SIGSTOP');
    process.kill(server.pid, 'SIGKILL');
    const starting = startEmbeddedPostgres({ dir });
    const refusal = join(dir, 'postgres.log');
    await waitFor('a refusal to start', () => readFileSync(refusal, 'utf8').includes('shared memory block'));
    process.kill(child, 'SIGCONT');
    server = await starting;
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 41 }]);
  });

  test('takes the place of a server that a killed process left behind', async () => {
    const left = server.pid;
    server = await startEmbeddedPostgres({ dir });
    expect(server.pid).not.toBe(left);
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 41 }]);
  });

  test('stops clean, twice', async () => {
    await server.stop();
    await server.stop();
    expect(() => statSync(join(dir, 'data', 'postmaster.pid'))).toThrow(/ENOENT/);
    await expect(query(server.url, 'SELECT 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  });

  test('says which path is too long', async () => {
    const long = join(tmpdir(), `${prefix}${'x'.repeat(90)}`);
    await expect(startEmbeddedPostgres({ dir: long })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
