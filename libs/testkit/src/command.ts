import { execFile } from 'node:child_process';
import type { ExecFileException } from 'node:child_process';
import { UnderwareError } from '@underware/core';

export interface CommandResult {
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; a failure or more than `timeoutMs` throws NETWORK_FAILED with its standard error. */
export function runCommand(
  argv: readonly string[],
  { timeoutMs = 15_000, input }: { timeoutMs?: number; input?: string } = {},
): Promise<CommandResult> {
  const [file = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { timeout: timeoutMs, maxBuffer: 16 << 20 },
      (error, stdout, stderr) => {
        if (error) reject(commandFailed(argv, error, stderr));
        else resolve({ stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });
}

function commandFailed(argv: readonly string[], error: ExecFileException, stderr: string): UnderwareError {
  const ended = error.killed === true ? 'it ran out of time' : `it ended with ${error.code ?? error.signal}`;
  return new UnderwareError(
    {
      code: error.killed === true ? 'TIMED_OUT' : 'NETWORK_FAILED',
      attempted: 'run a command',
      on: argv.join(' '),
      why: stderr.trim() === '' ? ended : `${ended}: ${stderr.trim()}`,
      remedy: 'Run it by hand in the same namespace to see more',
    },
    { cause: error },
  );
}
