import { UnderwareError } from '@underware/core';
import type { Operation, OperationStep } from './api-types.js';
import type { UnderwareClient } from './client.js';

export type Progress =
  | { kind: 'operation'; operation: Operation }
  | { kind: 'step'; step: OperationStep }
  /** It has waited for the same hosts for seconds; a host that is not ready says why. */
  | { kind: 'waiting'; since: string; hosts: { name: string; reason?: string }[] };

export interface FollowOptions {
  signal?: AbortSignal;
  /** For how long the orchestrator may be away, e.g. restarting, before that is an error. Default 60 s. */
  patienceMs?: number;
  /** Id of the last step that is known already; it and those before are not told. */
  after?: string;
}

const INTERVAL_MS = 200;
/** Hosts that answer sooner need not be told of. */
const WAITING_MS = 3_000;

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
  let waiting = '';
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
      const { waitsFor } = operation;
      if (waitsFor && Date.now() - Date.parse(waitsFor.since) > WAITING_MS) {
        const hosts = await waitedFor(client, waitsFor.hosts);
        const text = JSON.stringify([waitsFor.since, hosts]);
        if (text !== waiting) yield { kind: 'waiting', since: waitsFor.since, hosts };
        waiting = text;
      }
    } catch (error) {
      const away = error instanceof UnderwareError && error.code === 'HOST_UNREACHABLE';
      if (!away || Date.now() - lastAnswer > patienceMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

async function waitedFor(
  client: UnderwareClient,
  names: string[],
): Promise<{ name: string; reason?: string }[]> {
  const known = await client.hosts();
  return names.map((name) => {
    const reason = known.find((host) => host.name === name)?.reason;
    return { name, ...(reason === undefined ? {} : { reason }) };
  });
}

/** `h1, h2 (its agent was last heard of at …)` */
export function waitText({ hosts }: Extract<Progress, { kind: 'waiting' }>): string {
  return hosts.map(({ name, reason }) => (reason === undefined ? name : `${name} (${reason})`)).join(', ');
}

/** Whether somebody works on it; otherwise it is done, or waits for a person. */
export function isRunning({ operationState }: Operation): boolean {
  return operationState === 'PROCESSING' || operationState === 'ROLLING_BACK';
}
