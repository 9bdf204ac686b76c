import { ExpressionReader, Invalid, isWord, Unknown } from './expression-reader.js';
import type { Node, Test } from './expression-reader.js';

/**
 * Regular expressions matched in time that grows with the text and never explodes: all ways through the expression are
 * followed at once, where the matcher of JavaScript tries one after the other. What refers back or looks around is not
 * a regular expression in this sense, and is not known here.
 */
export type Compiled =
  { matches(text: string, work: Work): boolean | undefined } | { invalid: string } | { unknown: string };

/** How much may still be done; what does not fit comes out as undefined. */
export interface Work {
  left: number;
}

/** An expression of more parts than this, repeats written out, is not taken. */
const MOST_PARTS = 5000;

type Step =
  | { kind: 'one'; test: Test }
  | { kind: 'assert'; what: '^' | '$' | 'b' | 'B' }
  | { kind: 'split'; to: number[] };

/** Matches anywhere in a text, or the `whole` of it. */
export function compileExpression(source: string, whole: boolean): Compiled {
  try {
    const node = new ExpressionReader(source).read();
    const steps: Step[] = [];
    emit(node, steps);
    const fronts: [Front, Front] = [new Front(steps), new Front(steps)];
    return { matches: (text, work) => run(steps, [...text], whole, work, fronts) };
  } catch (error) {
    if (error instanceof Unknown) return { unknown: error.message };
    if (error instanceof Invalid) return { invalid: error.message };
    throw error;
  }
}

/** Appends the steps of a node; a way through them ends at the step after the last. */
function emit(node: Node, steps: Step[]): void {
  if (steps.length > MOST_PARTS) throw new Unknown('it has too many parts');
  switch (node.kind) {
    case 'one':
    case 'assert':
      steps.push(node);
      return;
    case 'sequence':
      for (const part of node.parts) emit(part, steps);
      return;
    case 'choice':
      emitChoice(node.options, steps);
      return;
    case 'repeat':
      emitRepeat(node.part, node.least, node.most, steps);
  }
}

function emitChoice(options: readonly Node[], steps: Step[]): void {
  const split: number[] = [];
  steps.push({ kind: 'split', to: split });
  const ends: number[][] = [];
  for (const option of options) {
    split.push(steps.length);
    emit(option, steps);
    const end: number[] = [];
    steps.push({ kind: 'split', to: end });
    ends.push(end);
  }
  for (const end of ends) end.push(steps.length);
}

function emitRepeat(part: Node, least: number, most: number, steps: Step[]): void {
  for (let i = 0; i < least; i++) emit(part, steps);
  if (most === Infinity) {
    const start = steps.length;
    const split: number[] = [start + 1];
    steps.push({ kind: 'split', to: split });
    emit(part, steps);
    steps.push({ kind: 'split', to: [start] });
    split.push(steps.length);
    return;
  }
  const skips: number[][] = [];
  for (let i = least; i < most; i++) {
    const skip = [steps.length + 1];
    steps.push({ kind: 'split', to: skip });
    emit(part, steps);
    skips.push(skip);
  }
  for (const skip of skips) skip.push(steps.length);
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

  add(start: number, text: readonly string[], position: number): void {
    const stack = [start];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (this.seen[index] === this.mark) continue;
      this.seen[index] = this.mark;
      const step = this.steps[index];
      if (step?.kind === 'split') stack.push(...step.to);
      else if (step?.kind === 'assert') {
        if (holds(step.what, text, position)) stack.push(index + 1);
      } else this.at.push(index);
    }
  }
}

function run(
  steps: readonly Step[],
  text: readonly string[],
  whole: boolean,
  work: Work,
  [front, next]: [Front, Front],
): boolean | undefined {
  front.clear();
  for (let position = 0; ; position++) {
    if (position === 0 || !whole) front.add(0, text, position);
    if (front.at.includes(steps.length) && (!whole || position === text.length)) return true;
    const character = text[position];
    if (character === undefined) return false;
    work.left -= front.at.length + 1;
    if (work.left < 0) return undefined;
    next.clear();
    for (const index of front.at) {
      const step = steps[index];
      if (step?.kind === 'one' && step.test(character)) next.add(index + 1, text, position + 1);
    }
    [front, next] = [next, front];
  }
}

function holds(what: '^' | '$' | 'b' | 'B', text: readonly string[], position: number): boolean {
  if (what === '^') return position === 0;
  if (what === '$') return position === text.length;
  const boundary = isWord(text[position - 1] ?? ' ') !== isWord(text[position] ?? ' ');
  return boundary === (what === 'b');
}
