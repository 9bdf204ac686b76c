/** A value that does not fit its BTF type. The message names the place in the value (`rules[3].prefix`) and what would fit. */
export class BtfError extends Error {
  override readonly name = 'BtfError';
  /** Where in the value, e.g. `config.rules[3].prefix`. */
  readonly path: string;
  /** For an unknown name: the names that are valid there, nearest first. */
  readonly validNames: string[];

  constructor(path: string, why: string, validNames: string[] = []) {
    super(`${path}: ${why}`);
    this.path = path;
    this.validNames = validNames;
  }
}

export function unknownName(path: string, what: string, name: string, valid: string[]): BtfError {
  const sorted = valid
    .map((candidate) => ({ candidate, distance: distance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);
  const shown = sorted.slice(0, 5).join(', ');
  const more = sorted.length > 5 ? ` and ${sorted.length - 5} more` : '';
  return new BtfError(path, `there is no ${what} '${name}'; nearest: ${shown || 'none'}${more}`, sorted);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
