import { toErrorReport, UnderwareError } from '@underware/core';
import type { Terminal } from '../terminal.js';
import { paintFor, printJson } from '../terminal.js';

/** What went wrong: a sentence each for what, why and remedy, then the evidence. With --json the report on standard output. */
export function printError(terminal: Terminal, thrown: unknown, attempted: string): void {
  const report = toErrorReport(thrown, attempted, 'this machine');
  if (terminal.json) {
    printJson(terminal, { error: report });
    return;
  }
  const paint = paintFor(terminal);
  terminal.err(`${paint('red', 'error')} ${report.code}: cannot ${report.attempted} on ${report.on}\n`);
  terminal.err(`  why     ${report.why}\n  remedy  ${report.remedy}\n`);
  if (report.detail !== undefined) terminal.err(`\n${report.detail.trimEnd()}\n`);
  if (!(thrown instanceof UnderwareError) && thrown instanceof Error && thrown.stack !== undefined)
    terminal.err(`\n${thrown.stack}\n`);
}
