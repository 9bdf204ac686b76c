/** Where the command writes, and how: decided once, at the start. What is written is made printable there. */
export interface Terminal {
  /** Wipes the screen, where it is one. */
  clear(): void;
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

/** What moves a cursor, sets a title or hides text: control and reordering characters, but for line ends and tabs. */
const UNPRINTABLE = /(?!\r\n|[\n\t])[\p{Cc}\p{Bidi_Control}]/gu;
/** Our own. */
const STYLES = new RegExp(`(\u001B\\[(?:${[...new Set(Object.values(CODES).flat())].join('|')})m)`);

/** Text that others wrote, safe to be shown: what a terminal would obey is written as JSON writes it. Styles stay. */
export function printable(text: string): string {
  return text
    .split(STYLES)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(UNPRINTABLE, escaped)))
    .join('');
}

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

export type Paint = (style: Style, text: string) => string;

export function paintFor({ color }: Pick<Terminal, 'color'>): Paint {
  return (style, text) => (color ? `\u001B[${CODES[style][0]}m${text}\u001B[${CODES[style][1]}m` : text);
}

/** One JSON document a line would be hard to read; one document a call, indented. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, undefined, 2)}\n`);
}
