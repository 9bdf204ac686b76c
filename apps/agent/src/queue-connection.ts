import type { AgentMessage } from '@underware/core';
import { toErrorReport } from '@underware/core';
import type { Consumer, HostHandlers, MessageKey, Queues } from '@underware/jobs';
import { setTimeout as pause } from 'node:timers/promises';
import { errorFields, type AgentLog } from './agent-log.js';
import type { AgentQueue } from './tokens.js';

const RETRY_MS = 2000;

/**
 * The queue server may be away when a host starts; that must not keep the agent from mending it. Whatever needs the
 * queue waits until it is there.
 */
export class QueueConnection implements AgentQueue {
  readonly #closing = new AbortController();
  readonly #queues: Promise<Queues | undefined>;

  constructor(
    open: () => Promise<Queues>,
    private readonly host: string,
    private readonly key: MessageKey,
    log: AgentLog,
    retryMs = RETRY_MS,
  ) {
    this.#queues = this.#open(open, log, retryMs);
  }

  readonly send = async (message: AgentMessage): Promise<void> => {
    await (await this.#queues)?.report(message, this.key);
  };

  readonly serve = async (handlers: HostHandlers): Promise<Consumer> => {
    const consumer = await (await this.#queues)?.serveHost(this.host, this.key, handlers);
    return consumer ?? { close: () => Promise.resolve() };
  };

  async close(): Promise<void> {
    this.#closing.abort();
    await (await this.#queues)?.close();
  }

  async #open(open: () => Promise<Queues>, log: AgentLog, retryMs: number): Promise<Queues | undefined> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        return await open();
      } catch (thrown) {
        const error = toErrorReport(thrown, 'open the queues', 'this host');
        log.warn(errorFields(error), 'the queue is away; the host is kept as it was meant to be');
        await pause(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}
