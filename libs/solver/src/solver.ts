import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { UnderwareError } from '@underware/core';

/** What the thread does: it is text, so that it runs the same from sources and when built. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const loaded = require(workerData.highs)();
parentPort.on('message', async ({ id, model, seconds }) => {
  try {
    const highs = await loaded;
    const { Status, Columns } = highs.solve(model, { time_limit: seconds, output_flag: false, random_seed: 1 });
    const values = Object.entries(Columns).map(([name, column]) => [name, column.Primal]);
    parentPort.postMessage({ id, status: Status, values });
  } catch (error) {
    parentPort.postMessage({ id, status: String(error), values: [] });
  }
});
`;
/** What a thread may take longer than it was told before it is ended. */
const GRACE_MS = 2000;

export interface Solved {
  /** Of the variables, by name. */
  values: ReadonlyMap<string, number>;
  /** Otherwise it is the best that was found in time. */
  isOptimal: boolean;
}

interface Answer {
  id: number;
  status: string;
  values: [string, number][];
}

/** HiGHS in a thread of its own, one programme at a time. */
export class Solver {
  private readonly worker: Worker;
  private lastId = 0;

  constructor() {
    const highs = createRequire(import.meta.url).resolve('highs');
    this.worker = new Worker(THREAD, { eval: true, workerData: { highs } });
    // A solver that is forgotten must not keep its process alive.
    this.worker.unref();
  }

  /** Solves a programme in LP format. Undefined where there is no solution, or none was found in time. */
  async solve(model: string, milliseconds: number): Promise<Solved | undefined> {
    this.lastId += 1;
    const { status, values } = await this.ask({ id: this.lastId, model, seconds: milliseconds / 1000 });
    const isUsable = status === 'Optimal' || status === 'Time limit reached';
    if (!isUsable || !values.every(([, value]) => Number.isFinite(value))) return undefined;
    return { values: new Map(values), isOptimal: status === 'Optimal' };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private async ask(question: { id: number; model: string; seconds: number }): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => end(() => reject(late(question.seconds))),
        question.seconds * 1000 + GRACE_MS,
      );
      const answered = (answer: Answer): void => {
        if (answer.id === question.id) end(() => resolve(answer));
      };
      const failed = (cause: unknown): void => end(() => reject(died(cause)));
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.worker.off('message', answered).off('error', failed).off('exit', failed);
        settle();
      };
      this.worker.on('message', answered).on('error', failed).on('exit', failed);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
      this.worker.postMessage(question);
    });
  }
}

function late(seconds: number): UnderwareError {
  return new UnderwareError({
    code: 'TIMED_OUT',
    attempted: 'solve a programme',
    on: 'the solver',
    why: `it did not stop after the ${seconds} s that it was given`,
    remedy: 'Plan without it, or give it a smaller service.',
  });
}

function died(cause: unknown): UnderwareError {
  return new UnderwareError(
    {
      code: 'INTERNAL',
      attempted: 'solve a programme',
      on: 'the solver',
      why: cause instanceof Error ? cause.message : `its thread ended with ${String(cause)}`,
      remedy: 'Plan without it.',
    },
    { cause },
  );
}
