/**
 * Queues: who may say what to whom, over BullMQ on Redis, Valkey or Postgres.
 *
 * Layer: I/O over core. Only this library knows BullMQ.
 * Trade-offs: the queue carries work, never truth. Done jobs are deleted, so that their ids are free to be sent again; a job
 * says what a host must be, so that sending it again is harmless. All agents share one credential of the queue server,
 * therefore every message is sealed with a key of its host (see `seal.ts`).
 * After a crash: a job whose worker died is taken over within about ten seconds; a wiped server loses nothing that the
 * orchestrator's sweep does not send again from Postgres.
 */
export type { Consumer } from './backend.js';
export { hostQueue, OPERATIONS_QUEUE, REPORTS_QUEUE, requestQueue } from './names.js';
export { agentMessageSchema } from './agent-message-schema.js';
export { hostStateSchema } from './host-state-schema.js';
export { hostJobSchema, hostRequestSchema, operationJobSchema, parsePayload } from './payloads.js';
export type { HostJob, HostRequest, OperationJob } from './payloads.js';
export { claimedHost, messageKey, openMessage, sealMessage } from './seal.js';
export type { MessageKey, SealedMessage, SealPurpose } from './seal.js';
export { openQueues, Queues } from './queues.js';
export type { HostHandlers } from './queues.js';
