import { UnderwareError } from '@underware/core';
import {
  createPostgresBackend,
  createRedisBackend,
  PostgresConnection,
  PostgresQueueBackend,
  UnrecoverableError,
  withBackend,
} from 'bullmq';
import type {
  BackendClasses,
  IQueueBackend,
  JobsOptions,
  PostgresConnectionOptions,
  QueueBaseOptions,
  RedisOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';
import { closeWorker, GOODBYE_MS, within } from './close-worker.js';
import type { HostAccount } from './host-account.js';
import {
  admitToPostgres,
  expelFromPostgres,
  hostsOnPostgres,
  migratePostgres,
  preparePostgres,
  SCHEMA,
} from './postgres-accounts.js';
import { admitToRedis, expelFromRedis, hostsOnRedis } from './redis-accounts.js';

/** What the typed queues need of BullMQ, the same over both backends. */
export interface Backend {
  kind: 'redis' | 'postgres';
  add(queue: string, data: unknown, options: JobsOptions): Promise<void>;
  /** Adds a job and waits for what its processor returns. */
  ask(queue: string, data: unknown, options: JobsOptions, timeoutMs: number): Promise<unknown>;
  consume(
    queue: string,
    process: (data: unknown) => Promise<unknown>,
    options: ConsumeOptions,
  ): Promise<Consumer>;
  /** Deletes a queue with everything in it. */
  remove(queue: string): Promise<void>;
  accounts: Accounts;
  close(): Promise<void>;
}

/** The accounts that hosts have at the server. Only its owner can manage them. */
export interface Accounts {
  /** Makes what an emptied or replaced server lacks; costs little where it lacks nothing. */
  prepare(): Promise<void>;
  /** False where the server does not let us make accounts. */
  admit(account: HostAccount): Promise<boolean>;
  expel(host: string): Promise<void>;
  hosts(): Promise<Set<string>>;
}

export interface ConsumeOptions {
  concurrency: number;
}

export interface Consumer {
  /** Takes no more jobs and waits for the running ones, but not for a server that is away. */
  close(): Promise<void>;
}

export type OnError = (error: Error) => void;

/**
 * A job whose worker died is taken over after this long. Short, because a killed orchestrator or agent comes back within
 * seconds and its half-done job must not hold the operation up.
 */
const LOCK_MS = 10_000;

/** How often a question's job is looked at. */
const ASK_INTERVAL_MS = 25;

/** The orchestrator owns the queues; a host uses those that it is given, and may change nothing else. */
export type Side = 'owner' | 'host';

/** Opens the backend that the URL's scheme names. */
export async function openBackend(url: string, onError: OnError, side: Side): Promise<Backend> {
  const scheme = /^([a-z+]+):/.exec(url)?.[1];
  switch (scheme) {
    case 'redis':
    case 'rediss':
    case 'redis+unix':
      return openRedis(url, onError, side);
    case 'postgres':
    case 'postgresql':
      return openPostgres(url, onError, side);
    default:
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'open the queues',
        on: scheme ? `a ${scheme} address` : 'the queue address',
        why: 'its scheme is none of redis, rediss, redis+unix, postgres',
        remedy:
          'Set UNDERWARE_QUEUE_URL to redis://host:port, redis+unix:///path or postgres:///database?host=/socket/dir',
      });
  }
}

async function openRedis(url: string, onError: OnError, side: Side): Promise<Backend> {
  const target = redisOptions(url);
  // Producers fail fast while the server is away: what they say is in Postgres too, or is said again.
  const producer = new Redis({ ...target, maxRetriesPerRequest: 1, lazyConnect: true });
  producer.on('error', onError);
  await producer.connect().catch((cause: unknown) => {
    producer.disconnect();
    throw unreachable('Redis', cause);
  });
  // A worker waits for its server for as long as it takes.
  const worker: RedisOptions = { ...target, maxRetriesPerRequest: null };
  const backend = backendOf(
    { classes: withBackend(createRedisBackend), connection: producer },
    { classes: withBackend(createRedisBackend), connection: worker },
    () => producer.ping(),
    onError,
    side,
  );
  return {
    kind: 'redis',
    ...backend,
    accounts: {
      prepare: () => Promise.resolve(),
      admit: (account) => admitToRedis(producer, account),
      expel: (host) => expelFromRedis(producer, host),
      hosts: () => hostsOnRedis(producer),
    },
    close: async () => {
      await backend.close();
      producer.disconnect();
    },
  };
}

/** `redis+unix:///path/to.sock?db=1&username=…&password=…`, or an ordinary redis:// address. */
export function redisOptions(url: string): RedisOptions {
  const parsed = new URL(url);
  if (parsed.protocol === 'redis+unix:') {
    const username = parsed.searchParams.get('username');
    const password = parsed.searchParams.get('password');
    const db = parsed.searchParams.get('db');
    return {
      path: decodeURIComponent(parsed.pathname),
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      ...(db === null ? {} : { db: Number(db) }),
    };
  }
  const db = parsed.pathname.slice(1);
  return {
    host: parsed.hostname || '127.0.0.1',
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    ...(parsed.username === '' ? {} : { username: decodeURIComponent(parsed.username) }),
    ...(parsed.password === '' ? {} : { password: decodeURIComponent(parsed.password) }),
    ...(db === '' ? {} : { db: Number(db) }),
    ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

async function openPostgres(url: string, onError: OnError, side: Side): Promise<Backend> {
  const options = { connectionString: url, schema: SCHEMA, connectionTimeoutMillis: 5_000, keepAlive: true };
  // One pool for all producers; a worker has its own small one beside the connection that it listens on.
  const shared = new PostgresConnection({ ...options, max: 4 });
  shared.on('error', onError);
  try {
    if (side === 'owner') await migratePostgres(shared.pool);
    await shared.waitUntilReady();
    if (side === 'owner') await preparePostgres(shared.pool);
  } catch (cause) {
    await shared.close();
    throw unreachable('Postgres', cause);
  }
  const backend = backendOf(
    {
      classes: withBackend(
        (name: string, queue: QueueBaseOptions<PostgresConnectionOptions>) =>
          new PostgresQueueBackend(shared, name, queue, false),
      ),
      connection: url,
    },
    { classes: withBackend(createPostgresBackend), connection: { ...options, max: 2 } },
    () => shared.pool.query('SELECT 1'),
    onError,
    side,
  );
  return {
    kind: 'postgres',
    ...backend,
    accounts: {
      prepare: () => preparePostgres(shared.pool),
      admit: (account) => admitToPostgres(shared.pool, account),
      expel: (host) => expelFromPostgres(shared.pool, host),
      hosts: () => hostsOnPostgres(shared.pool),
    },
    close: async () => {
      await backend.close();
      // A server that hangs, or a network that lost it, would never end the connections.
      await within(GOODBYE_MS, shared.close());
    },
  };
}

function unreachable(server: string, cause: unknown): UnderwareError {
  return new UnderwareError(
    {
      code: 'TIMED_OUT',
      attempted: 'open the queues',
      on: server,
      why: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Start the server or correct UNDERWARE_QUEUE_URL',
    },
    { cause },
  );
}

interface Link<B extends IQueueBackend, C> {
  classes: BackendClasses<B, C>;
  connection: C;
}

function backendOf<B extends IQueueBackend, C>(
  producer: Link<B, C>,
  worker: Link<B, C>,
  answers: () => Promise<unknown>,
  onError: OnError,
  side: Side,
): Omit<Backend, 'kind' | 'accounts'> {
  type ProducerQueue = InstanceType<BackendClasses<B, C>['Queue']>;
  const queues = new Map<string, ProducerQueue>();
  const consumers = new Set<Consumer>();

  const queueNamed = (name: string): ProducerQueue => {
    const known = queues.get(name);
    if (known) return known;
    const queue = new producer.classes.Queue(name, {
      connection: producer.connection,
      // What holds for a queue as a whole is its owner's to say.
      skipMetasUpdate: side === 'host',
    });
    queue.on('error', onError);
    queues.set(name, queue);
    return queue;
  };

  return {
    add: async (name, data, options) => {
      await queueNamed(name).add('job', data, options);
    },

    // Asked for again and again and not awaited by an event: an event that is sent before the listener listens is lost.
    ask: async (name, data, options, timeoutMs) => {
      const asked = await queueNamed(name).add('job', data, options);
      const deadline = Date.now() + timeoutMs;
      try {
        while (Date.now() < deadline) {
          const job = await queueNamed(name).getJob(asked.id ?? '');
          if (job?.finishedOn !== undefined && job.failedReason) throw new Error(job.failedReason);
          if (job?.finishedOn !== undefined) {
            const answer: unknown = job.returnvalue;
            return answer;
          }
          await pause(ASK_INTERVAL_MS);
        }
        throw new Error(`no answer within ${timeoutMs} ms`);
      } finally {
        // Answers may be long, and a question that nobody waits for any more need not be answered. One that is being answered
        // cannot be taken back; the queue forgets it by its age.
        await asked.remove().catch(() => undefined);
      }
    },

    consume: async (name, process, { concurrency }) => {
      const running = new Set<Promise<unknown>>();
      const consumer = new worker.classes.Worker(
        name,
        async (job) => {
          const result = process(job.data).catch(refuseForGood);
          running.add(result);
          return result.finally(() => running.delete(result));
        },
        {
          connection: worker.connection,
          concurrency,
          lockDuration: LOCK_MS,
          stalledInterval: LOCK_MS / 2,
          maxStalledCount: 3,
          runRetryDelay: 1_000,
          drainDelay: 5,
        },
      );
      consumer.on('error', onError);
      consumer.on('failed', (_job, error) => onError(error));
      await consumer.waitUntilReady();
      const handle: Consumer = {
        close: async () => {
          consumers.delete(handle);
          await closeWorker(consumer, running, answers);
        },
      };
      consumers.add(handle);
      return handle;
    },

    remove: async (name) => {
      const queue = queueNamed(name);
      queues.delete(name);
      await queue.obliterate({ force: true });
      await queue.close();
    },

    close: async () => {
      await Promise.all([...consumers].map((consumer) => consumer.close()));
      await within(GOODBYE_MS, Promise.all([...queues.values()].map((queue) => queue.close())));
      queues.clear();
    },
  };
}

/** What can never succeed is not tried again. */
function refuseForGood(error: unknown): never {
  const permanent: readonly string[] = ['PAYLOAD_INVALID', 'FORBIDDEN', 'NOT_FOUND', 'GENERATION_STALE'];
  if (error instanceof UnderwareError && permanent.includes(error.code)) {
    throw new UnrecoverableError(error.message);
  }
  throw error;
}
