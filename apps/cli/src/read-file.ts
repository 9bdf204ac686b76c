import { UnderwareError } from '@underware/core';
import { readFile } from 'node:fs/promises';

/** A file that the user named; one that cannot be read is their error, named. */
export async function readInputFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
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
