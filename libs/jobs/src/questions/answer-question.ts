import { UnderwareError } from '@underware/core';
import type { ErrorReport } from '@underware/core';
import { z } from 'zod';
import { errorReportSchema, failureReport } from '../error-report.js';
import { parsePayload } from '../payloads.js';
import { isQuestionKind, QUESTIONS, type AnswerOf, type Answers, type QuestionKind } from './questions.js';

/** As JSON. An answer waits in the queue server's memory until it is taken. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** A question and its answer carry the same nonce, so that an old answer cannot be passed off as a new one. */
export const askedSchema = z.object({ nonce: z.uuid(), kind: z.string(), question: z.unknown() });

export type Answered = { nonce: string } & ({ answer: unknown } | { error: ErrorReport });

export const answeredSchema: z.ZodType<Answered> = z.union([
  z.object({ nonce: z.uuid(), error: errorReportSchema }),
  z.object({ nonce: z.uuid(), answer: z.unknown() }),
]);

/** Answers what was asked; a failure is an answer too. Throws only where it cannot be told whose answer it would be. */
export async function answerQuestion(
  host: string,
  answers: Partial<Answers>,
  asked: unknown,
): Promise<Answered> {
  const { nonce, kind, question } = parsePayload(askedSchema, asked, `a question to host ${host}`);
  try {
    if (!isQuestionKind(kind)) throw unknownKind(kind, host);
    return { nonce, answer: bounded(await answerKind(host, answers, kind, question), kind, host) };
  } catch (thrown) {
    return { nonce, error: failureReport(thrown, `answer a question of kind ${kind}`, host) };
  }
}

async function answerKind<K extends QuestionKind>(
  host: string,
  answers: Partial<Answers>,
  kind: K,
  body: unknown,
): Promise<AnswerOf<K>> {
  const question = parsePayload(QUESTIONS[kind].question, body, `a question of kind ${kind}`);
  const answer: Partial<Answers>[K] = answers[kind];
  if (!answer) throw unknownKind(kind, host);
  return answer(question);
}

function bounded<T>(answer: T, kind: QuestionKind, host: string): T {
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes <= MAX_ANSWER_BYTES) return answer;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: `answer a question of kind ${kind}`,
    on: host,
    why: `the answer has ${bytes} bytes, and at most ${MAX_ANSWER_BYTES} are sent`,
    remedy: 'Ask for less',
  });
}

function unknownKind(kind: string, host: string): UnderwareError {
  return new UnderwareError({
    code: 'PAYLOAD_INVALID',
    attempted: `answer a question of kind ${kind}`,
    on: host,
    why: 'this agent does not know the kind',
    remedy: 'Agent and orchestrator must be of the same version: bring the older one up to date',
  });
}
