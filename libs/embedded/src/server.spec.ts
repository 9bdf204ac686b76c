import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from './index.js';
import type { EmbeddedPostgres } from './index.js';

const prefix = 'uwt-embedded-';

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(sql);
    return result.rows;
  } finally {
    await client.end();
  }
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

  test('is reachable from another network namespace', () => {
    const script = `import pg from 'pg'; const c = new pg.Client({ connectionString: process.argv[1] });
      await c.connect(); console.log((await c.query('SELECT 7 AS n')).rows[0].n); await c.end();`;
    const node = [process.execPath, '--input-type=module', '-e', script, server.url];
    const output = execFileSync(
      'unshare',
      process.getuid?.() === 0 ? ['--net', ...node] : ['--user', '--net', ...node],
    );
    expect(output.toString().trim()).toBe('7');
  });

  test('comes back with its data after SIGKILL of the server', async () => {
    await query(server.url, 'CREATE TABLE kept (n int)');
    await query(server.url, 'INSERT INTO kept VALUES (41)');
    process.kill(server.pid, 'SIGKILL');
    server = await startEmbeddedPostgres({ dir });
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
    await expect(query(server.url, 'SELECT 1')).rejects.toThrow();
  });

  test('says which path is too long', async () => {
    const long = join(tmpdir(), `${prefix}${'x'.repeat(90)}`);
    await expect(startEmbeddedPostgres({ dir: long })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
