import {
  type FileHandle,
  copyFile,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  truncate,
} from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from './attempt.js';

/** A log that is found larger is moved to `<key>.log.1`, which is replaced. */
const MAX_BYTES = 8 << 20;
/** Logs of workloads that are gone are kept up to this number, newest first. */
const MAX_KEPT = 50;
/** What `tail` reads of a log at most. */
const TAIL_BYTES = 1 << 20;

/** The logs of process workloads: one file a key, of the present run, and one of what came before. */
export class LogFiles {
  constructor(private readonly directory: string) {}

  /** Begins a run's log: what was there moves aside. Opened for appending, so that it can be cut while written to. */
  async begin(key: string): Promise<FileHandle> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = this.file(key);
    await rename(file, `${file}.1`).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    return open(file, 'a', 0o600);
  }

  /** Copies and cuts what has grown too large; lines that are written in between are lost. */
  async bound(keys: string[]): Promise<void> {
    for (const file of keys.map((key) => this.file(key))) {
      const { size } = await stat(file).catch(() => ({ size: 0 }));
      if (size <= MAX_BYTES) continue;
      await copyFile(file, `${file}.1`);
      await truncate(file, 0);
    }
  }

  /** Removes the oldest logs of workloads that are gone. */
  async prune(present: string[]): Promise<void> {
    const names = await readdir(this.directory).catch(() => []);
    const keys = [...new Set(names.map((name) => name.replace(/\.log(\.1)?$/, '')))];
    const gone = await Promise.all(
      keys
        .filter((key) => !present.includes(key))
        .map(async (key) => ({ key, at: (await stat(this.file(key)).catch(() => undefined))?.mtimeMs ?? 0 })),
    );
    for (const { key } of gone.toSorted((a, b) => b.at - a.at).slice(MAX_KEPT)) {
      await rm(this.file(key), { force: true });
      await rm(`${this.file(key)}.1`, { force: true });
    }
  }

  async tail(key: string, lines: number): Promise<string> {
    const handle = await open(this.file(key), 'r').catch(() => undefined);
    if (handle === undefined) return '';
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, TAIL_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return lastLines(buffer.toString('utf8', 0, bytesRead), lines);
    } finally {
      await handle.close();
    }
  }

  private file(key: string): string {
    return path.join(this.directory, `${key}.log`);
  }
}

export function lastLines(text: string, lines: number): string {
  const all = text.split('\n');
  const ends = all.at(-1) === '' ? 1 : 0;
  return lines <= 0 ? '' : all.slice(-(lines + ends)).join('\n');
}
