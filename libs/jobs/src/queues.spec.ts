import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentMessage } from '@underware/core';
import {
  startEmbeddedPostgres,
  startLocalRedis,
  stopEmbeddedPostgres,
  stopLocalRedis,
} from '@underware/embedded';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { messageKey, openQueues, REPORTS_QUEUE, sealMessage } from './index.js';
import type { HostJob, Queues } from './index.js';

const prefix = 'uwt-jobs-';
const key = messageKey('token of h1');

interface Server {
  url: string;
  stop(): Promise<void>;
  restart(): Promise<void>;
}

async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    await stopEmbeddedPostgres({ dir: join(tmpdir(), name) });
    await stopLocalRedis({ dir: join(tmpdir(), name) });
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within 20 seconds: ${what}`);
    await pause(10);
  }
}

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

const backends: Record<string, () => Promise<Server>> = {
  postgres: async () => {
    const dir = mkdtempSync(join(tmpdir(), prefix));
    const server = await startEmbeddedPostgres({ dir });
    const restart = async (): Promise<void> => {
      process.kill(server.pid, 'SIGKILL');
      server.pid = (await startEmbeddedPostgres({ dir })).pid;
    };
    return { url: server.queueUrl, stop: server.stop, restart };
  },
  redis: async () => {
    const dir = mkdtempSync(join(tmpdir(), prefix));
    let server = await startLocalRedis({ dir });
    const restart = async (): Promise<void> => {
      process.kill(server.pid, 'SIGKILL');
      await server.stop();
      server = await startLocalRedis({ dir });
    };
    return { url: server.url, stop: () => server.stop(), restart };
  },
};

beforeAll(sweep);

describe.each(Object.entries(backends))('queues on %s', (kind, start) => {
  let server: Server;
  const open: Queues[] = [];
  const errors: Error[] = [];

  async function connect(): Promise<Queues> {
    const queues = await openQueues(server.url, (error) => errors.push(error));
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
    const agent = await connect();
    expect(agent.kind).toBe(kind);
    await orchestrator.dispatchHost(hostJob(1), 'b1', key);
    await orchestrator.dispatchHost(hostJob(1), 'b1', key);
    await orchestrator.dispatchHost(hostJob(2), 'b1', key);
    const seen: number[] = [];
    await agent.serveHost('h1', key, {
      apply: async (job) => {
        seen.push(job.state.generation);
      },
      logs: async () => '',
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
    const agent = await connect();
    const gate = new EventEmitter();
    const held = once(gate, 'open');
    let applying = false;
    await agent.serveHost('h1', key, {
      apply: async () => {
        applying = true;
        await held;
      },
      logs: async (request) => `${request.tail} lines of ${request.vnf}`,
    });
    await orchestrator.dispatchHost(hostJob(3), 'b1', key);
    await until(() => applying, 'the job to run');
    const request = {
      kind: 'logs',
      host: 'h1',
      service: 's',
      vnf: 'web',
      workload: '0123456789abcdef',
      tail: 5,
    } as const;
    await expect(orchestrator.requestLogs(request, key, 10_000)).resolves.toBe('5 lines of web');
    gate.emit('open');
  });

  test('gives up on logs of a host that does not answer', async () => {
    const orchestrator = await connect();
    const request = { kind: 'logs', host: 'gone', service: 's', vnf: 'web', workload: 'w', tail: 5 } as const;
    await expect(orchestrator.requestLogs(request, key, 200)).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
    });
  });

  test('takes reports of the host that sealed them and refuses the rest for good', async () => {
    const orchestrator = await connect();
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
    expect(errors.map((error) => error.message)).toEqual([
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
    const agent = await connect();
    const seen: number[] = [];
    await agent.serveHost('h1', key, {
      apply: async (job) => {
        seen.push(job.generation);
      },
      logs: async () => '',
    });
    await server.restart();
    const deadline = Date.now() + 20_000;
    while (seen.length === 0 && Date.now() < deadline) {
      await orchestrator.dispatchHost(hostJob(9), 'b1', key).catch(() => undefined);
      await pause(50);
    }
    expect(seen[0]).toBe(9);
  }, 40_000);

  test('forgets a host with what was queued for it', async () => {
    const orchestrator = await connect();
    const agent = await connect();
    await orchestrator.dispatchHost(hostJob(1), 'b1', key);
    await orchestrator.removeHost('h1');
    await orchestrator.dispatchHost(hostJob(2), 'b1', key);
    const seen: number[] = [];
    await agent.serveHost('h1', key, {
      apply: async (job) => {
        seen.push(job.generation);
      },
      logs: async () => '',
    });
    await until(() => seen.length > 0, 'a job');
    expect(seen).toEqual([2]);
  });
});

describe('hostile payloads on redis', () => {
  test('do not crash the consumer', async () => {
    const dir = mkdtempSync(join(tmpdir(), prefix));
    const server = await startLocalRedis({ dir });
    const errors: Error[] = [];
    const queues = await openQueues(server.url, (error) => errors.push(error));
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

  test.each([`redis+unix://${tmpdir()}/${prefix}none.sock`, `postgres:///x?host=${tmpdir()}/${prefix}none`])(
    'nobody at %s is said at once',
    async (url) => {
      await expect(openQueues(url, () => undefined)).rejects.toMatchObject({ code: 'TIMED_OUT' });
    },
  );
});
