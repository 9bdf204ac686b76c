import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from '../src/stack/layout.js';
import { SYSTEM_PATH } from '../src/stack/lab-processes.js';
import type { Stack } from '../src/stack/stack.js';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command line as a user runs it, with the stack's address and token unless told otherwise. */
export function cli(stack: Stack, args: string[], env: Record<string, string> = {}): Promise<CliResult> {
  const program = [join(REPOSITORY, 'apps/cli/dist/main.js'), ...args];
  const environment = {
    PATH: SYSTEM_PATH,
    NO_COLOR: '1',
    UNDERWARE_URL: stack.url,
    UNDERWARE_TOKEN_FILE: stack.tokenFile,
    ...env,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, program, { env: environment, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
