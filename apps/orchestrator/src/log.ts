import type { Logger } from 'pino';

/** The process's log: one JSON object a line on standard error. */
export type Log = Logger;
export const LOG = Symbol('log');
