import type { AgentMessage } from '@underware/core';
import type { Serve } from './agent.js';

/** The queue as the agent uses it: it says things, and serves jobs and questions. */
export interface AgentQueue {
  send: (message: AgentMessage) => Promise<void>;
  serve: Serve;
}

export const QUEUE = Symbol('queue');
export const KERNEL = Symbol('kernel');
export const ANSWERS = Symbol('answers to questions');
export const RUNTIMES = Symbol('workload runtimes');
