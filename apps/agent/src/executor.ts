import type { Action, ErrorReport, HostState, Step, StepEvent, StepStatus } from '@underware/core';
import { describeError, toErrorReport } from '@underware/core';
import { setTimeout as pause } from 'node:timers/promises';
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
    private readonly host: Pick<Host, 'perform'>,
    private readonly journal: Journal,
    private readonly onEvent: (event: StepEvent) => void,
    private readonly delaysMs: readonly number[] = DELAYS_MS,
  ) {}

  /** Ends after the step that runs now. Nothing is taken back: the next start goes on from there. */
  stop(): void {
    this.#stopping = true;
  }

  async run(steps: readonly Step[], state: HostState): Promise<Outcome> {
    const done: Step[] = [];
    for (const step of steps) {
      if (this.#stopping) return { kind: 'stopped' };
      await this.#note(step, step.do, state, 'started');
      try {
        await this.#attempt(step.do, state);
      } catch (thrown) {
        const error = toErrorReport(thrown, step.name, step.service);
        await this.#note(step, step.do, state, 'failed', error);
        return this.#takeBack([...done, step], state, error);
      }
      await this.#note(step, step.do, state, 'done');
      done.push(step);
    }
    return { kind: 'done' };
  }

  /** The failed step is taken back too: it may have been done in part, and an undo of nothing does nothing. */
  async #takeBack(done: Step[], state: HostState, error: ErrorReport): Promise<Outcome> {
    for (const step of done.reverse()) {
      if (!step.undo) continue;
      try {
        await this.#attempt(step.undo, state);
      } catch (thrown) {
        const cause = toErrorReport(thrown, `undo ${step.name}`, step.service);
        const stuck = stuckAt(step, cause, error);
        await this.#note(step, step.undo, state, 'failed', stuck);
        return { kind: 'stuck', error: stuck };
      }
      await this.#note(step, step.undo, state, 'undone');
    }
    return { kind: 'undone', error };
  }

  async #attempt(action: Action, state: HostState): Promise<void> {
    for (const delay of this.delaysMs) {
      try {
        return await this.host.perform(action, state);
      } catch (thrown) {
        if (this.#stopping || !TRANSIENT.has(toErrorReport(thrown, '', '').code)) throw thrown;
        await pause(delay);
      }
    }
    return this.host.perform(action, state);
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
      status,
      at: new Date().toISOString(),
      ...(error && { error }),
    };
    await this.journal.record({ ...event, action });
    this.onEvent(event);
  }
}

function stuckAt(step: Step, cause: ErrorReport, first: ErrorReport): ErrorReport {
  return {
    code: 'UNDO_FAILED',
    attempted: `take back step "${step.name}"`,
    on: step.service,
    why: cause.why,
    remedy: `${cause.remedy}; the agent tries again by itself, and the operation can be retried`,
    detail: `${describeError(cause)}\nIt was to be taken back because: ${describeError(first)}`,
  };
}
