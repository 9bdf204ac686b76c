import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DesiredWorkload,
  type HealthCheck,
  type ObservedWorkload,
  UnderwareError,
} from '@underware/core';
import type { ProbeResult } from './probe.js';

/** Without a health check, a workload that is still there after this long counts as started. */
const SETTLED_MS = 300;
const LOG_LINES = 40;

export interface HealthSubject {
  /** The workload as the runtime holds it now, undefined when it is gone. */
  observe(): Promise<ObservedWorkload | undefined>;
  probe(check: HealthCheck): Promise<ProbeResult>;
  log(lines: number): Promise<string>;
}

/** Waits until the workload is healthy; throws WORKLOAD_FAILED or HEALTH_CHECK_FAILED, with the tail of its log. */
export async function waitUntilHealthy(
  workload: DesiredWorkload,
  subject: HealthSubject,
  signal?: AbortSignal,
): Promise<void> {
  const check = workload.healthCheck;
  await requireRunning(workload, subject);
  if (check === undefined) {
    await pause(SETTLED_MS, signal);
    return requireRunning(workload, subject);
  }
  for (let failures = 1; ; failures++) {
    const { healthy, output } = await subject.probe(check);
    signal?.throwIfAborted();
    await requireRunning(workload, subject);
    if (healthy) return;
    if (failures >= Math.max(1, check.retries)) throw await unhealthy(workload, subject, output, failures);
    await pause(check.intervalSeconds * 1000, signal);
    await requireRunning(workload, subject);
  }
}

async function requireRunning(workload: DesiredWorkload, subject: HealthSubject): Promise<void> {
  const observed = await subject.observe();
  if (observed?.state === 'running' && observed.revision === workload.revision) return;
  const log = await subject.log(LOG_LINES);
  throw new UnderwareError({
    code: 'WORKLOAD_FAILED',
    attempted: 'run workload',
    on: describeWorkload(workload),
    why: observed === undefined ? 'it is not there' : `it exited with ${exit(observed.exitCode)}`,
    remedy: 'Read its log, mend the command, image or limits in the descriptor, then retry.',
    ...(log === '' ? {} : { detail: log }),
  });
}

async function unhealthy(
  workload: DesiredWorkload,
  subject: HealthSubject,
  output: string,
  failures: number,
): Promise<UnderwareError> {
  const log = await subject.log(LOG_LINES);
  return new UnderwareError({
    code: 'HEALTH_CHECK_FAILED',
    attempted: `check health (${workload.healthCheck?.kind})`,
    on: describeWorkload(workload),
    why: `${failures} of ${failures} checks failed, the last one: ${output}`,
    remedy: 'Read its log; where it only needs longer to start, raise retries or interval in the descriptor.',
    ...(log === '' ? {} : { detail: log }),
  });
}

export function describeWorkload(workload: DesiredWorkload): string {
  return `vnf ${workload.vnf} (${workload.runtime} ${workload.key}-${workload.revision})`;
}

/** 128 + n is what a shell and the engines say of an end by signal n. */
function exit(code: number | undefined): string {
  if (code === undefined) return 'an exit code that nobody saw';
  if (code === 137) return 'exit code 137: killed, as the kernel does above the memory limit';
  if (code === 127) return 'exit code 127: the command was not found';
  return `exit code ${code}`;
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
