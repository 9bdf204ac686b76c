/** The thread of the compiler: answers one question after the other. */
import { toErrorReport } from '@underware/core';
import type { ErrorReport } from '@underware/core';
import { parentPort } from 'node:worker_threads';
import { compileSource } from './compile-source.js';
import type { Compiled } from './compile-source.js';
import type { Source } from './open-descriptor.js';

export interface Question {
  source: Source;
  inputs: Record<string, unknown>;
}

export type Answer = { compiled: Compiled } | { report: ErrorReport };

parentPort?.on('message', async ({ source, inputs }: Question) => {
  let answer: Answer;
  try {
    answer = { compiled: await compileSource(source, inputs) };
  } catch (error) {
    answer = { report: toErrorReport(error, 'compile the descriptor', source.file) };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
  parentPort?.postMessage(answer);
});
