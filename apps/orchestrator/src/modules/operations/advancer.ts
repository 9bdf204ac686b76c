import { Inject, Injectable } from '@nestjs/common';
import { LOG } from '../../log.js';
import type { Log } from '../../log.js';
import { OperationEngine } from './engine.js';

/** So few that connections are left for heartbeats, which must not wait behind operations. */
const MOST_AT_ONCE = 4;

/**
 * Advances operations in the background, each once at a time in this process. What is lost with the process is found again by
 * the sweep of the next one.
 */
@Injectable()
export class Advancer {
  private readonly waiting = new Set<string>();
  private readonly active = new Map<string, Promise<void>>();

  constructor(
    private readonly engine: OperationEngine,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Asks for an operation to be advanced; while it is being advanced, once more after that. */
  poke(operation: string): void {
    this.waiting.add(operation);
    this.work();
  }

  /** Forgets who waits and lets what runs come to its end. */
  async stop(): Promise<void> {
    this.waiting.clear();
    await Promise.all(this.active.values());
  }

  private work(): void {
    for (const operation of this.waiting) {
      if (this.active.size >= MOST_AT_ONCE) return;
      if (this.active.has(operation)) continue;
      this.waiting.delete(operation);
      const run = this.engine
        .advance(operation)
        .catch((error: unknown) =>
          this.log.error({ error, operation }, 'cannot advance an operation; the sweep tries again'),
        )
        .finally(() => {
          this.active.delete(operation);
          this.work();
        });
      this.active.set(operation, run);
    }
  }
}
