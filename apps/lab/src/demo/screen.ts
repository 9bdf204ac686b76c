/** Lines with the time in front; the same in a terminal and in a log. */
export interface Screen {
  title(text: string): void;
  line(text: string): void;
  good(text: string): void;
  bad(text: string): void;
}

export function screenOn(write: (text: string) => void, color: boolean): Screen {
  const paint = (code: number, text: string): string => (color ? `\u001B[${code}m${text}\u001B[0m` : text);
  return {
    title: (text) => write(`\n${paint(1, text)}\n`),
    line: (text) => write(`${paint(2, now())}  ${text}\n`),
    good: (text) => write(`  ${paint(32, '✓')} ${text}\n`),
    bad: (text) => write(`  ${paint(31, '✗')} ${text}\n`),
  };
}

function now(): string {
  return new Date().toISOString().slice(11, 23);
}
