import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { buildProgram } from './program.js';
import { printError } from './render/error.js';
import { printable } from './terminal.js';
import type { Session } from './session.js';

export interface CliRun {
  code: number;
  out: string;
  err: string;
}

/** What is not given is not there. */
type Given = Partial<Pick<Session, 'client' | 'probeKernel'>>;

/** Runs a command line; the same as `main.ts`, without the process. */
export async function runCli(argv: string[], given: Given = {}): Promise<CliRun> {
  let out = '';
  let err = '';
  let code = 0;
  const program = buildProgram(async (json, work) => {
    const session: Session = {
      terminal: {
        out: (text) => (out += printable(text)),
        err: (text) => (err += printable(text)),
        clear: () => undefined,
        json,
        interactive: false,
        color: false,
      },
      client: () => {
        throw new Error('there is no orchestrator');
      },
      probeKernel: () => Promise.reject(new Error('there is no kernel')),
      ...given,
      signal: new AbortController().signal,
      exitCode: 0,
    };
    try {
      await work(session);
      code = session.exitCode;
    } catch (error) {
      printError(session.terminal, error, 'run');
      code = 1;
    }
  });
  const quiet = (command: Command): void => {
    command
      .exitOverride()
      .configureOutput({ writeErr: (text) => (err += text), writeOut: (text) => (out += text) });
    for (const below of command.commands) quiet(below);
  };
  quiet(program);
  await program.parseAsync(argv, { from: 'user' }).catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : 2;
  });
  return { code, out, err };
}
