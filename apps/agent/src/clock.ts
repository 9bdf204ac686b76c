import { setTimeout as pause } from 'node:timers/promises';

/** Does something every so often, one run after the other, until stopped; a run that fails is told and the next one comes. */
export class Clock {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(everyMs: number, work: () => Promise<void>, onError: (thrown: unknown) => void) {
    this.#running = this.#run(everyMs, work, onError);
  }

  /** Waits for a run that is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(everyMs: number, work: () => Promise<void>, onError: (thrown: unknown) => void): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await work().catch(onError);
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
