/** A part of a regular expression. */
export type Test = (character: string) => boolean;
export type Node =
  /** `cost`: how many tests it takes, at most. */
  | { kind: 'one'; test: Test; cost: number }
  | { kind: 'assert'; what: '^' | '$' | 'b' | 'B' }
  | { kind: 'sequence'; parts: readonly Node[] }
  | { kind: 'choice'; options: readonly Node[] }
  | { kind: 'repeat'; part: Node; least: number; most: number };

/** What this reader does not know, though it may be right. */
export class Unknown extends Error {}
/** What is no regular expression. */
export class Invalid extends Error {}

const LETTER = /[A-Za-z0-9_]/;
export const isWord: Test = (character) => LETTER.test(character);
const isDigit: Test = (character) => character >= '0' && character <= '9';
const isSpace: Test = (character) => /\s/.test(character);
const not =
  (test: Test): Test =>
  (character) =>
    !test(character);

const CLASSES: Record<string, Test> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};
const CONTROLS: Record<string, string> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  e: '\u001b',
  a: '\u0007',
  0: '\0',
};
const POSIX: Record<string, RegExp> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  blank: /[ \t]/,
  xdigit: /[\dA-Fa-f]/,
  word: /\w/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  graph: /[!-~]/,
};

function one(test: Test): Node {
  return { kind: 'one', test, cost: 1 };
}

/** Reads an expression of one of the usual dialects; throws Unknown or Invalid. */
export class ExpressionReader {
  private readonly characters: readonly string[];
  private at = 0;
  private ignoreCase = false;
  private dotAll = false;

  constructor(source: string) {
    this.characters = [...source];
  }

  read(): Node {
    const node = this.choice();
    if (this.at < this.characters.length) throw new Invalid('a parenthesis is closed that was not opened');
    return node;
  }

  private choice(): Node {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    for (;;) {
      const next = this.peek();
      if (next === undefined || next === '|' || next === ')') return { kind: 'sequence', parts };
      const part = this.atom();
      if (part !== undefined) parts.push(this.repeated(part));
    }
  }

  private repeated(part: Node): Node {
    let node = part;
    for (;;) {
      const bounds = this.quantifier();
      if (bounds === undefined) return node;
      if (part.kind === 'assert' && bounds.most > 1) throw new Invalid('nothing is there to be repeated');
      // Which of the ways is preferred makes no difference to whether there is one.
      if (!this.take('?')) this.take('+');
      node = { kind: 'repeat', part: node, ...bounds };
    }
  }

  private quantifier(): { least: number; most: number } | undefined {
    if (this.take('*')) return { least: 0, most: Infinity };
    if (this.take('+')) return { least: 1, most: Infinity };
    if (this.take('?')) return { least: 0, most: 1 };
    if (this.peek() !== '{') return undefined;
    const close = this.characters.indexOf('}', this.at);
    const text = this.characters.slice(this.at + 1, close).join('');
    const match = close < 0 ? null : /^(\d{0,4})(,?)(\d{0,4})$/.exec(text);
    // Otherwise the brace is a character like any other.
    if (match === null || text === '' || text === ',') return undefined;
    this.at = close + 1;
    const [, least = '', comma, most = ''] = match;
    const from = Number(least);
    const to = comma === '' ? from : most === '' ? Infinity : Number(most);
    if (to < from) throw new Invalid('a repeat has its bounds the wrong way round');
    return { least: from, most: to };
  }

  private atom(): Node | undefined {
    const character = this.next();
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.set();
      case '.':
        return one(this.dotAll ? () => true : (each) => each !== '\n' && each !== '\r');
      case '^':
      case '$':
        return { kind: 'assert', what: character };
      case '*':
      case '+':
      case '?':
        throw new Invalid('nothing is there to be repeated');
      case '\\':
        return this.escape();
      default:
        return one(this.equals(character));
    }
  }

  private group(): Node | undefined {
    if (this.take('?')) {
      const kind = this.next();
      if (kind === 'P' || kind === '<') {
        if (kind === 'P' && !this.take('<')) throw new Unknown('it refers back to a group');
        if (kind === '<' && (this.peek() === '=' || this.peek() === '!'))
          throw new Unknown('it looks behind');
        const end = this.characters.indexOf('>', this.at);
        if (end < 0) throw new Invalid('the name of a group does not end');
        this.at = end + 1;
      } else if (kind === '=' || kind === '!') throw new Unknown('it looks ahead');
      else if (kind !== ':') return this.flags(kind);
    }
    const node = this.choice();
    if (!this.take(')')) throw new Invalid('a parenthesis is not closed');
    return node;
  }

  /** `(?i)` for the whole expression. */
  private flags(first: string): undefined {
    for (let flag = first; flag !== ')'; flag = this.next()) {
      if (flag === 'i') this.ignoreCase = true;
      else if (flag === 's') this.dotAll = true;
      else if (flag !== 'u') throw new Unknown('it sets a flag');
    }
    return undefined;
  }

  private escape(): Node {
    const letter = this.next();
    if (letter === 'b' || letter === 'B') return { kind: 'assert', what: letter };
    if (letter === 'A') return { kind: 'assert', what: '^' };
    if (letter === 'z' || letter === 'Z') return { kind: 'assert', what: '$' };
    if (letter >= '1' && letter <= '9') throw new Unknown('it refers back to a group');
    if (letter === 'k') throw new Unknown('it refers back to a group');
    return one(this.escapedTest(letter));
  }

  private escapedTest(letter: string): Test {
    const named = CLASSES[letter];
    if (named !== undefined) return named;
    if (letter === 'p' || letter === 'P') return this.property(letter);
    return this.equals(this.escapedCharacter(letter));
  }

  private escapedCharacter(letter: string): string {
    const control = CONTROLS[letter];
    if (control !== undefined) return control;
    if (letter !== 'x' && letter !== 'u') return letter;
    const rest = this.characters.slice(this.at, this.at + 8).join('');
    const digits =
      /^\{([\da-fA-F]{1,6})\}/.exec(rest) ??
      (letter === 'x' ? /^([\da-fA-F]{2})/ : /^([\da-fA-F]{4})/).exec(rest);
    const code = Number.parseInt(digits?.[1] ?? '', 16);
    if (digits === null || code > 0x10ffff)
      throw new Invalid(`\\${letter} is not followed by the code of a character`);
    this.at += digits[0].length;
    return String.fromCodePoint(code);
  }

  private property(letter: 'p' | 'P'): Test {
    const end = this.characters.indexOf('}', this.at);
    if (this.peek() !== '{' || end < 0) throw new Unknown(`it holds \\${letter} without braces`);
    const name = this.characters.slice(this.at, end + 1).join('');
    this.at = end + 1;
    try {
      const expression = new RegExp(`\\${letter}${name}`, 'u');
      return (character) => expression.test(character);
    } catch {
      throw new Unknown(`it names the property ${name}`);
    }
  }

  /** After `[`. */
  private set(): Node {
    const negated = this.take('^');
    const tests: Test[] = [];
    for (let first = true; ; first = false) {
      const character = this.peek();
      if (character === undefined) throw new Invalid('a bracket is not closed');
      if (character === ']' && !first) break;
      tests.push(this.posix() ?? this.rangeOrOne());
    }
    this.at += 1;
    const test: Test = (character) => tests.some((each) => each(character));
    return { kind: 'one', test: negated ? not(test) : test, cost: tests.length };
  }

  private posix(): Test | undefined {
    const match = /^\[:(\^?)(\w+):\]/.exec(this.characters.slice(this.at, this.at + 16).join(''));
    const named = match === null ? undefined : POSIX[match[2] ?? ''];
    if (match === null || named === undefined) return undefined;
    this.at += match[0].length;
    const test: Test = (character) => named.test(character);
    return match[1] === '^' ? not(test) : test;
  }

  private rangeOrOne(): Test {
    const low = this.setCharacter();
    if (typeof low !== 'string') return low;
    const after = this.characters[this.at + 1];
    if (this.peek() !== '-' || after === undefined || after === ']') return this.equals(low);
    this.at += 1;
    const high = this.setCharacter();
    // `[\w-\d]`: the hyphen is a character.
    if (typeof high !== 'string')
      return (character) => character === low || character === '-' || high(character);
    const [from, to] = [low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0];
    if (to < from) throw new Invalid(`the range ${low}-${high} is the wrong way round`);
    return this.folded((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= from && code <= to;
    });
  }

  private setCharacter(): string | Test {
    const character = this.next();
    if (character !== '\\') return character;
    const letter = this.next();
    if (letter === 'b') return '\b';
    if (CLASSES[letter] !== undefined || letter === 'p' || letter === 'P') return this.escapedTest(letter);
    return this.escapedCharacter(letter);
  }

  private equals(wanted: string): Test {
    return this.folded((character) => character === wanted);
  }

  private folded(test: Test): Test {
    if (!this.ignoreCase) return test;
    return (character) => test(character) || test(character.toLowerCase()) || test(character.toUpperCase());
  }

  private peek(): string | undefined {
    return this.characters[this.at];
  }

  private next(): string {
    const character = this.characters[this.at];
    if (character === undefined) throw new Invalid('it ends too soon');
    this.at += 1;
    return character;
  }

  private take(wanted: string): boolean {
    if (this.peek() !== wanted) return false;
    this.at += 1;
    return true;
  }
}
