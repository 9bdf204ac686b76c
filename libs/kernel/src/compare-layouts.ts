import { textOf, type Field, type Layout, type MapLayout } from './map-layout.js';

/** Bytes of an old key or value and where they go in the new one; what no move reaches is zero. */
export interface Move {
  from: number;
  to: number;
  length: number;
}

/** What stands in the way of carrying entries over; undefined for what is not there. */
export interface Difference {
  /** `value.state`, `key`, `type`. */
  field: string;
  was: string | undefined;
  is: string | undefined;
}

export type Comparison =
  | { kind: 'same' }
  | { kind: 'copied'; key: Move[]; value: Move[] }
  | { kind: 'refused'; differences: Difference[] };

/** Maps whose entries user space can read one by one and write again. */
const COPYABLE = new Set([
  'hash',
  'percpu_hash',
  'lru_hash',
  'lru_percpu_hash',
  'lpm_trie',
  'array',
  'percpu_array',
]);

/**
 * Whether the entries of a map can go on in one of another layout. They can, field by field of the same name and type,
 * where the value only gained fields or, as when a step back is taken, only lost some. A field that went while another
 * came may be the same under a new name: nobody can tell, so that is refused, as is another key or another type.
 */
export function compareLayouts(was: MapLayout, is: MapLayout): Comparison {
  if (isSame(was, is)) return { kind: 'same' };
  const key = new Pairing();
  key.pair('key', was.key, is.key, 0, 0);
  const value = new Pairing();
  value.pair('value', was.value, is.value, 0, 0);
  const renamed = value.added.length > 0 && value.removed.length > 0;
  const differences = [
    ...(was.type === is.type ? [] : [{ field: 'type', was: was.type, is: is.type }]),
    ...key.changed,
    ...key.removed,
    ...key.added,
    ...value.changed,
    ...(renamed ? [...value.removed, ...value.added] : []),
  ];
  if (differences.length === 0 && !COPYABLE.has(is.type))
    differences.push({
      field: 'layout',
      was: `that of a ${was.type}, which cannot be copied`,
      is: 'another',
    });
  return differences.length > 0
    ? { kind: 'refused', differences }
    : { kind: 'copied', key: key.moves, value: value.moves };
}

/** One difference in a line: `value.seen: was u32, is u64`. */
export function differenceText({ field, was, is }: Difference): string {
  return `${field}: was ${was ?? 'absent'}, is ${is ?? 'absent'}`;
}

/** Moves the bytes of one key or value into a new one of `size` bytes. */
export function moveBytes(moves: readonly Move[], bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (const { from, to, length } of moves) out.set(bytes.subarray(from, from + length), to);
  return out;
}

class Pairing {
  readonly changed: Difference[] = [];
  readonly added: Difference[] = [];
  readonly removed: Difference[] = [];

  constructor(readonly moves: Move[] = []) {}

  /** `from` and `to`: where both begin, in bytes. */
  pair(path: string, was: Layout, is: Layout, from: number, to: number): void {
    if (isSame(was, is)) this.#move(from, to, was.size);
    else if (was.kind === 'struct' && is.kind === 'struct')
      this.#fields(path, was.fields, is.fields, from, to);
    else if (was.kind === 'array' && is.kind === 'array') this.#elements(path, was, is, from, to);
    else this.changed.push({ field: path, was: textOf(was), is: textOf(is) });
  }

  #fields(path: string, was: Field[], is: Field[], from: number, to: number): void {
    const left = new Map(was.map((field) => [field.name, field]));
    for (const field of is) {
      const old = left.get(field.name);
      left.delete(field.name);
      const at = `${path}.${field.name}`;
      if (!old) this.added.push({ field: at, was: undefined, is: textOf(field.layout) });
      else if (old.bitSize > 0 || field.bitSize > 0) this.#bits(at, old, field, from, to);
      else this.pair(at, old.layout, field.layout, from + old.bitOffset / 8, to + field.bitOffset / 8);
    }
    for (const { name, layout } of left.values())
      this.removed.push({ field: `${path}.${name}`, was: textOf(layout), is: undefined });
  }

  /** A bit field goes with the bytes it stands in, and so must stay where it is. */
  #bits(path: string, was: Field, is: Field, from: number, to: number): void {
    if (was.bitSize !== is.bitSize || was.bitOffset !== is.bitOffset) {
      this.changed.push({ field: path, was: bitsText(was), is: bitsText(is) });
      return;
    }
    const first = Math.floor(was.bitOffset / 8);
    const end = Math.ceil((was.bitOffset + was.bitSize) / 8);
    this.#move(from + first, to + first, end - first);
  }

  #elements(
    path: string,
    was: Extract<Layout, { kind: 'array' }>,
    is: Extract<Layout, { kind: 'array' }>,
    from: number,
    to: number,
  ): void {
    const both = Math.min(was.count, is.count);
    for (let i = 0; i < both; i += 1) {
      // What is to be said of one element holds of all.
      const element = i === 0 ? this : new Pairing(this.moves);
      element.pair(`${path}[]`, was.of, is.of, from + i * was.of.size, to + i * is.of.size);
    }
    const difference = { field: path, was: textOf(was), is: textOf(is) };
    if (is.count > was.count) this.added.push(difference);
    if (is.count < was.count) this.removed.push(difference);
  }

  #move(from: number, to: number, length: number): void {
    const last = this.moves.at(-1);
    // Neighbours stay neighbours: one move for both.
    if (last && last.from + last.length === from && last.to + last.length === to) last.length += length;
    else if (length > 0) this.moves.push({ from, to, length });
  }
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function bitsText({ bitSize, bitOffset }: Field): string {
  return `${bitSize} bits at bit ${bitOffset}`;
}
