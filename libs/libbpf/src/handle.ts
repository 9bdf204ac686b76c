import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BpfError } from './error.js';
import type { NativeHandle } from './native.js';
import { call } from './native.js';

const BPF_FS_MAGIC = 0xcafe4a11;

/** What maps, programs and links have in common: a file descriptor that lives until `close` or garbage collection. */
export abstract class Handle<N extends NativeHandle> {
  /** The addon's object; for the classes of this package. */
  readonly native: N;

  constructor(native: N) {
    this.native = native;
  }

  /** How errors call it. */
  protected abstract describe(): string;

  /** Pins it on a mounted bpf file system; the pin keeps it alive in the kernel after this process. Unlink the file to unpin. */
  async pin(path: string): Promise<void> {
    const on = `${this.describe()} at ${path}`;
    try {
      call(on, () => this.native.pin(path));
    } catch (error) {
      if (!(error instanceof BpfError) || error.errnoName !== 'EPERM') throw error;
      // The kernel says EPERM for any other file system.
      const directory = dirname(path);
      if ((await statfs(directory)).type === BPF_FS_MAGIC) throw error;
      const { errno, call } = error;
      throw new BpfError(`${directory} is not on a bpf file system`, { errno, call, on }, { cause: error });
    }
  }

  /** Idempotent. What the kernel object is still needed for (a pin, an attachment, a map of a program) stays. */
  close(): void {
    this.native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
