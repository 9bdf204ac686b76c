/** A text longer than this is not matched: even a matcher in the square of the length takes too long then. */
const LONGEST_MATCHED = 4096;
const LONGEST_PATTERN = 1024;

export interface Pattern {
  /** Why it is no regular expression at all. */
  invalid?: string;
  /** Why it is one that is not evaluated here. */
  refused?: string;
  test(text: string): boolean;
}

/**
 * A regular expression of a file. The standard names no dialect, so what Python, Java and POSIX write is taken too. The
 * matcher of JavaScript backtracks: shapes that can take exponential time are not evaluated, whatever the text.
 */
export function readPattern(source: string, whole: boolean): Pattern {
  const passes = { test: () => true };
  if (source.length > LONGEST_PATTERN) {
    return { ...passes, refused: `it is longer than ${LONGEST_PATTERN} characters` };
  }
  const ours = fromOtherDialects(source);
  const compiled = compile(whole ? `^(?:${ours})$` : ours);
  if (typeof compiled === 'string') {
    // Without what only other dialects know, what does not compile is wrong.
    return FOREIGN.test(source) ? { ...passes, refused: compiled } : { ...passes, invalid: compiled };
  }
  const refused = refusal(ours);
  if (refused !== undefined) return { ...passes, refused };
  return { test: (text) => text.length <= LONGEST_MATCHED && compiled.test(text) };
}

const FOREIGN = /\(\?[^:=!<]|\(\?<[^=!]|[*+?}]\+|\[\[|\\[A-ZQEhHGX]/;

function compile(source: string): RegExp | string {
  try {
    return new RegExp(source, 'u');
  } catch {
    // Without the flag, needless escapes such as `\-` and `\_` are allowed.
  }
  try {
    return new RegExp(source);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*: /s, '') : 'it cannot be read';
  }
}

const POSIX_CLASSES: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
  word: '\\w',
};

function fromOtherDialects(source: string): string {
  return source
    .replace(/^\(\?s\)/, '')
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\\([AZz])/g, (escape, letter: string) =>
      letter === 'A' ? '^' : letter === 'Z' || letter === 'z' ? '$' : escape,
    )
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => POSIX_CLASSES[name] ?? whole);
}

/** Why a pattern might take exponential time. */
function refusal(pattern: string): string | undefined {
  if (/\\[1-9k]/.test(pattern)) return 'it refers back to a group';
  const bare = pattern.replaceAll(/\\./gsu, 'x').replaceAll(/\[(?:[^\]]|(?<=\[\^?)\])*\]/gu, 'x');
  if (repeatsRepeat(bare)) return 'a repeated group holds another repeat or a choice';
  const repeats = bare.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  return repeats > 3 ? 'it repeats without bound more than three times' : undefined;
}

/** Whether a group that repeats without bound holds an unbounded repeat or a choice itself. */
function repeatsRepeat(bare: string): boolean {
  const groups: boolean[] = [];
  for (let i = 0; i < bare.length; i++) {
    const unbounded = /^(?:[*+]|\{\d+,\})/.test(bare.slice(i + 1, i + 12));
    if (bare[i] === '(') groups.push(false);
    else if (bare[i] === ')') {
      const ambiguous = groups.pop() ?? false;
      if (ambiguous && unbounded) return true;
      if ((ambiguous || unbounded) && groups.length > 0) groups[groups.length - 1] = true;
    } else if ((bare[i] === '|' || unbounded) && groups.length > 0) groups[groups.length - 1] = true;
  }
  return false;
}
