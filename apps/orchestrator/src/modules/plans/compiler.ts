import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import type { ServiceGraph } from '@underware/core';
import { formatFinding } from '@underware/descriptor';
import type { Finding } from '@underware/descriptor';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { conflict } from '../../not-found.js';
import type { Compiled } from './compile-source.js';
import type { Answer, Question } from './compile-thread.js';
import type { Source } from './open-descriptor.js';

/** Of the built orchestrator, also when this runs from its sources: threads take JavaScript only. */
const THREAD = fileURLToPath(new URL('../../../dist/modules/plans/compile-thread.js', import.meta.url));
/** The largest descriptor that is taken needs a fifth of both. */
const LIMITS = { milliseconds: 15_000, mebibytes: 1024 };
const MOST_WAITING = 32;

/**
 * Compiles descriptors one after the other, in a thread of its own: whatever a descriptor says, calls are answered and
 * operations go on meanwhile. One that takes too long or too much memory ends with its thread; the next one gets another.
 */
export class Compiler implements OnApplicationBootstrap, OnModuleDestroy {
  private thread: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly program = THREAD,
    private readonly limits = LIMITS,
  ) {}

  /** Or says everything that is wrong with file, line and column. */
  async compile(source: Source, inputs: Record<string, unknown>): Promise<ServiceGraph> {
    const { graph, findings } = await this.try(source, inputs);
    if (graph) return graph;
    throw invalid(source, findings);
  }

  /** At onboarding the inputs are not known yet: that they are missing is no fault of the descriptor. */
  async check(source: Source): Promise<ServiceGraph | undefined> {
    const { graph, findings } = await this.try(source, {});
    const errors = findings.filter(({ severity, code }) => severity === 'error' && code !== 'INPUT_MISSING');
    if (errors.length > 0) throw invalid(source, findings);
    return graph;
  }

  async try(source: Source, inputs: Record<string, unknown>): Promise<Compiled> {
    if (this.waiting >= MOST_WAITING) {
      const why = `${MOST_WAITING} others wait for it already`;
      throw conflict('compile the descriptor', source.file, why, 'Try again in a moment');
    }
    this.waiting += 1;
    const mine = this.last.then(() => this.ask({ source, inputs }));
    this.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.waiting -= 1;
    }
  }

  /** So that nobody waits for its code to be read and made fast. */
  onApplicationBootstrap(): void {
    this.thread ??= this.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.thread?.terminate();
  }

  private async ask(question: Question): Promise<Compiled> {
    const { source } = question;
    const { milliseconds } = this.limits;
    const thread = (this.thread ??= this.start());
    const answer = await new Promise<Answer>((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        thread.off('message', answered).off('error', failed).off('exit', failed);
        settle();
      };
      const answered = (message: Answer): void => end(() => resolve(message));
      const failed = (cause: unknown): void => end(() => reject(this.died(source, cause)));
      const late = (): void => {
        end(() => reject(tooMuch(source, `it takes longer than ${milliseconds / 1000} s`)));
      };
      const timer = setTimeout(late, milliseconds);
      thread.on('message', answered).on('error', failed).on('exit', failed);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
      thread.postMessage(question);
    }).catch(async (error: unknown) => {
      this.thread = undefined;
      // What it throws while it is ended is of the one that was given up.
      thread.on('error', () => undefined);
      await thread.terminate();
      throw error;
    });
    if ('report' in answer) throw new UnderwareError(answer.report);
    return answer.compiled;
  }

  private start(): Worker {
    const thread = new Worker(this.program, {
      resourceLimits: { maxOldGenerationSizeMb: this.limits.mebibytes },
    });
    // One that has nothing to do must not keep its process alive.
    thread.unref();
    return thread;
  }

  private died(source: Source, cause: unknown): UnderwareError {
    const isObject = typeof cause === 'object' && cause !== null;
    if (isObject && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return tooMuch(source, `it takes more than ${this.limits.mebibytes} MiB of memory`);
    }
    return new UnderwareError(
      {
        code: 'INTERNAL',
        attempted: 'compile the descriptor',
        on: source.file,
        why: `the thread of the compiler broke: ${cause instanceof Error ? cause.message : String(cause)}`,
        remedy: 'Try again; the log of the orchestrator says more',
      },
      { cause },
    );
  }
}

function invalid({ file }: Source, findings: Finding[]): UnderwareError {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  const within = first === undefined || first.file === file ? '' : `${first.file}, `;
  const where = first
    ? `${first.message} (${within}line ${first.line}, column ${first.column})`
    : 'it gives no service';
  return new UnderwareError({
    code: 'DESCRIPTOR_INVALID',
    attempted: 'compile the descriptor',
    on: file,
    why: errors.length > 1 ? `${where}, and ${errors.length - 1} more` : where,
    remedy: 'Correct what the findings name',
    detail: findings.map((finding) => formatFinding(finding)).join('\n'),
  });
}

function tooMuch({ file }: Source, why: string): UnderwareError {
  return new UnderwareError({
    code: 'DESCRIPTOR_INVALID',
    attempted: 'compile the descriptor',
    on: file,
    why,
    remedy: 'Make it smaller, or simpler',
  });
}
