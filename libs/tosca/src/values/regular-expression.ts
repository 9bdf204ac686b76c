import { ExpressionReader, Invalid, isWord, Unknown } from './expression-reader.js';
import type { Node, Test } from './expression-reader.js';
import type { Work } from './work.js';

/**
 * Regular expressions matched in time that grows with the text and never explodes: all ways through the expression are
 * followed at once, where the matcher of JavaScript tries one after the other. What refers back or looks around is not
 * a regular expression in this sense, and is not known here.
 */
export type Compiled = {
  /** What making it took. */
  rounds: number;
} & (
  | {
      /** Undefined where there is not enough work left to tell. */
      matches(text: string, work: Work): boolean | undefined;
    }
  | { invalid: string }
  | { unknown: string }
);

/** An expression of more parts than this, repeats written out, is not taken. */
const MOST_PARTS = 5000;
/** Parts that come to nothing, such as `()`, count as well: they are gone through as often as they are repeated. */
const MOST_ROUNDS = 20 * MOST_PARTS;

type Step =
  | { kind: 'one'; test: Test; cost: number }
  | { kind: 'assert'; what: '^' | '$' | 'b' | 'B' }
  | { kind: 'split'; to: number[] };

/** Matches anywhere in a text, or the `whole` of it. */
export function compileExpression(source: string, whole: boolean): Compiled {
  const emitter = new Emitter();
  try {
    const steps = emitter.program(new ExpressionReader(source).read());
    const fronts: [Front, Front] = [new Front(steps), new Front(steps)];
    return { rounds: emitter.rounds, matches: (text, work) => run(steps, text, whole, work, fronts) };
  } catch (error) {
    if (error instanceof Unknown) return { rounds: emitter.rounds, unknown: error.message };
    if (error instanceof Invalid) return { rounds: emitter.rounds, invalid: error.message };
    throw error;
  }
}

class Emitter {
  private readonly steps: Step[] = [];
  rounds = 0;

  program(node: Node): readonly Step[] {
    this.emit(node);
    return this.steps;
  }

  /** Appends the steps of a node; a way through them ends at the step after the last. */
  private emit(node: Node): void {
    this.rounds += 1;
    if (this.steps.length > MOST_PARTS || this.rounds > MOST_ROUNDS)
      throw new Unknown('it has too many parts');
    switch (node.kind) {
      case 'one':
      case 'assert':
        this.steps.push(node);
        return;
      case 'sequence':
        for (const part of node.parts) this.emit(part);
        return;
      case 'choice':
        this.emitChoice(node.options);
        return;
      case 'repeat':
        this.emitRepeat(node.part, node.least, node.most);
    }
  }

  private emitChoice(options: readonly Node[]): void {
    const ends: number[][] = [];
    const split = this.split();
    for (const option of options) {
      split.push(this.steps.length);
      this.emit(option);
      ends.push(this.split());
    }
    for (const end of ends) end.push(this.steps.length);
  }

  private emitRepeat(part: Node, least: number, most: number): void {
    for (let i = 0; i < least; i++) this.emit(part);
    if (most === Infinity) {
      const start = this.steps.length;
      const split = this.split(start + 1);
      this.emit(part);
      this.split(start);
      split.push(this.steps.length);
      return;
    }
    const skips: number[][] = [];
    for (let i = least; i < most; i++) {
      skips.push(this.split(this.steps.length + 1));
      this.emit(part);
    }
    for (const skip of skips) skip.push(this.steps.length);
  }

  private split(...to: number[]): number[] {
    this.steps.push({ kind: 'split', to });
    return to;
  }
}

/** The steps that can come next, after all splits and assertions, as a set in an array. */
class Front {
  readonly at: number[] = [];
  private readonly seen: Uint32Array;
  private mark = 0;

  constructor(private readonly steps: readonly Step[]) {
    this.seen = new Uint32Array(steps.length + 1);
  }

  clear(): void {
    this.at.length = 0;
    this.mark += 1;
  }

  /** How many steps it looked at on the way. */
  add(start: number, text: readonly string[], position: number): number {
    const stack = [start];
    let looked = 0;
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      looked += 1;
      if (this.seen[index] === this.mark) continue;
      this.seen[index] = this.mark;
      const step = this.steps[index];
      if (step?.kind === 'split') stack.push(...step.to);
      else if (step?.kind === 'assert') {
        if (holds(step.what, text, position)) stack.push(index + 1);
      } else this.at.push(index);
    }
    return looked;
  }
}

function run(
  steps: readonly Step[],
  source: string,
  whole: boolean,
  work: Work,
  [front, next]: [Front, Front],
): boolean | undefined {
  if (!work.spend(source.length)) return undefined;
  const text = [...source];
  front.clear();
  for (let position = 0; ; position++) {
    let done = 1;
    if (position === 0 || !whole) done += front.add(0, text, position);
    if (front.at.includes(steps.length) && (!whole || position === text.length)) return true;
    const character = text[position];
    if (character === undefined) return false;
    next.clear();
    for (const index of front.at) {
      const step = steps[index];
      if (step?.kind !== 'one') continue;
      done += step.cost;
      if (step.test(character)) done += next.add(index + 1, text, position + 1);
    }
    if (!work.spend(done)) return undefined;
    [front, next] = [next, front];
  }
}

function holds(what: '^' | '$' | 'b' | 'B', text: readonly string[], position: number): boolean {
  if (what === '^') return position === 0;
  if (what === '$') return position === text.length;
  const boundary = isWord(text[position - 1] ?? ' ') !== isWord(text[position] ?? ' ');
  return boundary === (what === 'b');
}
