import type { Schema } from '../model/schema.js';
import { resolvePlain } from '../source/resolve-plain.js';
import type { MapEntry, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';

/** Deeper data from a caller is cut off: no descriptor's input has it. */
const DEEPEST = 32;

/** A value from a caller as if it were written at a place. Text may come from a command line: `replicas=3` is a number. */
export function givenValue(value: unknown, schema: Schema | undefined, place: Place): SourceNode {
  if (typeof value !== 'string') return nodeOf(value, place, DEEPEST);
  const primitive = schema?.type?.primitive;
  if (
    primitive === 'list' ||
    primitive === 'map' ||
    (schema?.type !== undefined && primitive === undefined)
  ) {
    const parsed = parsedJson(value);
    if (parsed !== undefined) return nodeOf(parsed, place, DEEPEST);
  }
  const text = primitive === undefined || primitive === 'string' || primitive === 'any';
  return {
    kind: 'scalar',
    place,
    value: text ? value : resolvePlain(value),
    text: value,
    quoted: text,
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function nodeOf(value: unknown, place: Place, left: number): SourceNode {
  if (left > 0 && Array.isArray(value)) {
    return { kind: 'list', place, items: value.map((item) => nodeOf(item, place, left - 1)) };
  }
  if (left > 0 && typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]): [string, MapEntry] => [
      key,
      { keyPlace: place, node: nodeOf(item, place, left - 1) },
    ]);
    return { kind: 'map', place, entries: new Map(entries) };
  }
  const plain =
    typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : null;
  return {
    kind: 'scalar',
    place,
    value: plain,
    text: String(plain ?? ''),
    quoted: typeof plain === 'string',
  };
}
