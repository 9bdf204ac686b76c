import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import type { AgentMessage } from '@underware/core';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import {
  MAX_ANSWER_BYTES,
  messageKey,
  openOwnQueues,
  openQueues,
  REPORTS_QUEUE,
  sealMessage,
} from './index.js';
import type { HostJob, Queues } from './index.js';
import { startPostgres, startRedis, startRedisOnTcp, sweep, until } from './servers.spec-support.js';
import type { Server } from './servers.spec-support.js';

const key = messageKey('token of h1');

const LOGS = { service: 's', vnf: 'web', workload: '0123456789abcdef', tail: 5 };
const REFUSED = {
  code: 'NOT_FOUND',
  attempted: 'read logs',
  on: 'web of s',
  why: 'this host has no such workload',
  remedy: 'Look where the VNF is placed',
} as const;

function hostJob(generation: number): HostJob {
  return { host: 'h1', generation, state: { host: 'h1', generation, slices: [] } };
}

function applied(host: string, generation: number): AgentMessage {
  return {
    type: 'applied',
    host,
    boot: 'b1',
    sequence: generation,
    at: new Date().toISOString(),
    generation,
    slices: [],
  };
}

const backends: [string, Queues['kind'], () => Promise<Server>][] = [
  ['postgres', 'postgres', startPostgres],
  ['redis', 'redis', startRedis],
  ['redis over TCP', 'redis', startRedisOnTcp],
];
const hasValkey = spawnSync('valkey-server', ['--version']).status === 0;
if (hasValkey) backends.push(['valkey', 'redis', () => startRedis({ program: 'valkey-server' })]);

beforeAll(sweep);

describe.each(backends)('queues on %s', (_name, kind, start) => {
  let server: Server;
  const open: Queues[] = [];
  const errors: Error[] = [];

  async function connect(): Promise<Queues> {
    const queues = await openOwnQueues(server.url, (error) => errors.push(error));
    open.push(queues);
    return queues;
  }

  /** With the account of host h1. */
  async function connectHost(orchestrator: Queues): Promise<Queues> {
    const url = await orchestrator.admitHost('h1', key, server.url);
    expect(url).not.toBe(server.url);
    const queues = await openQueues(url, (error) => errors.push(error));
    open.push(queues);
    return queues;
  }

  beforeAll(async () => {
    server = await start();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((queues) => queues.close()));
    errors.length = 0;
  });
  afterAll(async () => {
    await server.stop();
    await sweep();
  });

  test('brings jobs to a host in order, again when sent again, once when queued twice', async () => {
    const orchestrator = await connect();
    const agent = await connectHost(orchestrator);
    expect(agent.kind).toBe(kind);
    await orchestrator.dispatchHost(hostJob(1), 'b1', key);
    await orchestrator.dispatchHost(hostJob(1), 'b1', key);
    await orchestrator.dispatchHost(hostJob(2), 'b1', key);
    const seen: number[] = [];
    await agent.serveHost('h1', key, {
      apply: async (job) => {
        seen.push(job.state.generation);
      },
      answers: {},
    });
    await until(() => seen.length >= 2, 'two jobs');
    expect(seen).toEqual([1, 2]);
    // Its id is free again as soon as the job is off the queue, which is just after its handler returned.
    const deadline = Date.now() + 5_000;
    while (seen.length < 3 && Date.now() < deadline) {
      await orchestrator.dispatchHost(hostJob(2), 'b1', key);
      await pause(20);
    }
    expect(seen[2]).toBe(2);
  });

  test('answers a request for logs, beside a running job', async () => {
    const orchestrator = await connect();
    const agent = await connectHost(orchestrator);
    const gate = new EventEmitter();
    const held = once(gate, 'open');
    let applying = false;
    await agent.serveHost('h1', key, {
      apply: async () => {
        applying = true;
        await held;
      },
      answers: { logs: async ({ tail, vnf }) => ({ text: `${tail} lines of ${vnf}` }) },
    });
    await orchestrator.dispatchHost(hostJob(3), 'b1', key);
    await until(() => applying, 'the job to run');
    const asked = orchestrator.ask({ host: 'h1', name: 'edge', key }, 'logs', LOGS, 10_000);
    await expect(asked).resolves.toEqual({ text: '5 lines of web' });
    gate.emit('open');
  });

  test('gives up on logs of a host that does not answer', async () => {
    const orchestrator = await connect();
    const asked = orchestrator.ask({ host: 'gone', name: 'edge', key }, 'logs', LOGS, 200);
    await expect(asked).rejects.toMatchObject({ code: 'HOST_UNREACHABLE', report: { on: 'edge' } });
  });

  test('throws what the agent answers with, and nothing that is no answer', async () => {
    const orchestrator = await connect();
    const agent = await connectHost(orchestrator);
    const why: Record<string, () => Promise<{ text: string }>> = {
      refused: () => Promise.reject(new UnderwareError(REFUSED)),
      broken: () => Promise.reject(new Error('out of luck')),
      long: async () => ({ text: 'x'.repeat(MAX_ANSWER_BYTES) }),
      odd: async () => ({ text: 7 }) as unknown as { text: string },
    };
    await agent.serveHost('h1', key, {
      apply: async () => undefined,
      answers: { logs: ({ vnf }) => why[vnf]?.() ?? Promise.resolve({ text: '' }) },
    });
    const ask = (vnf: string): Promise<unknown> =>
      orchestrator.ask({ host: 'h1', name: 'edge', key }, 'logs', { ...LOGS, vnf }, 10_000);
    await expect(ask('refused')).rejects.toMatchObject({ report: REFUSED });
    await expect(ask('broken')).rejects.toMatchObject({ report: { code: 'INTERNAL', why: 'out of luck' } });
    await expect(ask('long')).rejects.toMatchObject({
      report: { code: 'INPUT_INVALID', remedy: 'Ask for less' },
    });
    await expect(ask('odd')).rejects.toMatchObject({ code: 'PAYLOAD_INVALID' });
  });

  test('says of a kind that the agent does not know that one of them is older', async () => {
    const orchestrator = await connect();
    const agent = await connectHost(orchestrator);
    await agent.serveHost('h1', key, { apply: async () => undefined, answers: {} });
    const asked = orchestrator.ask({ host: 'h1', name: 'edge', key }, 'logs', LOGS, 10_000);
    await expect(asked).rejects.toMatchObject({ report: { code: 'PAYLOAD_INVALID', on: 'h1' } });
  });

  test('takes reports of the host that sealed them and refuses the rest for good', async () => {
    const orchestrator = await connect();
    // Whoever has the orchestrator's own credential is not held up by accounts.
    const agent = await connect();
    const seen: AgentMessage[] = [];
    await orchestrator.consumeReports(
      async (host) => messageKey(`token of ${host}`),
      async (message) => {
        seen.push(message);
      },
    );
    await agent.report(applied('h2', 1), key);
    await agent.report({ ...applied('h1', 2), at: 'yesterday' }, key);
    await agent.report(applied('h1', 3), key);
    await until(() => seen.length > 0 && errors.length > 1, 'one report and two refusals');
    expect(seen).toEqual([expect.objectContaining({ host: 'h1', generation: 3 })]);
    // In any order: they are looked at side by side.
    expect(errors.map((error) => error.message).sort()).toEqual([
      expect.stringContaining('its seal was not made with this host'),
      expect.stringContaining('at: Invalid ISO datetime'),
    ]);
  });

  test('asks for an operation once while nobody has looked', async () => {
    const orchestrator = await connect();
    const operation = '7a35e1a2-98c5-4bb1-a4a8-3dc6c10ed1a5';
    await orchestrator.submitOperation(operation);
    await orchestrator.submitOperation(operation);
    const marker = '7a35e1a2-98c5-4bb1-a4a8-3dc6c10ed1a6';
    await orchestrator.submitOperation(marker);
    const seen: string[] = [];
    await orchestrator.consumeOperations(async (job) => {
      seen.push(job.operation);
    });
    await until(() => seen.includes(marker), 'the marker');
    expect(seen.sort()).toEqual([operation, marker]);
  });

  test('survives the loss of the server and goes on', async () => {
    const orchestrator = await connect();
    const agent = await connectHost(orchestrator);
    const seen: number[] = [];
    await agent.serveHost('h1', key, {
      apply: async (job) => {
        seen.push(job.generation);
      },
      answers: {},
    });
    await server.restart();
    const deadline = Date.now() + 20_000;
    while (seen.length === 0 && Date.now() < deadline) {
      // Redis keeps its users in memory.
      await orchestrator
        .restore(
          async () => ['h1'],
          async () => key,
        )
        .catch(() => undefined);
      await orchestrator.dispatchHost(hostJob(9), 'b1', key).catch(() => undefined);
      await pause(50);
    }
    expect(seen[0]).toBe(9);
  }, 40_000);

  test('forgets a host with what was queued for it', async () => {
    const orchestrator = await connect();
    await orchestrator.dispatchHost(hostJob(1), 'b1', key);
    await orchestrator.removeHost('h1');
    const agent = await connectHost(orchestrator);
    await orchestrator.dispatchHost(hostJob(2), 'b1', key);
    const seen: number[] = [];
    await agent.serveHost('h1', key, {
      apply: async (job) => {
        seen.push(job.generation);
      },
      answers: {},
    });
    await until(() => seen.length > 0, 'a job');
    expect(seen).toEqual([2]);
  });

  // Last: the server does not come back.
  test('closes while the server is away, after the job that runs', async () => {
    const orchestrator = await connect();
    const agent = await connectHost(orchestrator);
    const gate = new EventEmitter();
    const held = once(gate, 'open');
    let applying = false;
    let applied = false;
    await agent.serveHost('h1', key, {
      apply: async () => {
        applying = true;
        await held;
        applied = true;
      },
      answers: {},
    });
    await orchestrator.consumeOperations(async () => undefined);
    await orchestrator.dispatchHost(hostJob(4), 'b1', key);
    await until(() => applying, 'the job to run');
    await server.stop();
    const before = Date.now();
    await orchestrator.close();
    const closed = agent.close().then(() => applied);
    gate.emit('open');
    await expect(closed).resolves.toBe(true);
    expect(Date.now() - before).toBeLessThan(10_000);
  }, 20_000);
});

describe('a redis that hangs', () => {
  test('does not keep queues from closing', async () => {
    const server = await startRedis();
    const queues = await openOwnQueues(server.url, () => undefined);
    await queues.consumeOperations(async () => undefined);
    server.hang();
    const before = Date.now();
    await queues.close();
    expect(Date.now() - before).toBeLessThan(10_000);
    await server.stop();
  }, 20_000);
});

describe('hostile payloads on redis', () => {
  test('do not crash the consumer', async () => {
    const server = await startRedis();
    const errors: Error[] = [];
    const queues = await openOwnQueues(server.url, (error) => errors.push(error));
    const seen: AgentMessage[] = [];
    await queues.consumeReports(
      async () => key,
      async (message) => {
        seen.push(message);
      },
    );
    const connection = new Redis({
      path: server.url.slice('redis+unix://'.length),
      maxRetriesPerRequest: null,
    });
    const raw = new Queue(REPORTS_QUEUE, { connection });
    const bodies = [
      null,
      'text',
      [],
      { host: 'h1' },
      { host: 'h1', body: '{', nonce: '' },
      { host: 1, body: {}, nonce: [] },
    ];
    for (const body of bodies) await raw.add('job', body);
    await raw.add('job', { ...sealMessage(key, 'report', 'h1', {}), body: '{}{}' });
    await queues.report(applied('h1', 1), key);
    await until(
      () => seen.length === 1 && errors.length === bodies.length + 1,
      'every refusal and the honest report',
    );
    await queues.close();
    await raw.close();
    connection.disconnect();
    await server.stop();
  });
});

describe('queue addresses', () => {
  test.each(['http://localhost', 'nonsense', 'mysql://x'])('%s is refused', async (url) => {
    await expect(openQueues(url, () => undefined)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test.each([`redis+unix://${tmpdir()}/uwt-jobs-none.sock`, `postgres:///x?host=${tmpdir()}/uwt-jobs-none`])(
    'nobody at %s is said at once',
    async (url) => {
      await expect(openQueues(url, () => undefined)).rejects.toMatchObject({ code: 'TIMED_OUT' });
    },
  );
});
