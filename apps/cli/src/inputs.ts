import { InvalidArgumentError } from 'commander';

/** Collects `--input name=value`; a value that is JSON is taken as such, anything else is text. */
export function collectInput(text: string, known: Record<string, unknown>): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...known, [text.slice(0, at)]: valueOf(text.slice(at + 1)) };
}

/** Collects `--label name=value`: text, whatever it looks like. */
export function collectLabel(text: string, known: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}

/** A number that JSON would write otherwise, e.g. `1.10`, is text: as such nothing of it is lost, and a number is read from it. */
function valueOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' && String(value) !== text ? text : value;
  } catch {
    return text;
  }
}
