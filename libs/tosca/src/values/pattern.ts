import { compileExpression } from './regular-expression.js';
import type { Work } from './work.js';

/** A longer pattern is not read. */
const LONGEST_PATTERN = 2048;
const MOST_KEPT = 100;

export interface Pattern {
  /** Why it is no regular expression at all. */
  invalid?: string;
  /** Why it is one that is not evaluated here. */
  refused?: string;
  /** Undefined where it is not known. */
  test(text: string): boolean | undefined;
}

/**
 * The regular expressions of a compilation, which a value must match as a `whole`, or have a match in. The standard
 * names no dialect, so what Python, Java and POSIX write is taken too.
 */
export class Patterns {
  private readonly made = new Map<string, Pattern>();

  /** `work` is that of the whole compilation. */
  constructor(readonly work: Work) {}

  read(source: string, whole: boolean): Pattern {
    const key = `${whole ? 'whole' : 'part'} ${source}`;
    let pattern = this.made.get(key);
    if (pattern === undefined) {
      pattern = this.make(source, whole);
      if (this.made.size >= MOST_KEPT) this.made.clear();
      this.made.set(key, pattern);
    }
    return pattern;
  }

  private make(source: string, whole: boolean): Pattern {
    if (this.work.isSpent) return { test: unknown };
    if (source.length > LONGEST_PATTERN) {
      return { test: unknown, refused: `it is longer than ${LONGEST_PATTERN} characters` };
    }
    const compiled = compileExpression(source, whole);
    this.work.spend(compiled.rounds);
    if ('invalid' in compiled) return { test: unknown, invalid: compiled.invalid };
    if ('unknown' in compiled) return { test: unknown, refused: compiled.unknown };
    return { test: (text) => compiled.matches(text, this.work) };
  }
}

function unknown(): undefined {
  return undefined;
}
