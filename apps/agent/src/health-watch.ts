import type { DesiredWorkload } from '@underware/core';
import type { Host } from './host.js';
import type { Reconciler } from './reconciler.js';

/** Checks at a time, and the least time between two of one VNF: a probe is a process. */
const MOST_AT_ONCE = 2;
const SHORTEST_MS = 5_000;

/**
 * Checks the VNFs that run, each at its own interval, for as long as they run. The runtime remembers the outcome: the
 * next heartbeat tells it.
 */
export class HealthWatch {
  readonly #due = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(
    private readonly host: Pick<Host, 'checkHealth'>,
    private readonly reconciler: Pick<Reconciler, 'desired' | 'lastObserved'>,
    private readonly shortestMs = SHORTEST_MS,
  ) {}

  /** Begins the checks that are due, those that waited longest first. */
  async look(now = Date.now()): Promise<void> {
    const watched = await this.#watched();
    const keys = new Set(watched.map(({ key }) => key));
    for (const key of this.#due.keys()) if (!keys.has(key)) this.#due.delete(key);
    const due = watched
      .filter(({ key }) => (this.#due.get(key) ?? 0) <= now && !this.#running.has(key))
      .sort((a, b) => (this.#due.get(a.key) ?? 0) - (this.#due.get(b.key) ?? 0));
    for (const workload of due.slice(0, MOST_AT_ONCE - this.#running.size)) this.#begin(workload, now);
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the agent stops'));
    await Promise.all(this.#running.values());
  }

  #begin(workload: DesiredWorkload, now: number): void {
    const { key, healthCheck } = workload;
    this.#due.set(key, now + Math.max((healthCheck?.intervalSeconds ?? 0) * 1000, this.shortestMs));
    const check = this.host
      .checkHealth(workload, this.#stop.signal)
      .catch(() => undefined) // the runtime remembers it
      .finally(() => this.#running.delete(key));
    this.#running.set(key, check);
  }

  async #watched(): Promise<DesiredWorkload[]> {
    const desired = await this.reconciler.desired();
    const running = new Set(
      (this.reconciler.lastObserved?.workloads ?? [])
        .filter(({ state }) => state === 'running')
        .map(({ key, revision }) => `${key} ${revision}`),
    );
    return (desired?.target.slices ?? [])
      .flatMap(({ slice }) => slice.workloads)
      .filter(({ key, revision, healthCheck }) => healthCheck && running.has(`${key} ${revision}`));
  }
}
