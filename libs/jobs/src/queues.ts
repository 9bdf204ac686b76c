import { UnderwareError } from '@underware/core';
import type { AgentMessage } from '@underware/core';
import { randomUUID } from 'node:crypto';
import { agentMessageSchema } from './agent-message-schema.js';
import { openBackend } from './backend.js';
import type { Backend, Consumer, OnError } from './backend.js';
import { accountOf, addressFor } from './host-account.js';
import { hostQueue, OPERATIONS_QUEUE, REPORTS_QUEUE, requestQueue } from './names.js';
import { hostJobSchema, operationJobSchema, parsePayload } from './payloads.js';
import type { HostJob, OperationJob } from './payloads.js';
import { answeredSchema, answerQuestion } from './questions/answer-question.js';
import { QUESTIONS } from './questions/questions.js';
import type { AnswerOf, Answers, QuestionKind, QuestionOf } from './questions/questions.js';
import { claimedHost, openMessage, sealMessage } from './seal.js';
import type { MessageKey } from './seal.js';

/** An account of a host that nobody knows is left alone for so long. */
const STRANGER_MS = 60_000;

/** Failed jobs are kept for people to look at, within bounds; done ones go at once, so that their ids are free again. */
const KEEP = { removeOnComplete: true, removeOnFail: { age: 3_600, count: 200 } } as const;

export interface HostHandlers {
  /** Brings the host to the state. Throws only when it could not even try: failures of steps are reported. */
  apply(job: HostJob): Promise<void>;
  /** One for each kind of question; a kind that is missing is answered with an error. */
  answers: Partial<Answers>;
}

/** Whom to ask, and the key of its messages. */
export interface AskedHost {
  host: string;
  /** As people call it: errors name it so. */
  name: string;
  key: MessageKey;
}

/** The typed queues. One per process; `close` waits for running jobs. */
export class Queues {
  /** Hosts that have an account and that nobody knows, and since when. */
  private readonly strangers = new Map<string, number>();

  constructor(private readonly backend: Backend) {}

  get kind(): Backend['kind'] {
    return this.backend.kind;
  }

  /**
   * Orchestrator: tells a host what it must be. The same generation and boot is queued once at a time, and again after it
   * ran. A new boot is another id, so that a job that died with an agent does not hold up the agent started after it.
   */
  async dispatchHost(job: HostJob, boot: string, key: MessageKey): Promise<void> {
    await this.backend.add(hostQueue(job.host), sealMessage(key, 'job', job.host, job), {
      jobId: `generation-${job.generation}-${boot.replaceAll(':', '-')}`,
      removeOnComplete: true,
      removeOnFail: true,
    });
  }

  /**
   * Orchestrator: asks a host and waits for the answer. Where the agent failed, its error is thrown; HOST_UNREACHABLE where none
   * came in time.
   */
  async ask<K extends QuestionKind>(
    { host, name, key }: AskedHost,
    kind: K,
    question: QuestionOf<K>,
    timeoutMs: number,
  ): Promise<AnswerOf<K>> {
    const nonce = randomUUID();
    const attempted = QUESTIONS[kind].attempted(question);
    parsePayload(QUESTIONS[kind].question, question, attempted);
    const sealed = sealMessage(key, 'request', host, { nonce, kind, question });
    let answer: unknown;
    try {
      answer = await this.backend.ask(
        requestQueue(host),
        sealed,
        { removeOnComplete: { age: 60, count: 100 }, removeOnFail: { age: 60, count: 100 } },
        timeoutMs,
      );
    } catch (cause) {
      throw new UnderwareError(
        {
          code: 'HOST_UNREACHABLE',
          attempted,
          on: name,
          why: cause instanceof Error ? cause.message : String(cause),
          remedy: 'Check that the agent of this host runs, then try again',
        },
        { cause },
      );
    }
    const on = `an answer of host ${name}`;
    const answered = parsePayload(answeredSchema, openMessage(key, 'answer', answer), on);
    if (answered.nonce !== nonce) {
      throw new UnderwareError({
        code: 'FORBIDDEN',
        attempted,
        on: name,
        why: 'the answer belongs to another question',
        remedy: 'Try again; if it happens again, someone else has the queue credential',
      });
    }
    if ('error' in answered) throw new UnderwareError(answered.error);
    return parsePayload(QUESTIONS[kind].answer, answered.answer, on);
  }

  /**
   * Orchestrator: gives a host an account of its own and tells the address with it; where the server does not allow that, the
   * address as it is. `url` is the queues' address as hosts reach it.
   */
  async admitHost(host: string, key: MessageKey, url: string): Promise<string> {
    const account = accountOf(host, key);
    return (await this.backend.accounts.admit(account)) ? addressFor(url, account) : url;
  }

  /**
   * Orchestrator: makes again what an emptied or replaced server lacks, tables and accounts of hosts, and takes away accounts of
   * hosts that are no more.
   */
  async restore(
    hosts: () => Promise<string[]>,
    keyOf: (host: string) => Promise<MessageKey | null>,
    strangerMs = STRANGER_MS,
  ): Promise<void> {
    const { accounts } = this.backend;
    await accounts.prepare();
    const present = await accounts.hosts();
    const wanted = new Set(await hosts());
    for (const host of wanted) {
      const key = present.has(host) ? null : await keyOf(host);
      // Where the server allows none, there is nothing to do for the others either.
      if (key && !(await accounts.admit(accountOf(host, key)))) return;
    }
    // A host gets its account before anybody knows of it: one that is not known may be one that is being enrolled.
    for (const host of this.strangers.keys())
      if (wanted.has(host) || !present.has(host)) this.strangers.delete(host);
    for (const host of present) {
      if (wanted.has(host)) continue;
      const since = this.strangers.get(host) ?? Date.now();
      this.strangers.set(host, since);
      if (Date.now() - since >= strangerMs) await accounts.expel(host);
    }
  }

  /** Orchestrator: forgets a host's account and queues. */
  async removeHost(host: string): Promise<void> {
    await this.backend.accounts.expel(host);
    await this.backend.remove(hostQueue(host));
    await this.backend.remove(requestQueue(host));
  }

  /** Orchestrator: asks for an operation to be looked at; asking twice before it was is asking once. */
  async submitOperation(operation: string): Promise<void> {
    const job: OperationJob = { operation };
    await this.backend.add(OPERATIONS_QUEUE, job, {
      jobId: `operation-${operation}`,
      ...KEEP,
      removeOnFail: true,
    });
  }

  async consumeOperations(handle: (job: OperationJob) => Promise<void>): Promise<Consumer> {
    return this.backend.consume(
      OPERATIONS_QUEUE,
      (data) => handle(parsePayload(operationJobSchema, data, `queue ${OPERATIONS_QUEUE}`)),
      { concurrency: 4 },
    );
  }

  /** Orchestrator: what agents say, each message proven to be of the host that it speaks for. */
  async consumeReports(
    keyOf: (host: string) => Promise<MessageKey>,
    handle: (message: AgentMessage) => Promise<void>,
  ): Promise<Consumer> {
    return this.backend.consume(
      REPORTS_QUEUE,
      async (data) => {
        const host = claimedHost(data);
        const body = openMessage(await keyOf(host), 'report', data);
        const message = parsePayload(agentMessageSchema, body, `a report of host ${host}`);
        if (message.host !== host) {
          throw new UnderwareError({
            code: 'FORBIDDEN',
            attempted: `take a report about host ${message.host}`,
            on: host,
            why: 'a host may only speak for itself',
            remedy: 'Enrol the host again if its token was lost or stolen',
          });
        }
        await handle(message);
      },
      { concurrency: 4 },
    );
  }

  /** Agent: says something to the orchestrator. Fails within seconds while the queue server is away. */
  async report(message: AgentMessage, key: MessageKey): Promise<void> {
    const sealed = sealMessage(key, 'report', message.host, message);
    await this.backend.add(REPORTS_QUEUE, sealed, {
      ...KEEP,
      // Its own, as counting is the owner's right.
      jobId: randomUUID(),
      attempts: 5,
      backoff: { type: 'exponential', delay: 200 },
    });
  }

  /** Agent: serves one host's jobs, one at a time, and questions beside them. */
  async serveHost(host: string, key: MessageKey, handlers: HostHandlers): Promise<Consumer> {
    const jobs = await this.backend.consume(
      hostQueue(host),
      (data) =>
        handlers.apply(
          parsePayload(hostJobSchema, openFor(host, key, 'job', data), `queue ${hostQueue(host)}`),
        ),
      { concurrency: 1 },
    );
    const requests = await this.backend.consume(
      requestQueue(host),
      async (data) => {
        const asked = openFor(host, key, 'request', data);
        return sealMessage(key, 'answer', host, await answerQuestion(host, handlers.answers, asked));
      },
      { concurrency: 4 },
    );
    return {
      close: async () => {
        await Promise.all([jobs.close(), requests.close()]);
      },
    };
  }

  async close(): Promise<void> {
    await this.backend.close();
  }
}

function openFor(host: string, key: MessageKey, purpose: 'job' | 'request', data: unknown): unknown {
  if (claimedHost(data) !== host) {
    throw new UnderwareError({
      code: 'FORBIDDEN',
      attempted: `take a ${purpose}`,
      on: host,
      why: 'it is addressed to another host',
      remedy: 'Nothing was changed; look who else has the queue credential',
    });
  }
  return openMessage(key, purpose, data);
}

/**
 * Opens the queues behind a URL, for a host: `redis://`, `rediss://`, `redis+unix:///path` or `postgres://`. Errors of a lost
 * connection and of failed jobs go to `onError`; the connection comes back by itself.
 */
export async function openQueues(url: string, onError: OnError): Promise<Queues> {
  return new Queues(await openBackend(url, onError, 'host'));
}

/** The same for the orchestrator, which owns the queues: it makes tables and accounts. */
export async function openOwnQueues(url: string, onError: OnError): Promise<Queues> {
  return new Queues(await openBackend(url, onError, 'owner'));
}
