import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Action, StepEvent } from '@underware/core';

/** One line: what is about to happen to the host, or has. */
export interface JournalEntry extends StepEvent {
  action: Action;
}

/** Remembers every step before and after it is done, for people who want to know what happened to a host. */
export abstract class Journal {
  /** Returns when the entry outlives this process. */
  abstract record(entry: JournalEntry): Promise<void>;
  abstract close(): Promise<void>;
}

const LARGEST_BYTES = 8 * 1024 * 1024;

/**
 * JSON lines in `journal.jsonl`, with the kernel before `record` returns; past 8 MiB the file becomes `journal.1.jsonl`.
 * They are not forced to disk one by one: a power failure that loses the last of them has lost the chains, ports and
 * workloads they speak of as well. What to do after a crash is never read from here: the kernel is asked.
 */
export class FileJournal extends Journal {
  #file: FileHandle | undefined;
  #bytes = 0;

  constructor(
    private readonly stateDir: string,
    private readonly largestBytes = LARGEST_BYTES,
  ) {
    super();
  }

  async record(entry: JournalEntry): Promise<void> {
    const line = `${JSON.stringify({ ...entry, action: brief(entry.action) })}\n`;
    const file = await this.#current(Buffer.byteLength(line));
    await file.appendFile(line);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #current(adding: number): Promise<FileHandle> {
    const path = join(this.stateDir, 'journal.jsonl');
    if (this.#file && this.#bytes + adding > this.largestBytes) {
      await this.close();
      await rename(path, join(this.stateDir, 'journal.1.jsonl'));
    }
    if (!this.#file) {
      this.#file = await open(path, 'a', 0o600);
      this.#bytes = (await stat(path)).size;
    }
    this.#bytes += adding;
    return this.#file;
  }
}

/** Environments hold secrets and configs may be long; the desired state has both. */
function brief(action: Action): object {
  switch (action.kind) {
    case 'load-instance': {
      const { key, plugin, program, port, hook } = action.instance;
      return { kind: action.kind, instance: { key, plugin, program, port, hook } };
    }
    case 'start-workload':
    case 'check-health': {
      const { key, revision, vnf, runtime } = action.workload;
      return { kind: action.kind, workload: { key, revision, vnf, runtime } };
    }
    default:
      return action;
  }
}
