/** Where the command writes, and how: decided once, at the start. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Data for programs instead of text for people. */
  json: boolean;
  /** Somebody looks at a screen: progress may move. */
  interactive: boolean;
  color: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const CODES: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

export type Paint = (style: Style, text: string) => string;

export function paintFor({ color }: Pick<Terminal, 'color'>): Paint {
  return (style, text) => (color ? `\u001B[${CODES[style][0]}m${text}\u001B[${CODES[style][1]}m` : text);
}

/** One JSON document a line would be hard to read; one document a call, indented. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, undefined, 2)}\n`);
}
