import type { z } from 'zod';
import { captureAnswerSchema, captureQuestionSchema } from './capture.js';
import type { CaptureAnswer, CaptureQuestion } from './capture.js';
import {
  connectionsAnswerSchema,
  connectionsQuestionSchema,
  flushAnswerSchema,
  flushQuestionSchema,
} from './connections.js';
import type { ConnectionsAnswer, ConnectionsQuestion, FlushAnswer, FlushQuestion } from './connections.js';
import { flowsAnswerSchema, flowsQuestionSchema } from './flows.js';
import type { FlowsAnswer, FlowsQuestion } from './flows.js';
import { logsAnswerSchema, logsQuestionSchema } from './logs.js';
import type { LogsAnswer, LogsQuestion } from './logs.js';
import {
  mapEditAnswerSchema,
  mapEditQuestionSchema,
  mapRowsAnswerSchema,
  mapRowsQuestionSchema,
  mapsAnswerSchema,
  mapsQuestionSchema,
} from './maps.js';
import type {
  MapEditAnswer,
  MapEditQuestion,
  MapRowsAnswer,
  MapRowsQuestion,
  MapsAnswer,
  MapsQuestion,
} from './maps.js';
import { traceAnswerSchema, traceQuestionSchema } from './trace.js';
import type { TraceAnswer, TraceQuestion } from './trace.js';

/** What an operator may ask a live host, beside what it reports by itself. A new kind is a file, a line here and one below. */
export interface Questions {
  capture: { question: CaptureQuestion; answer: CaptureAnswer };
  flows: { question: FlowsQuestion; answer: FlowsAnswer };
  logs: { question: LogsQuestion; answer: LogsAnswer };
  trace: { question: TraceQuestion; answer: TraceAnswer };
  maps: { question: MapsQuestion; answer: MapsAnswer };
  'map-rows': { question: MapRowsQuestion; answer: MapRowsAnswer };
  'map-edit': { question: MapEditQuestion; answer: MapEditAnswer };
  connections: { question: ConnectionsQuestion; answer: ConnectionsAnswer };
  'flush-connections': { question: FlushQuestion; answer: FlushAnswer };
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
  capture: {
    question: captureQuestionSchema,
    answer: captureAnswerSchema,
    attempted: ({ count, seconds }) => `capture ${count} packets within ${seconds} s`,
  },
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
    attempted: ({ port, hook }) => `trace a packet at ${port.slice(port.indexOf('/') + 1)} ${hook}`,
  },
  maps: {
    question: mapsQuestionSchema,
    answer: mapsAnswerSchema,
    attempted: ({ instance }) => `list maps of ${instance}`,
  },
  'map-rows': {
    question: mapRowsQuestionSchema,
    answer: mapRowsAnswerSchema,
    attempted: ({ instance, map }) => `read map ${map} of ${instance}`,
  },
  'map-edit': {
    question: mapEditQuestionSchema,
    answer: mapEditAnswerSchema,
    attempted: ({ instance, map }) => `edit map ${map} of ${instance}`,
  },
  connections: {
    question: connectionsQuestionSchema,
    answer: connectionsAnswerSchema,
    attempted: ({ instance }) => `list connections of ${instance}`,
  },
  'flush-connections': {
    question: flushQuestionSchema,
    answer: flushAnswerSchema,
    attempted: ({ instance }) => `flush connections of ${instance}`,
  },
};

export function isQuestionKind(kind: string): kind is QuestionKind {
  return Object.hasOwn(QUESTIONS, kind);
}
