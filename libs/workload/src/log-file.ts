import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';

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
    await this.bound([key]);
    const file = this.file(key);
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size > 0) await rename(file, `${file}.1`);
    return open(file, 'a', 0o600);
  }

  /**
   * Keeps the end of what has grown too large, never more: the size is the VNF's choice, and a file may claim one that it
   * does not have. Lines that are written in between are lost.
   */
  async bound(keys: string[]): Promise<void> {
    for (const file of keys.map((key) => this.file(key))) {
      const { size } = await stat(file).catch(() => ({ size: 0 }));
      if (size <= MAX_BYTES) continue;
      await writeFile(`${file}.1`, await endOf(file, MAX_BYTES), { mode: 0o600 });
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
    return lastLines((await endOf(this.file(key), TAIL_BYTES)).toString('utf8'), lines);
  }

  private file(key: string): string {
    return path.join(this.directory, `${key}.log`);
  }
}

/** The last bytes of a file, at most `bytes`; nothing where there is none. */
async function endOf(file: string, bytes: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, bytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export function lastLines(text: string, lines: number): string {
  const all = text.split('\n');
  const ends = all.at(-1) === '' ? 1 : 0;
  return lines <= 0 ? '' : all.slice(-(lines + ends)).join('\n');
}
