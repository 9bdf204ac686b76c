/** The `underware` command. Exit codes: 0 done, 1 refused or failed, 2 usage, 130 interrupted. */
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import type { KernelProfile } from '@underware/core';
import { fileURLToPath } from 'node:url';
import { connect } from './connection.js';
import { buildProgram } from './program.js';
import { readInputFile } from './read-file.js';
import { printError } from './render/error.js';
import type { Session } from './session.js';
import { printable } from './terminal.js';
import type { Terminal } from './terminal.js';

/** What the probe loads to see whether programs are compiled. */
const ENGINE_OBJECT = new URL('../../../bpf/build/root.bpf.o', import.meta.url);
const { env, stdout, stderr } = process;
// Whoever reads us, e.g. `head`, may have had enough.
stdout.on('error', () => process.exit(0));

const program = buildProgram(async (json, work) => {
  const interactive = stdout.isTTY && !json && env['CI'] === undefined;
  const terminal: Terminal = {
    out: (text) => void stdout.write(printable(text)),
    err: (text) => void stderr.write(printable(text)),
    clear: () => void (interactive && stdout.write('\u001B[2J\u001B[H')),
    json,
    interactive,
    color: stdout.isTTY && (env['NO_COLOR'] ?? '') === '',
  };
  let interrupt: AbortController | undefined;
  let client: ReturnType<typeof connect> | undefined;
  const session: Session = {
    terminal,
    client: () => (client ??= connect({ url: env['UNDERWARE_URL'], tokenFile: env['UNDERWARE_TOKEN_FILE'] })),
    probeKernel,
    // Only what waits takes signals over; what computes is ended by them, as any process is.
    get signal() {
      return (interrupt ??= abortOnSignals()).signal;
    },
    exitCode: 0,
  };
  try {
    await work(session);
    process.exitCode = session.exitCode;
  } catch (error) {
    if (interrupt?.signal.aborted === true) process.exitCode = 130;
    else {
      printError(terminal, error, `run ${process.argv.slice(2).join(' ')}`);
      process.exitCode = 1;
    }
  }
});

function abortOnSignals(): AbortController {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  return controller;
}

/** libbpf is loaded by the one command that needs it: the others run where it is not built. */
async function probeKernel(): Promise<KernelProfile> {
  const { probeKernel: probe } = await import('@underware/kernel');
  return probe(await readInputFile(fileURLToPath(ENGINE_OBJECT)));
}

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
