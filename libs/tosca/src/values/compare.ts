import type { Primitive } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { Value } from './scope.js';
import { readTimestamp } from './timestamp.js';
import { compareVersions, readVersion } from './version-value.js';

/** Types whose values have an order. */
export const COMPARABLE: ReadonlySet<Primitive> = new Set<Primitive>([
  'string',
  'integer',
  'float',
  'timestamp',
  'version',
  'scalar',
  'scalar-unit.size',
  'scalar-unit.time',
  'scalar-unit.frequency',
  'scalar-unit.bitrate',
]);

/** Below, at or above zero; undefined where the values have no order, or one is not known. */
export function compareValues(a: Value, b: Value, primitive: Primitive | undefined): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : known(a - b);
  if (typeof a !== 'string' || typeof b !== 'string') return undefined;
  if (primitive === 'version') {
    const [left, right] = [readVersion(a, '2.0'), readVersion(b, '2.0')];
    const [major, other] = [readVersion(a, '1.x'), readVersion(b, '1.x')];
    const first = left ?? major;
    const second = right ?? other;
    return first && second && known(compareVersions(first, second));
  }
  if (primitive === 'timestamp') {
    const [left, right] = [readTimestamp(a, true), readTimestamp(b, true)];
    return left === undefined || right === undefined ? undefined : left - right;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Undefined where it is not known. */
export function equalValues(a: Value, b: Value, primitive?: Primitive): boolean | undefined {
  if (a === UNRESOLVED || b === UNRESOLVED) return undefined;
  if (Array.isArray(a) && Array.isArray(b)) return equalLists(a, b);
  if (isRecord(a) && isRecord(b)) return equalRecords(a, b);
  if (primitive === 'version' || primitive === 'timestamp') {
    const order = compareValues(a, b, primitive);
    if (order !== undefined) return order === 0;
  }
  return Object.is(a, b) || a === b;
}

function equalLists(a: readonly Value[], b: readonly Value[]): boolean | undefined {
  if (a.length !== b.length) return false;
  return all(a.map((item, index) => equalValues(item, b[index])));
}

function equalRecords(a: Record<string, Value>, b: Record<string, Value>): boolean | undefined {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return all(keys.map((key) => (Object.hasOwn(b, key) ? equalValues(a[key], b[key]) : false)));
}

/** And, where some may not be known. */
export function all(values: Iterable<boolean | undefined>): boolean | undefined {
  let result: boolean | undefined = true;
  for (const value of values) {
    if (value === false) return false;
    if (value === undefined) result = undefined;
  }
  return result;
}

/** Or, where some may not be known. */
export function any(values: Iterable<boolean | undefined>): boolean | undefined {
  let result: boolean | undefined = false;
  for (const value of values) {
    if (value === true) return true;
    if (value === undefined) result = undefined;
  }
  return result;
}

export function isRecord(value: Value): value is Record<string, Value> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a string its characters, of a list or map its entries. */
export function lengthOf(value: Value): number | undefined {
  if (typeof value === 'string') return characters(value);
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).length : undefined;
}

function characters(text: string): number {
  let count = text.length;
  // A surrogate pair is one character of two units.
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff) count -= 1;
  }
  return count;
}

/** What is no number has no order. */
function known(order: number): number | undefined {
  return Number.isNaN(order) ? undefined : order;
}
