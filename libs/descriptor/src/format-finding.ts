import type { Finding } from './finding.js';

const WIDEST_LINE = 160;

/** For people: `file:line:column`, what is wrong, the source line with a caret under the place, what was expected. */
export function formatFinding(finding: Finding): string {
  const { file, line, column, severity, code, message, expected, nearest, text } = finding;
  const parts = [`${file}:${line}:${column}: ${severity} ${code}: ${message}`];
  if (text !== '') {
    // A window around the place keeps very long lines readable; tabs keep their width under the caret.
    const start = column > WIDEST_LINE - 20 ? column - Math.floor(WIDEST_LINE / 2) : 0;
    const shown = printable(text.slice(start, start + WIDEST_LINE));
    const indent = shown.slice(0, Math.max(0, column - 1 - start)).replaceAll(/[^\t]/g, ' ');
    parts.push(`  ${String(line).padStart(5)} | ${shown}`, `        | ${indent}^`);
  }
  if (expected !== undefined) parts.push(`        = expected ${expected}`);
  if (nearest !== undefined) parts.push(`        = did you mean ${nearest}?`);
  return parts.join('\n');
}

/** Control characters of a hostile file must not reach a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^\t\P{C}]/gu, '·');
}
