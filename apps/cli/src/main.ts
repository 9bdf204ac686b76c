/** The `underware` command. Exit codes: 0 done, 1 refused or failed, 2 usage, 130 interrupted. */
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { connect } from './connection.js';
import { buildProgram } from './program.js';
import { printError } from './render/error.js';
import type { Session } from './session.js';
import type { Terminal } from './terminal.js';

const { env, stdout, stderr } = process;
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
// Whoever reads us, e.g. `head`, may have had enough.
stdout.on('error', () => process.exit(0));

const program = buildProgram(async (json, work) => {
  const interactive = stdout.isTTY && !json && env['CI'] === undefined;
  const terminal: Terminal = {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    json,
    interactive,
    color: stdout.isTTY && (env['NO_COLOR'] ?? '') === '',
  };
  let client: ReturnType<typeof connect> | undefined;
  const session: Session = {
    terminal,
    client: () => (client ??= connect({ url: env['UNDERWARE_URL'], tokenFile: env['UNDERWARE_TOKEN_FILE'] })),
    signal: interrupt.signal,
    exitCode: 0,
  };
  try {
    await work(session);
    process.exitCode = session.exitCode;
  } catch (error) {
    if (interrupt.signal.aborted) process.exitCode = 130;
    else {
      printError(terminal, error, `run ${process.argv.slice(2).join(' ')}`);
      process.exitCode = 1;
    }
  }
});

function refuseToExit(command: Command): void {
  command.exitOverride();
  for (const below of command.commands) refuseToExit(below);
}

refuseToExit(program);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version are not mistakes.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
