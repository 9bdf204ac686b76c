import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorReport, HostState, SliceReport } from '@underware/core';
import { hostStateSchema } from '@underware/jobs';
import { z } from 'zod';
import { writeDurably } from './durable-file.js';

/** What the agent must remember to go on after a crash. What is there it asks the kernel. */
export interface Desired {
  /** The newest state that was accepted. */
  accepted: HostState;
  /** What the host is kept at: as accepted, but for slices that failed, which stay what they were. */
  target: HostState;
  /** What became of the services of the accepted state and of those it removed. */
  reports: SliceReport[];
  /** False while the accepted state was not tried to the end. */
  settled: boolean;
}

const FILE = 'desired.json';

const schema = z.object({
  accepted: hostStateSchema,
  target: hostStateSchema,
  reports: z.array(
    z.object({
      service: z.string(),
      stage: z.enum(['absent', 'conditioned', 'running', 'failed']),
      error: z.unknown().optional(),
    }),
  ),
  settled: z.boolean(),
});

/** Keeps the desired state in a file of mode 0600: it holds the environments of VNFs. */
export class DesiredStateStore {
  constructor(
    private readonly stateDir: string,
    private readonly onSetAside: (error: ErrorReport) => void,
  ) {}

  /** Undefined where nothing is known, which is not the same as nothing being wanted. */
  async read(): Promise<Desired | undefined> {
    const path = join(this.stateDir, FILE);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
    try {
      return schema.parse(JSON.parse(text)) as Desired;
    } catch (error) {
      await this.#setAside(path, error);
      return undefined;
    }
  }

  async write(desired: Desired): Promise<void> {
    await writeDurably(join(this.stateDir, FILE), JSON.stringify(desired));
  }

  /** Kept for whoever wants to know what happened: one file, the last one. */
  async #setAside(path: string, cause: unknown): Promise<void> {
    await rename(path, `${path}.unreadable`);
    this.onSetAside({
      code: 'INPUT_INVALID',
      attempted: 'read the desired state',
      on: path,
      why: cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause),
      remedy: `None needed: it was renamed to ${path}.unreadable, the host stays as it is, and the orchestrator sends the state again`,
    });
  }
}

export function isAbsent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
