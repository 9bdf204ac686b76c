import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnderwareError } from '@underware/core';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** Path of a compiled object of the repository: `firewall` of `bpf/`, or `mark` and `generator` of this library. */
export function objectPath(name: string): string {
  const folder = name === 'mark' || name === 'generator' ? 'libs/testkit/build' : 'bpf/build';
  return path.join(REPOSITORY, folder, `${name}.bpf.o`);
}

/** The bytes of a compiled object of the repository; says how to build it where it is missing. */
export async function readObject(name: string): Promise<Uint8Array> {
  try {
    return await readFile(objectPath(name));
  } catch (error) {
    throw new UnderwareError(
      {
        code: 'NOT_FOUND',
        attempted: 'read an eBPF object',
        on: objectPath(name),
        why: error instanceof Error ? error.message : String(error),
        remedy: 'Build it: node bpf/build.mjs',
      },
      { cause: error },
    );
  }
}
