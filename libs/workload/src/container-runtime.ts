import type { DesiredWorkload, ObservedWorkload } from '@underware/core';
import type { WorkloadRuntime } from './workload-runtime.js';

export interface ContainerRuntimeOptions {
  /** Path of the UNIX socket of a Podman (or Docker) service. */
  socket: string;
}

/** Runs a VNF as a container of the engine that answers on a socket. */
export class ContainerRuntime implements WorkloadRuntime {
  readonly runtime = 'container';
  constructor(private readonly options: ContainerRuntimeOptions) {}
  async describe(): Promise<string | undefined> {
    throw new Error(this.options.socket);
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
