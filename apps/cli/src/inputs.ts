import { InvalidArgumentError } from 'commander';

/** Collects `--input name=value`; a value that is JSON is taken as such, anything else is text. */
export function collectInput(text: string, known: Record<string, unknown>): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...known, [text.slice(0, at)]: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
