import type { DesiredWorkload, ObservedWorkload, Runtime } from '@underware/core';

/** Runs VNFs. Every call may be repeated, and goes on where an agent that was killed in it stopped. */
export interface WorkloadRuntime {
  readonly runtime: Runtime;

  /** What answers, in words for an inventory (`podman 4.3.1`); undefined where this runtime cannot be used. */
  describe(): Promise<string | undefined>;

  /** The workloads of this host that the runtime holds, running or exited, of any revision. */
  observe(): Promise<ObservedWorkload[]>;

  /**
   * Starts a workload in its namespace, which must exist. Done already: nothing happens. Another revision of the key,
   * or an exited one, is removed first. Returns once it runs; whether it works is for `checkHealth`.
   */
  start(workload: DesiredWorkload): Promise<void>;

  /** Ends and removes every revision of the key: SIGTERM, a deadline, SIGKILL. Logs stay until the next start. */
  stop(key: string): Promise<void>;

  /**
   * Returns once the workload is healthy; without a health check, once it runs. Throws HEALTH_CHECK_FAILED after
   * `retries` failures in a row, WORKLOAD_FAILED when it is gone or has exited; both with the tail of its log. Throws the
   * signal's reason, between two checks, once it is aborted.
   */
  checkHealth(workload: DesiredWorkload, signal?: AbortSignal): Promise<void>;

  /** The last `tail` lines it wrote, standard output and error as they came; empty when there are none. */
  logs(key: string, options: { tail: number }): Promise<string>;
}
