import type { DesiredWorkload, ObservedWorkload } from '@underware/core';
import type { WorkloadRuntime } from './workload-runtime.js';

export interface ProcessRuntimeOptions {
  /** Directory for logs and exit codes; made when absent. */
  stateDir: string;
}

/** Runs a VNF as a process of the host, in its namespace and in its own control group. */
export class ProcessRuntime implements WorkloadRuntime {
  readonly runtime = 'process';
  constructor(private readonly options: ProcessRuntimeOptions) {}
  async describe(): Promise<string | undefined> {
    throw new Error(this.options.stateDir);
  }
  async observe(): Promise<ObservedWorkload[]> {
    throw new Error();
  }
  async start(workload: DesiredWorkload): Promise<void> {
    throw new Error(workload.key);
  }
  async stop(key: string): Promise<void> {
    throw new Error(key);
  }
  async checkHealth(workload: DesiredWorkload): Promise<void> {
    throw new Error(workload.key);
  }
  async logs(key: string, options: { tail: number }): Promise<string> {
    throw new Error(`${key} ${options.tail}`);
  }
}
