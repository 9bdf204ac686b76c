/** The thread of the compiler: answers one question after the other, and until the first one comes warms itself up. */
import { toErrorReport } from '@underware/core';
import type { ErrorReport } from '@underware/core';
import { warmUp } from '@underware/descriptor';
import { parentPort } from 'node:worker_threads';
import { compileSource } from './compile-source.js';
import type { Compiled } from './compile-source.js';
import type { Source } from './open-descriptor.js';

export interface Question {
  source: Source;
  inputs: Record<string, unknown>;
}

export type Answer = { compiled: Compiled } | { report: ErrorReport };

/** When the start of the orchestrator is over, and how long others have the processor in between. */
const FIRST_MS = 1_000;
const PAUSE_MS = 100;

const steps = warmUp();
let idle = setTimeout(warm, FIRST_MS);

function warm(): void {
  if (steps.next().done !== true) idle = setTimeout(warm, PAUSE_MS);
}

parentPort?.on('message', async ({ source, inputs }: Question) => {
  clearTimeout(idle);
  let answer: Answer;
  try {
    answer = { compiled: await compileSource(source, inputs) };
  } catch (error) {
    answer = { report: toErrorReport(error, 'compile the descriptor', source.file) };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
  parentPort?.postMessage(answer);
});
