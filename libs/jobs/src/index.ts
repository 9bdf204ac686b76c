/**
 * Queues: who may say what to whom, over BullMQ on Redis, Valkey or Postgres.
 *
 * Layer: I/O over core. Only this library knows BullMQ.
 * Trade-offs: the queue carries work, never truth. Done jobs are deleted, so that their ids are free to be sent again; a job
 * says what a host must be, so that sending it again is harmless. Each host has an account of its own at the server, where the
 * server allows it, which reaches its own queues and can say things in its own name (`host-account.ts`). That is no wall on
 * Redis, where all report through one queue, therefore every message is sealed with a key of its host as well (`seal.ts`).
 * After a crash: a job whose worker died is taken over within about ten seconds; a wiped server loses nothing that the
 * orchestrator's sweep does not make and send again from Postgres.
 */
export type { Consumer } from './backend.js';
export { hostQueue, OPERATIONS_QUEUE, REPORTS_QUEUE, requestQueue } from './names.js';
export { agentMessageSchema } from './agent-message-schema.js';
export { hostStateSchema } from './host-state-schema.js';
export { hostJobSchema, operationJobSchema, parsePayload } from './payloads.js';
export type { HostJob, OperationJob } from './payloads.js';
export { claimedHost, messageKey, openMessage, sealMessage } from './seal.js';
export type { MessageKey, SealedMessage, SealPurpose } from './seal.js';
export { openOwnQueues, openQueues, Queues } from './queues.js';
export type { AskedHost, HostHandlers } from './queues.js';
export { clipReport, failureReport } from './error-report.js';
export { MAX_ANSWER_BYTES } from './questions/answer-question.js';
export { QUESTIONS } from './questions/questions.js';
export type { AnswerOf, Answers, QuestionKind, QuestionOf } from './questions/questions.js';
export { MOST_CAPTURED } from './questions/capture.js';
export type { CaptureAnswer, CapturedPacket, CaptureQuestion } from './questions/capture.js';
export { MOST_FLOWS } from './questions/flows.js';
export type { FlowsAnswer, FlowsQuestion, SeenFlow } from './questions/flows.js';
export type { LogsAnswer, LogsQuestion } from './questions/logs.js';
export { LARGEST_PAGE } from './questions/maps.js';
export type {
  LiveMap,
  MapEditAnswer,
  MapEditQuestion,
  MapRow,
  MapRowsAnswer,
  MapRowsQuestion,
  MapsAnswer,
  MapsQuestion,
} from './questions/maps.js';
export type {
  ConnectionFilter,
  ConnectionsAnswer,
  ConnectionsQuestion,
  FlushAnswer,
  FlushQuestion,
  LiveConnection,
} from './questions/connections.js';
export type { TraceAnswer, TracedHop, TraceQuestion } from './questions/trace.js';
