import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AgentMessage } from '@underware/core';
import { PostgresConnection } from 'bullmq';
import { Redis } from 'ioredis';
import { redisOptions } from './backend.js';
import { messageKey, openOwnQueues, openQueues, sealMessage } from './index.js';
import type { HostJob, MessageKey, Queues } from './index.js';
import { startPostgres, startRedis, sweep, until } from './servers.spec-support.js';
import type { Server } from './servers.spec-support.js';

const keys: Record<string, MessageKey> = { h1: messageKey('of h1'), h2: messageKey('of h2') };
const keyOf = async (host: string): Promise<MessageKey> => keys[host] ?? messageKey('nobody');

function hostJob(host: string, generation: number): HostJob {
  return { host, generation, state: { host, generation, slices: [] } };
}

function applied(host: string): AgentMessage {
  const at = new Date().toISOString();
  return { type: 'applied', host, boot: 'b1', sequence: 1, at, generation: 1, slices: [] };
}

let server: Server;
let owner: Queues;
const closers: (() => Promise<void>)[] = [];

async function open(opening: Promise<Queues>): Promise<Queues> {
  const queues = await opening;
  closers.push(() => queues.close());
  return queues;
}

async function admit(host: string): Promise<string> {
  return owner.admitHost(host, await keyOf(host), server.url);
}

/** Serves host h1 and notes the generations it was asked for. */
async function serve(url: string): Promise<number[]> {
  const seen: number[] = [];
  const agent = await open(openQueues(url, () => undefined));
  await agent.serveHost('h1', await keyOf('h1'), {
    apply: async ({ generation }) => void seen.push(generation),
    answers: {},
  });
  return seen;
}

/** The owner mends what is missing until a new job arrives. */
async function untilServedAgain(seen: number[], generation: number): Promise<void> {
  await until(async () => {
    await owner.restore(async () => ['h1'], keyOf).catch(() => undefined);
    await owner.dispatchHost(hostJob('h1', generation), 'b1', await keyOf('h1')).catch(() => undefined);
    return seen.includes(generation);
  }, `generation ${generation}`);
}

/** Adds a job as BullMQ does. */
const add = (queue: string, data: unknown): string =>
  `SELECT add_job('${queue}', 'x', 'job', '${JSON.stringify(data)}', '{}', 0, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, false)`;

function sql(url: string): (text: string) => Promise<Record<string, unknown>[]> {
  const connection = new PostgresConnection({ connectionString: url, schema: 'bullmq', max: 1 });
  connection.on('error', () => undefined);
  closers.push(() => connection.close());
  return async (text) => (await connection.pool.query(text)).rows;
}

function redis(url: string): Redis {
  const connection = new Redis({ ...redisOptions(url), maxRetriesPerRequest: 1 });
  connection.on('error', () => undefined);
  closers.push(async () => connection.disconnect());
  return connection;
}

beforeAll(sweep);
beforeEach(async () => {
  owner = await open(openOwnQueues(server.url, () => undefined));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(sweep);

describe('the role of a host on Postgres', () => {
  let truthUrl: string;
  beforeAll(async () => {
    const started = await startPostgres();
    server = started;
    truthUrl = started.truthUrl;
  });
  afterAll(() => server.stop());

  test('changes neither the schema nor what is of others, and sees neither', async () => {
    const thief = sql(await admit('h1'));
    await admit('h2');
    await owner.dispatchHost(hostJob('h1', 1), 'b1', await keyOf('h1'));
    await owner.dispatchHost(hostJob('h2', 1), 'b1', await keyOf('h2'));
    await owner.submitOperation('7a35e1a2-98c5-4bb1-a4a8-3dc6c10ed1a5');
    await owner.report(applied('h2'), await keyOf('h2'));

    const queues = async (ask: ReturnType<typeof sql>): Promise<unknown[]> =>
      (await ask('SELECT DISTINCT queue FROM job ORDER BY queue')).map(({ queue }) => queue);
    const all = ['host-h1', 'host-h2', 'operations', 'reports'];
    expect(await queues(sql(server.url))).toEqual(all);
    expect(await queues(thief)).toEqual(['host-h1']);

    await thief('DELETE FROM job');
    await thief(`UPDATE meta SET value = '1'`);
    expect(await queues(sql(server.url))).toEqual(all.filter((queue) => queue !== 'host-h1'));

    const forbidden = { code: '42501' };
    const sealed = sealMessage(await keyOf('h1'), 'report', 'h2', {});
    for (const attempt of [
      'DROP SCHEMA bullmq CASCADE',
      'DROP TABLE job',
      'TRUNCATE job',
      'ALTER TABLE job DISABLE ROW LEVEL SECURITY',
      'CREATE TABLE bullmq.more (id int)',
      'CREATE SCHEMA more',
      'CREATE TEMPORARY TABLE more (id int)',
      'ALTER ROLE underware_host_h2 NOLOGIN',
      'SET ROLE underware_queue',
      add('host-h2', {}),
      add('operations', {}),
      add('reports', sealed),
    ]) {
      await expect(thief(attempt)).rejects.toMatchObject(forbidden);
    }
    const toTheTruth = (await admit('h1')).replace('/underware_queue?', '/underware?');
    expect(truthUrl).toContain('/underware?');
    await expect(sql(toTheTruth)('SELECT 1')).rejects.toMatchObject(forbidden);
    await owner.removeHost('h2');
  });

  test('is made again with the tables when both are gone while all runs', async () => {
    const seen = await serve(await admit('h1'));
    await untilServedAgain(seen, 1);
    const root = sql(server.url);
    // The host's worker goes on meanwhile: what ends in a deadlock with it is tried again.
    for (const statement of [
      'DROP SCHEMA IF EXISTS bullmq CASCADE',
      'GRANT underware_host_h1 TO CURRENT_USER',
      'DROP OWNED BY underware_host_h1',
      'DROP ROLE IF EXISTS underware_host_h1',
    ]) {
      await until(
        () =>
          root(statement).then(
            () => true,
            () => false,
          ),
        statement,
      );
    }
    await untilServedAgain(seen, 2);
    await expect(sql(server.url)('SELECT FROM pg_policies')).resolves.not.toEqual([]);
  }, 40_000);

  test('goes with its host, at once and for those that are enrolled no more', async () => {
    const gone = sql(await admit('h2'));
    await gone('SELECT 1');
    await owner.removeHost('h2');
    await expect(gone('SELECT 1')).rejects.toThrow(/terminat|password|connection/i);
    const address = await admit('h2');
    // One that is being enrolled is not known yet.
    await owner.restore(async () => ['h1'], keyOf);
    await expect(sql(address)('SELECT 1')).resolves.toBeDefined();
    await owner.restore(async () => ['h1'], keyOf, 0);
    await expect(sql(address)('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('is not made where the server does not allow it: the address stays as it is', async () => {
    const root = sql(server.url);
    await root('CREATE ROLE underware_host_uwt LOGIN PASSWORD $$plain$$');
    await root('GRANT CREATE, CONNECT ON DATABASE underware_queue TO underware_host_uwt');
    await root('DROP SCHEMA bullmq CASCADE');
    const plain = server.url.replace(/\/\/[^@]*@/, '//underware_host_uwt:plain@');
    const poor = await open(openOwnQueues(plain, () => undefined));
    await expect(poor.admitHost('h3', await keyOf('h3'), plain)).resolves.toBe(plain);
    await poor.restore(async () => ['h3'], keyOf);
    await poor.dispatchHost(hostJob('h3', 1), 'b1', await keyOf('h3'));
  });
});

describe('the user of a host on Redis', () => {
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  test('reaches its own queues and the reports, and no command of an administrator', async () => {
    const thief = redis(await admit('h1'));
    await owner.dispatchHost(hostJob('h2', 1), 'b1', await keyOf('h2'));
    const refused = { message: expect.stringMatching(/NOPERM|can't access/) };
    for (const attempt of [
      ['DEL', 'bull:host-h2:wait'],
      ['LRANGE', 'bull:host-h2:wait', '0', '-1'],
      ['HGETALL', 'bull:host-h2:generation-1-b1'],
      ['LPUSH', 'bull:operations:wait', 'x'],
      ['EVAL', `return redis.call('DEL', 'bull:host-h2:wait')`, '0'],
      ['FLUSHALL'],
      ['KEYS', '*'],
      ['SCAN', '0'],
      ['ACL', 'LIST'],
      ['CONFIG', 'GET', '*'],
      ['SCRIPT', 'FLUSH'],
      ['MONITOR'],
    ] as const) {
      const [command, ...args] = attempt;
      await expect(thief.call(command, ...args)).rejects.toMatchObject(refused);
    }
    await expect(thief.lrange('bull:host-h1:wait', 0, -1)).resolves.toEqual([]);
  });

  test('is made again when the server forgot it, and goes with its host', async () => {
    const seen = await serve(await admit('h1'));
    await untilServedAgain(seen, 1);
    const root = redis(server.url);
    await root.call('ACL', 'DELUSER', 'underware_host_h1');
    await root.flushall();
    await untilServedAgain(seen, 2);
    const users = async (): Promise<unknown> => root.call('ACL', 'USERS');
    await admit('h2');
    const former = redis(await admit('h3'));
    await former.get('bull:host-h3:id');
    await owner.removeHost('h3');
    await expect(former.get('bull:host-h3:id')).rejects.toThrow(/closed|WRONGPASS|max retries/i);
    await owner.restore(async () => ['h1'], keyOf, 0);
    expect(await users()).toEqual(['default', 'underware_host_h1']);
  }, 40_000);
});
