import { BpfError } from '@underware/libbpf';
import type { UnderwareError } from '@underware/core';
import { kernelError } from './kernel-error.js';

interface Closeable {
  close(): void;
}

/** Lends a handle and closes it, whatever happens. */
export async function lend<Handle extends Closeable, Result>(
  handle: Handle,
  work: (handle: Handle) => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await work(handle);
  } finally {
    handle.close();
  }
}

/** Runs `work`; what libbpf throws becomes an UnderwareError that says what was attempted and on what. */
export async function attempt<Result>(
  attempted: string,
  on: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof BpfError ? fromBpfError(error, attempted, on) : error;
  }
}

export function fromBpfError(error: BpfError, attempted: string, on: string): UnderwareError {
  const missing = error.missingCapabilities;
  if (missing.length > 0) {
    return kernelError(
      'CAPABILITY_MISSING',
      attempted,
      on,
      `the agent lacks ${missing.join(', ')}`,
      `Give it ${missing.join(', ')} (AmbientCapabilities= in its unit), or run it as root`,
      { cause: error },
    );
  }
  if (error.verifierLog) {
    return kernelError(
      'VERIFIER_REJECTED',
      attempted,
      on,
      error.summary ?? error.message,
      'Read the verifier log in the detail; the plugin, not its config, is at fault on this kernel',
      { detail: error.verifierLog, cause: error },
    );
  }
  return kernelError(
    'BPF_FAILED',
    attempted,
    on,
    `${error.call}: ${error.errnoName}`,
    'Retry; where it fails again, look at dmesg and at what else uses BPF on this host',
    { detail: error.message, cause: error },
  );
}

export function hasErrno(error: unknown, ...names: string[]): boolean {
  return error instanceof BpfError && names.includes(error.errnoName);
}
