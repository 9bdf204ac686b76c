import type { NativeHandle } from './native.js';
import { call } from './native.js';

/** What maps, programs and links have in common: a file descriptor that lives until `close` or garbage collection. */
export abstract class Handle<N extends NativeHandle> {
  /** The addon's object; for the classes of this package. */
  readonly native: N;

  protected constructor(native: N) {
    this.native = native;
  }

  /** How errors call it. */
  protected abstract describe(): string;

  /** Pins it on a mounted bpf file system; the pin keeps it alive in the kernel after this process. Unlink the file to unpin. */
  // eslint-disable-next-line typescript/require-await -- a rejected promise instead of a throw, as for every other call
  async pin(path: string): Promise<void> {
    call(`${this.describe()} at ${path}`, () => this.native.pin(path));
  }

  /** Idempotent. What the kernel object is still needed for (a pin, an attachment, a map of a program) stays. */
  close(): void {
    this.native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
