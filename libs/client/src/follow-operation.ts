import { UnderwareError } from '@underware/core';
import type { Operation, OperationStep } from './api-types.js';
import type { UnderwareClient } from './client.js';

export type Progress = { kind: 'operation'; operation: Operation } | { kind: 'step'; step: OperationStep };

export interface FollowOptions {
  signal?: AbortSignal;
  /** For how long the orchestrator may be away, e.g. restarting, before that is an error. Default 60 s. */
  patienceMs?: number;
  /** Id of the last step that is known already; it and those before are not told. */
  after?: string;
}

const INTERVAL_MS = 200;

/**
 * Everything that happens in an operation, from its beginning, until it comes to rest. The last value is the operation
 * in the state it rests in. It asks again and again instead of holding a stream, so that it lives through a restart of the
 * orchestrator and misses nothing.
 */
export async function* followOperation(
  client: UnderwareClient,
  id: string,
  { signal, patienceMs = 60_000, after: known = '0' }: FollowOptions = {},
): AsyncGenerator<Progress> {
  let after = known;
  let told = '';
  let lastAnswer = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    try {
      // In this order: once the operation rests, the steps read after it are all there are.
      const operation = await client.operation(id);
      const steps = await client.steps(id, after);
      lastAnswer = Date.now();
      const state = `${operation.operationState} ${operation.phase}`;
      const rests = !isRunning(operation);
      after = steps.at(-1)?.id ?? after;
      // Hosts report side by side, so what came in order may have happened in another.
      for (const step of steps.toSorted((a, b) => (a.at < b.at ? -1 : 1))) yield { kind: 'step', step };
      // Steps first: they are of the phase before, or it began long enough ago.
      if (state !== told && !rests) yield { kind: 'operation', operation };
      told = state;
      if (rests) {
        yield { kind: 'operation', operation };
        return;
      }
    } catch (error) {
      const away = error instanceof UnderwareError && error.code === 'HOST_UNREACHABLE';
      if (!away || Date.now() - lastAnswer > patienceMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

/** Whether somebody works on it; otherwise it is done, or waits for a person. */
export function isRunning({ operationState }: Operation): boolean {
  return operationState === 'PROCESSING' || operationState === 'ROLLING_BACK';
}
