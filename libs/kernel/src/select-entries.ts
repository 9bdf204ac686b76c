import type { Btf } from '@underware/libbpf';
import { lend } from './bpf-call.js';
import { plain } from './plain.js';
import { mapPins } from './state-pins.js';
import { openTyped } from './typed-map.js';

/** Which entries of a map are wanted, by a number in their values. */
export interface Selection {
  map: string;
  /** Name of the field. */
  by: string;
  /** So many entries at most, those with the largest numbers. */
  most: number;
  /** None with a smaller number. */
  atLeast?: bigint;
}

export interface SelectedEntries {
  /** Largest first, as JSON. */
  rows: { key: unknown; value: unknown }[];
  /** How many entries the map has. */
  known: number;
}

interface Candidate {
  number: bigint;
  key: Uint8Array;
  value: Uint8Array;
}

/**
 * Reads a map that packets fill. Entries are compared as bytes, where the types say the field is, and only those that are
 * wanted are decoded: a table of a million flows is read in about a second.
 */
export async function selectEntries(path: string, wanted: Selection): Promise<SelectedEntries> {
  const pin = mapPins(path).find(({ name }) => name === wanted.map)?.pin;
  const map = pin === undefined ? undefined : openTyped(pin);
  if (!map) return { rows: [], known: 0 };
  return lend(map, async () => {
    const { btfKeyTypeId, btfValueTypeId, perCpu, type } = map.info;
    const { btf } = map;
    const read =
      btf && btfValueTypeId > 0 && !perCpu ? fieldReader(btf, btfValueTypeId, wanted.by) : undefined;
    if (!btf || !read || !type.endsWith('hash')) return { rows: [], known: 0 };
    const best = new Best(wanted.most, wanted.atLeast ?? 0n);
    let known = 0;
    for await (const [key, value] of map.rawEntries()) {
      known += 1;
      best.offer(read(value), key, value);
    }
    const rows = best.sorted().map(({ key, value }) => ({
      key: plain(btf.decode(btfKeyTypeId, key)),
      value: plain(btf.decode(btfValueTypeId, value)),
    }));
    return { rows, known };
  });
}

/** Reads an unsigned field of a struct from its bytes; undefined where the struct has no such field. */
function fieldReader(btf: Btf, struct: number, field: string): ((bytes: Uint8Array) => bigint) | undefined {
  const type = btf.resolve(struct);
  if (type.kind !== 'struct') return undefined;
  const member = type.members.find(({ name, bitSize }) => name === field && bitSize === 0);
  if (!member || btf.resolve(member.type).kind !== 'int') return undefined;
  const at = member.bitOffset / 8;
  const words = { 4: Uint32Array, 8: BigUint64Array };
  const size = btf.sizeOf(member.type);
  if (size !== 4 && size !== 8) return undefined;
  // A typed array is in this machine's byte order, as the kernel's numbers are, and needs its bytes aligned: a copy.
  return (bytes) => BigInt(new words[size](Uint8Array.from(bytes.subarray(at, at + size)).buffer)[0] ?? 0);
}

/** Keeps the largest of what is offered, in room for twice as many. */
class Best {
  private candidates: Candidate[] = [];

  constructor(
    private readonly most: number,
    private least: bigint,
  ) {}

  offer(number: bigint, key: Uint8Array, value: Uint8Array): void {
    if (number < this.least) return;
    // Copied: the page that they are in is large.
    this.candidates.push({ number, key: Uint8Array.from(key), value: Uint8Array.from(value) });
    if (this.candidates.length < 2 * this.most + 1) return;
    this.candidates = this.sorted();
    this.least = this.candidates.at(-1)?.number ?? this.least;
  }

  sorted(): Candidate[] {
    return this.candidates
      .sort((a, b) => (a.number < b.number ? 1 : a.number > b.number ? -1 : 0))
      .slice(0, this.most);
  }
}
