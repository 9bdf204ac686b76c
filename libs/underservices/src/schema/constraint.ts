import type { Constraint } from './property-schema.js';

const LONGEST_MATCHED = 4096;

/** What a value had to be, in words, or undefined when it satisfies the constraint. */
export function violation(constraint: Constraint, value: unknown): string | undefined {
  return satisfies(constraint, value) ? undefined : describeConstraint(constraint);
}

export function describeConstraint(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'valid_values':
      return `one of ${constraint.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'in_range':
      return `between ${bound(constraint.min)} and ${bound(constraint.max)}`;
    case 'equal':
      return `equal to ${JSON.stringify(constraint.value)}`;
    case 'greater_than':
      return `greater than ${constraint.value}`;
    case 'greater_or_equal':
      return `at least ${constraint.value}`;
    case 'less_than':
      return `less than ${constraint.value}`;
    case 'less_or_equal':
      return `at most ${constraint.value}`;
    case 'length':
      return `of length ${constraint.value}`;
    case 'min_length':
      return `of length ${constraint.value} or more`;
    case 'max_length':
      return `of length ${constraint.value} or less`;
    case 'pattern':
      return `text matching /${constraint.pattern}/`;
  }
}

/**
 * Why a pattern is not evaluated, or undefined when it is. JavaScript's matcher backtracks, and a descriptor comes from
 * outside: shapes that can take exponential time are left out, so that no text makes a check hang.
 */
export function patternRefusal(pattern: string): string | undefined {
  if (pattern.length > 512) return 'it is longer than 512 characters';
  try {
    void new RegExp(pattern, 'u');
  } catch (error) {
    return error instanceof Error ? error.message : 'it is not a regular expression';
  }
  if (/\\[1-9k]/.test(pattern)) return 'it refers back to a group';
  if (repeatsRepeat(pattern)) return 'a repeated group holds another repeat or a choice';
  const repeats = pattern.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  if (repeats > 3) return 'it repeats without bound more than three times';
  return undefined;
}

/** Whether a group that repeats without bound holds an unbounded repeat or a choice itself. */
function repeatsRepeat(pattern: string): boolean {
  const groups: boolean[] = [];
  const bare = pattern.replaceAll(/\\./gsu, 'x').replaceAll(/\[[^\]]*\]/gu, 'x');
  for (let i = 0; i < bare.length; i++) {
    const unbounded = /^(?:[*+]|\{\d+,\})/.test(bare.slice(i + 1, i + 12));
    if (bare[i] === '(') {
      groups.push(false);
    } else if (bare[i] === ')') {
      const ambiguous = groups.pop() ?? false;
      if (ambiguous && unbounded) return true;
      if ((ambiguous || unbounded) && groups.length > 0) groups[groups.length - 1] = true;
    } else if ((bare[i] === '|' || unbounded) && groups.length > 0) {
      groups[groups.length - 1] = true;
    }
  }
  return false;
}

function satisfies(constraint: Constraint, value: unknown): boolean {
  switch (constraint.kind) {
    case 'valid_values':
      return constraint.values.some((valid) => sameValue(valid, value));
    case 'equal':
      return sameValue(constraint.value, value);
    case 'in_range':
      return typeof value !== 'number' || (value >= constraint.min && value <= constraint.max);
    case 'greater_than':
      return typeof value !== 'number' || value > constraint.value;
    case 'greater_or_equal':
      return typeof value !== 'number' || value >= constraint.value;
    case 'less_than':
      return typeof value !== 'number' || value < constraint.value;
    case 'less_or_equal':
      return typeof value !== 'number' || value <= constraint.value;
    case 'length':
      return lengthOf(value) === constraint.value;
    case 'min_length':
      return lengthOf(value) >= constraint.value;
    case 'max_length':
      return lengthOf(value) <= constraint.value;
    case 'pattern':
      if (typeof value !== 'string' || patternRefusal(constraint.pattern) !== undefined) return true;
      // A polynomial matcher over unbounded text is slow too: past this length a text matches nothing.
      if (value.length > LONGEST_MATCHED) return false;
      return new RegExp(`^(?:${constraint.pattern})$`, 'u').test(value);
  }
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function bound(value: number): string {
  return Number.isFinite(value) ? String(value) : value < 0 ? 'no lower bound' : 'no upper bound';
}
