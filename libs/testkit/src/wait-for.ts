import { setTimeout as pause } from 'node:timers/promises';
import { UnderwareError } from '@underware/core';

/**
 * Asks until `condition` gives something truthy and returns that. Throws TIMED_OUT, naming `what`, after `deadlineMs`;
 * an error that the condition threw last is the cause. When `signal` is aborted it throws that reason at once.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  {
    deadlineMs = 10_000,
    everyMs = 10,
    signal,
  }: { deadlineMs?: number; everyMs?: number; signal?: AbortSignal } = {},
): Promise<NonNullable<T>> {
  const start = performance.now();
  let cause: unknown;
  do {
    signal?.throwIfAborted();
    try {
      const value = await condition();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await pause(everyMs, undefined, signal && { signal });
  } while (performance.now() - start < deadlineMs);
  throw new UnderwareError(
    {
      code: 'TIMED_OUT',
      attempted: 'wait',
      on: what,
      why: `it did not come true within ${deadlineMs} ms${cause instanceof Error ? `; last: ${cause.message}` : ''}`,
      remedy: 'Look at what should have made it true',
    },
    { cause },
  );
}
