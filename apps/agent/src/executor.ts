import type { Action, ErrorReport, HostState, Step, StepEvent, StepStatus } from '@underware/core';
import { describeError, toErrorReport } from '@underware/core';
import { setTimeout as pause } from 'node:timers/promises';
import { clipReport, failureReport } from '@underware/jobs';
import type { Host } from './host.js';
import type { Journal } from './journal.js';

/** `stuck`: what was done could not be taken back; the error names the step. */
export type Outcome =
  { kind: 'done' } | { kind: 'undone' | 'stuck'; error: ErrorReport } | { kind: 'stopped' };

/** What may pass by itself: tried again before it counts as a failure. */
const TRANSIENT = new Set<ErrorReport['code']>(['HOST_UNREACHABLE', 'TIMED_OUT', 'DEVICE_BUSY']);
const DELAYS_MS = [200, 800, 2000];

/** Does a service's steps in order; where one fails, takes back what was done, last first. */
export class Executor {
  #stopping = false;

  constructor(
    private readonly host: Pick<Host, 'perform' | 'rest'>,
    private readonly journal: Journal,
    private readonly onEvent: (event: StepEvent) => void,
    private readonly delaysMs: readonly number[] = DELAYS_MS,
  ) {}

  /** Ends after the step that runs now. Nothing is taken back: the next start goes on from there. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Once the signal is aborted, it ends after the step that runs now, and waits for nothing: nothing is taken back, the
   * state that supersedes this one goes on from there.
   */
  async run(steps: readonly Step[], state: HostState, signal?: AbortSignal): Promise<Outcome> {
    try {
      return await this.#run(steps, state, signal);
    } finally {
      this.host.rest();
    }
  }

  async #run(steps: readonly Step[], state: HostState, signal?: AbortSignal): Promise<Outcome> {
    const done: Step[] = [];
    for (const step of steps) {
      if (this.#stopping || signal?.aborted) return { kind: 'stopped' };
      await this.#note(step, step.do, state, 'started');
      try {
        await this.#attempt(step.do, state, signal);
      } catch (thrown) {
        const error = failureReport(thrown, step.name, step.service);
        await this.#note(step, step.do, state, 'failed', error);
        if (signal?.aborted) return { kind: 'stopped' };
        return this.#takeBack([...done, step], state, error, signal);
      }
      await this.#note(step, step.do, state, 'done');
      done.push(step);
    }
    return { kind: 'done' };
  }

  /** The failed step is taken back too: it may have been done in part, and an undo of nothing does nothing. */
  async #takeBack(
    done: Step[],
    state: HostState,
    error: ErrorReport,
    signal: AbortSignal | undefined,
  ): Promise<Outcome> {
    for (const step of done.reverse()) {
      if (signal?.aborted) return { kind: 'stopped' };
      if (!step.undo) continue;
      try {
        await this.#attempt(step.undo, state, signal);
      } catch (thrown) {
        const cause = failureReport(thrown, `undo ${step.name}`, step.service);
        const stuck = stuckAt(step, cause, error);
        await this.#note(step, step.undo, state, 'failed', stuck);
        if (signal?.aborted) return { kind: 'stopped' };
        return { kind: 'stuck', error: stuck };
      }
      await this.#note(step, step.undo, state, 'undone');
    }
    return { kind: 'undone', error };
  }

  async #attempt(action: Action, state: HostState, signal: AbortSignal | undefined): Promise<void> {
    for (const delay of this.delaysMs) {
      try {
        return await this.host.perform(action, state, signal);
      } catch (thrown) {
        if (this.#stopping || signal?.aborted || !TRANSIENT.has(toErrorReport(thrown, '', '').code))
          throw thrown;
        await pause(delay, undefined, signal && { signal }).catch(() => undefined);
        if (signal?.aborted) throw thrown;
      }
    }
    return this.host.perform(action, state, signal);
  }

  async #note(
    step: Step,
    action: Action,
    state: HostState,
    status: StepStatus,
    error?: ErrorReport,
  ): Promise<void> {
    const event: StepEvent = {
      generation: state.generation,
      service: step.service,
      name: step.name,
      title: step.title,
      reason: step.reason,
      status,
      at: new Date().toISOString(),
      ...(error && { error }),
    };
    await this.journal.record({ ...event, action });
    this.onEvent(event);
  }
}

function stuckAt(step: Step, cause: ErrorReport, first: ErrorReport): ErrorReport {
  return clipReport({
    code: 'UNDO_FAILED',
    attempted: `take back step "${step.name}"`,
    on: step.service,
    why: cause.why,
    remedy: `${cause.remedy}; the agent tries again by itself, and the operation can be retried`,
    detail: `${describeError(cause)}\nIt was to be taken back because: ${describeError(first)}`,
  });
}
