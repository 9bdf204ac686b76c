/**
 * The client of the public API, for the CLI, the lab and the console.
 *
 * Layer: I/O over core. It runs in Node and in browsers; a UNIX socket as address works in Node only.
 * Trade-offs: request and response types are generated from the API's own OpenAPI document; the methods are written by hand,
 * because names of operations read better than paths.
 * After a crash: nothing remains; every request stands alone, an event stream is opened again.
 */
export * from './api-types.js';
export { UnderwareClient } from './client.js';
export type { DescriptorContent, Inputs } from './client.js';
export { connectionTo } from './connection.js';
export type { Connection, ConnectionOptions } from './connection.js';
export { readEvents } from './event-stream.js';
export type { StreamEvent } from './event-stream.js';
export { followOperation, isRunning, waitText } from './follow-operation.js';
export type { FollowOptions, Progress } from './follow-operation.js';
