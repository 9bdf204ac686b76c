import Table from 'cli-table3';
import type { Terminal } from '../terminal.js';
import { paintFor } from '../terminal.js';

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Columns for people; an empty table says so in a sentence. */
export function printTable(terminal: Terminal, head: string[], rows: string[][], empty: string): void {
  if (rows.length === 0) {
    terminal.out(`${empty}\n`);
    return;
  }
  const paint = paintFor(terminal);
  const table = new Table({
    head: head.map((title) => paint('bold', title)),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows);
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  terminal.out(`${lines.join('\n')}\n`);
}
