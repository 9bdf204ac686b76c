import { createRequire } from 'node:module';
import type Docker from 'dockerode';
import { UnderwareError } from '@underware/core';
import { type Attempt, hasCode } from './attempt.js';

const TIMEOUT_MS = 60_000;
/** Looking is quick, or the engine hangs: whoever looks has more to look at. */
export const LOOK_TIMEOUT_MS = 3_000;

export type EngineKind = 'podman' | 'docker';

export interface EngineVersion {
  kind: EngineKind | 'other';
  /** `podman 4.3.1` */
  description: string;
}

const require = createRequire(import.meta.url);

/** The library is loaded with the first engine: it takes 29 MB, which a host without containers can do without. */
export function connect(socket: string, timeoutMs = TIMEOUT_MS): Docker {
  const Engine = require('dockerode') as typeof Docker;
  return new Engine({ socketPath: socket, timeout: timeoutMs });
}

/** Which engine answers on the socket; both speak Docker's API. */
export async function readVersion(docker: Docker): Promise<EngineVersion> {
  const { Components: components = [], Version: version } = await docker.version();
  const names = components.map(({ Name: name }) => name);
  if (names.includes('Podman Engine')) return { kind: 'podman', description: `podman ${version}` };
  if (names.includes('Engine')) return { kind: 'docker', description: `docker ${version}` };
  return { kind: 'other', description: `${names[0] ?? 'an unknown engine'} ${version}` };
}

/** HTTP status of an engine's refusal; undefined when it never answered. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

/** Removes a container as it is, running or not, with its volumes; one that is not there is no error. */
export async function removeByForce(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** Names what went wrong between us and the engine. */
export function engineError(error: unknown, attempt: Attempt): UnderwareError {
  if (error instanceof UnderwareError) return error;
  const why = messageOf(error);
  if (statusOf(error) !== undefined)
    return new UnderwareError(
      {
        code: 'WORKLOAD_FAILED',
        ...attempt,
        why: `the container engine refused: ${why}`,
        remedy: 'Mend what the message names, then retry.',
      },
      { cause: error },
    );
  const denied = hasCode(error, 'EACCES') || hasCode(error, 'EPERM');
  return new UnderwareError(
    {
      code: 'RUNTIME_UNAVAILABLE',
      ...attempt,
      why: `the container engine does not answer: ${why}`,
      remedy: denied
        ? 'Give the agent access to the socket.'
        : 'Start it, e.g. with `systemctl start podman.socket` or `docker.socket`, and check UNDERWARE_CONTAINER_SOCKET; then retry.',
    },
    { cause: error },
  );
}

/** Podman puts its sentence into `json.message` or `json.cause`, dockerode repeats the status around it. */
function messageOf(error: unknown): string {
  if (error instanceof Error && 'json' in error) {
    const { json } = error;
    if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string')
      return json.message.trim();
  }
  return error instanceof Error ? error.message : String(error);
}
