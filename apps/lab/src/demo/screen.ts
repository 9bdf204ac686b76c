/** Lines with the time in front; the same in a terminal and in a log. */
export interface Screen {
  title(text: string): void;
  /** `at`: when it happened, ISO 8601; default now. */
  line(text: string, at?: string): void;
  text(text: string): void;
  good(text: string): void;
  bad(text: string): void;
}

export function screenOn(write: (text: string) => void, color: boolean): Screen {
  const paint = (code: number, text: string): string => (color ? `\u001B[${code}m${text}\u001B[0m` : text);
  return {
    title: (text) => write(`\n${paint(1, text)}\n`),
    line: (text, at = new Date().toISOString()) => write(`${paint(2, at.slice(11, 23))}  ${text}\n`),
    text: write,
    good: (text) => write(`  ${paint(32, '✓')} ${text}\n`),
    bad: (text) => write(`  ${paint(31, '✗')} ${text}\n`),
  };
}
