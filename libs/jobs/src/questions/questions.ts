import type { z } from 'zod';
import { flowsAnswerSchema, flowsQuestionSchema } from './flows.js';
import type { FlowsAnswer, FlowsQuestion } from './flows.js';
import { logsAnswerSchema, logsQuestionSchema } from './logs.js';
import type { LogsAnswer, LogsQuestion } from './logs.js';
import { traceAnswerSchema, traceQuestionSchema } from './trace.js';
import type { TraceAnswer, TraceQuestion } from './trace.js';

/** What an operator may ask a live host, beside what it reports by itself. A new kind is a file, a line here and one below. */
export interface Questions {
  flows: { question: FlowsQuestion; answer: FlowsAnswer };
  logs: { question: LogsQuestion; answer: LogsAnswer };
  trace: { question: TraceQuestion; answer: TraceAnswer };
}

export type QuestionKind = keyof Questions;
export type QuestionOf<K extends QuestionKind> = Questions[K]['question'];
export type AnswerOf<K extends QuestionKind> = Questions[K]['answer'];

/** An agent's side: one function for each kind. What it throws is thrown again where it was asked. */
export type Answers = { [K in QuestionKind]: (question: QuestionOf<K>) => Promise<AnswerOf<K>> };

export const QUESTIONS: {
  [K in QuestionKind]: {
    question: z.ZodType<QuestionOf<K>>;
    answer: z.ZodType<AnswerOf<K>>;
    /** In words, for errors: `read logs of web`. */
    attempted: (question: QuestionOf<K>) => string;
  };
} = {
  flows: {
    question: flowsQuestionSchema,
    answer: flowsAnswerSchema,
    attempted: ({ instances }) => `read the flows of ${instances.length} plugin instances`,
  },
  logs: {
    question: logsQuestionSchema,
    answer: logsAnswerSchema,
    attempted: ({ vnf }) => `read logs of ${vnf}`,
  },
  trace: {
    question: traceQuestionSchema,
    answer: traceAnswerSchema,
    attempted: ({ port, hook }) => `trace a packet at ${port} ${hook}`,
  },
};

export function isQuestionKind(kind: string): kind is QuestionKind {
  return Object.hasOwn(QUESTIONS, kind);
}
