import { UnderwareError } from '@underware/core';
import { spawn } from 'node:child_process';
import type { Account } from './account.js';

/** Runs a program to its end; a failure carries what it wrote. */
export async function run(
  file: string,
  args: string[],
  options: { account: Account | undefined; cwd: string; input?: string; attempted: string },
): Promise<string> {
  const child = spawn(file, args, {
    ...options.account,
    cwd: options.cwd,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // It may end without reading its input; its exit code says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return output;
  throw new UnderwareError({
    code: 'INTERNAL',
    attempted: options.attempted,
    on: options.cwd,
    why: `${file} ended with code ${String(code)}`,
    remedy: 'Read the output below; the directory can be deleted when nothing in it is needed',
    detail: output,
  });
}
