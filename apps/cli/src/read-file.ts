import { UnderwareError } from '@underware/core';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A package is the largest that any command takes. */
const MOST_BYTES = 512 * 1024 * 1024;

/** A file that the user named; one that cannot be read is their error, named. */
export async function readInputFile(file: string): Promise<Buffer> {
  try {
    return readRegular(file, MOST_BYTES);
  } catch (cause) {
    throw new UnderwareError(
      {
        code: 'INPUT_INVALID',
        attempted: 'read the file',
        on: file,
        why: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Check the path and the rights of the file',
      },
      { cause },
    );
  }
}

/** Throws for what is no regular file, which may have no end or never begin, and for more than `most` bytes. */
export function readRegular(file: string, most: number): Buffer {
  // Without it, opening a pipe waits for who writes to it.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error('it is no regular file');
    return readAll(descriptor, most);
  } finally {
    closeSync(descriptor);
  }
}

/** Files of the kernel have more in them than the size they say, and others may grow. */
function readAll(descriptor: number, most: number): Buffer {
  const chunks: Buffer[] = [];
  for (let left = most + 1; left > 0;) {
    const chunk = Buffer.allocUnsafe(Math.min(left, 1024 * 1024));
    const read = readSync(descriptor, chunk);
    if (read === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, read));
    left -= read;
  }
  throw new Error(`it has more than ${most} bytes`);
}
