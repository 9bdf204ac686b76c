import type {
  AgentMessage,
  ErrorReport,
  HostFacts,
  InstanceEvents,
  SliceReport,
  StepEvent,
} from '@underware/core';
import { toErrorReport } from '@underware/core';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentLog } from './agent-log.js';

const LARGEST_OUTBOX = 500;
const EVENTS_PER_MESSAGE = 200;
const RETRY_MS = 1000;

/** What a message says besides who says it when. */
export type Said<T = AgentMessage> = T extends AgentMessage
  ? Omit<T, 'host' | 'boot' | 'sequence' | 'at'>
  : never;

/**
 * Tells the orchestrator, in order. While the queue server is away, messages wait here, within bounds: heartbeats are
 * replaced by newer ones, the oldest events of packets go first, then the oldest steps; what a slice came to is kept, since the newest of it says it all.
 */
export class Reporter {
  readonly #outbox: AgentMessage[] = [];
  #sending: Promise<void> | undefined;
  /** Only an agent that starts again begins anew, under another boot. */
  #sequence = 0;
  #closed = false;
  #away = false;

  constructor(
    private readonly host: string,
    private readonly boot: string,
    private readonly send: (message: AgentMessage) => Promise<void>,
    private readonly log: AgentLog,
    private readonly retryMs = RETRY_MS,
  ) {}

  registered(facts: HostFacts): void {
    this.#replace({ type: 'registered', facts });
  }

  heartbeat(
    said: Omit<Extract<AgentMessage, { type: 'heartbeat' }>, 'type' | 'host' | 'boot' | 'sequence' | 'at'>,
  ): void {
    this.#replace({ type: 'heartbeat', ...said });
  }

  step(event: StepEvent): void {
    const last = this.#outbox.at(-1);
    // The first message may be on its way already.
    if (this.#outbox.length > 1 && last?.type === 'steps' && last.events.length < EVENTS_PER_MESSAGE)
      last.events.push(event);
    else this.#add({ type: 'steps', events: [event] });
  }

  applied(generation: number, slices: SliceReport[]): void {
    this.#replace({ type: 'applied', generation, slices });
  }

  events(instances: InstanceEvents[]): void {
    this.#add({ type: 'events', instances });
  }

  audit(error: ErrorReport): void {
    this.log.warn({ error }, 'audit');
    this.#add({ type: 'audit', error });
  }

  /** Waits until everything is said, but no longer than `deadlineMs`. */
  async close(deadlineMs: number): Promise<void> {
    this.#closed = true;
    await Promise.race([this.#sending, pause(deadlineMs, undefined, { ref: false })]);
  }

  #replace(said: Said): void {
    const at = this.#outbox.findIndex((message, index) => index > 0 && message.type === said.type);
    if (at > 0) this.#outbox.splice(at, 1);
    this.#add(said);
  }

  #add(said: Said): void {
    const message = {
      ...said,
      host: this.host,
      boot: this.boot,
      sequence: (this.#sequence += 1),
      at: new Date().toISOString(),
    } as AgentMessage;
    this.#outbox.push(message);
    if (this.#outbox.length > LARGEST_OUTBOX) this.#dropOne();
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  #dropOne(): void {
    const expendable = (type: AgentMessage['type']): number =>
      this.#outbox.findIndex((message, index) => index > 0 && message.type === type);
    const at = [expendable('events'), expendable('steps')].find((index) => index > 0) ?? 1;
    this.#outbox.splice(at, 1);
  }

  async #sendAll(): Promise<void> {
    for (let message = this.#outbox[0]; message; message = this.#outbox[0]) {
      try {
        await this.send(message);
        this.#outbox.shift();
        if (this.#away) this.log.info({}, 'the queue is back');
        this.#away = false;
      } catch (thrown) {
        if (!this.#away) {
          const error = toErrorReport(thrown, 'send a report', 'the queue');
          this.log.warn({ error }, 'the queue is away; reports wait');
        }
        this.#away = true;
        if (this.#closed) return;
        await pause(this.retryMs, undefined, { ref: false });
      }
    }
  }
}
