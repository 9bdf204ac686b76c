import type { Value } from './scope.js';

/** A second or two: a step of a regular expression is one, reading a value some more. */
export const MOST_WORK = 64_000_000;
/** Of two values that are compared. */
export const COMPARED = 4;
const EACH = 16;
const CHARACTERS = 4;

/** What may still be done in one compilation, so that no text, however odd, takes longer than seconds. */
export class Work {
  constructor(public left: number) {}

  /** False once it is used up: what was asked is then not known. */
  spend(amount: number): boolean {
    this.left -= amount;
    return this.left >= 0;
  }

  get isSpent(): boolean {
    return this.left < 0;
  }
}

/** Of a value that is looked at; what is in it counts by itself. */
export function costOf(value: Value): number {
  return typeof value === 'string' ? EACH + value.length / CHARACTERS : EACH;
}

/** Of a value with all that is in it, as far as `most`. */
export function weightOf(value: Value, most: number): number {
  const waiting: Value[] = [value];
  let weight = 0;
  while (waiting.length > 0 && weight <= most) {
    const next = waiting.pop();
    weight += costOf(next);
    if (typeof next !== 'object' || next === null) continue;
    for (const each of Array.isArray(next) ? next : Object.values(next)) waiting.push(each);
  }
  return weight;
}
