/** A line `Key: value` of TOSCA.meta or of a manifest. */
export interface KeyLine {
  key: string;
  value: string;
  /** Characters before the key. */
  indent: number;
  /** Offset of the key, and of its value, in the text. */
  keyAt: number;
  valueAt: number;
}

/** Any other line that is not empty. */
export interface OddLine {
  odd: string;
  at: number;
}

/** Lines of a text, an empty one as undefined; a comment is none of them. */
export function* keyLinesOf(text: string): Generator<KeyLine | OddLine | undefined> {
  let at = 0;
  for (const line of text.split('\n')) {
    const parsed = parseLine(line.endsWith('\r') ? line.slice(0, -1) : line, at);
    if (parsed !== 'comment') yield parsed;
    at += line.length + 1;
  }
}

function parseLine(line: string, at: number): KeyLine | OddLine | 'comment' | undefined {
  const content = line.trim();
  if (content === '') return undefined;
  if (content.startsWith('#')) return 'comment';
  const indent = line.length - line.trimStart().length;
  const colon = content.indexOf(':');
  const key = content.slice(0, Math.max(0, colon)).trimEnd();
  if (!/^[\w][\w.-]*$/.test(key)) return { odd: content, at: at + indent };
  const rest = content.slice(colon + 1);
  const value = rest.trim();
  const skipped = rest.length - rest.trimStart().length;
  const quoted = /^(["'])(.*)\1$/s.exec(value);
  return {
    key,
    value: quoted?.[2] ?? value,
    indent,
    keyAt: at + indent,
    valueAt: at + indent + colon + 1 + skipped,
  };
}
