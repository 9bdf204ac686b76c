import { BtfError, possibleCpus, type BpfMap } from '@underware/libbpf';
import type { BtfValue } from '@underware/core';
import { attempt, lend } from './bpf-call.js';
import { total } from './figures.js';
import { ifThere } from './instance-pins.js';
import { isInstanceKey } from './keys.js';
import { absentError, kernelError } from './kernel-error.js';
import type { Row } from './kernel.js';
import { isThere, PinTree } from './pin-tree.js';
import { plain } from './plain.js';
import { mapPins } from './state-pins.js';
import { openTyped } from './typed-map.js';

/** What the kernel says of a map. */
export interface MapFacts {
  name: string;
  /** libbpf's name: `hash`, `percpu_array`, … */
  type: string;
  maxEntries: number;
  keySize: number;
  valueSize: number;
  perCpu: boolean;
  memoryBytes: number;
}

/** Reads bytes of a key by the name of a field of its struct. */
export type KeyFields = (name: string) => Uint8Array;

export interface MapPage {
  rows: Row[];
  /** There are more behind them. */
  more: boolean;
}

const ARRAYS = ['array', 'percpu_array'];
const READABLE = [...ARRAYS, 'hash', 'percpu_hash', 'lru_hash', 'lru_percpu_hash', 'lpm_trie'];

/**
 * The maps of plugin instances, for people: entries by the names of their fields. Rows are JSON as in figures: per-CPU values
 * added up, bytes as hex, large numbers as decimal text; what is written is read the same way. Packets go on meanwhile:
 * a page is no snapshot.
 */
export class InstanceMaps {
  private readonly pins: PinTree;

  constructor(bpffs: string) {
    this.pins = new PinTree(bpffs);
  }

  /** NOT_FOUND for an absent instance. */
  async list(key: string): Promise<MapFacts[]> {
    return attempt('list maps', key, async () =>
      mapPins(this.pathOf('list maps', key))
        .flatMap(({ name, pin }) => {
          const map = ifThere(() => openTyped(pin));
          if (!map) return [];
          const { type, maxEntries, keySize, valueSize, perCpu, memoryBytes } = map.info;
          map.close();
          return { name, type, maxEntries, keySize, valueSize, perCpu, memoryBytes };
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  }

  /** Entries in the order of the map, without the first `offset`; of those that `matches` says, where it is given. */
  async read(
    key: string,
    map: string,
    { offset, limit }: { offset: number; limit: number },
    matches?: (fields: KeyFields) => boolean,
  ): Promise<MapPage> {
    return this.open('read a map', key, map, async (opened) => {
      const rows: Row[] = [];
      let skip = offset;
      for await (const [rawKey, rawValue] of this.matching(opened, matches)) {
        if (skip > 0) {
          skip -= 1;
          continue;
        }
        if (rows.length === limit) return { rows, more: true };
        rows.push({ key: plain(opened.decodeKey(rawKey)), value: wholeOf(opened, rawValue) });
      }
      return { rows, more: false };
    });
  }

  /** One entry; undefined where there is none. */
  async get(key: string, map: string, entry: BtfValue): Promise<Row | undefined> {
    return this.open('read a map', key, map, async (opened) => {
      const rawKey = opened.encodeKey(entry);
      const raw = await opened.getRaw(rawKey);
      return raw && { key: plain(opened.decodeKey(rawKey)), value: wholeOf(opened, raw) };
    });
  }

  /** Of a per-CPU map one CPU gets the value and the others zeros, so that it is what is read. */
  async set(key: string, map: string, entry: BtfValue, value: BtfValue): Promise<void> {
    await this.open('edit a map', key, map, async (opened) => {
      const { perCpu, valueSize } = opened.info;
      if (!perCpu) return opened.set(entry, value);
      const raw = new Uint8Array(Math.ceil(valueSize / 8) * 8 * possibleCpus());
      raw.set(opened.encodeOne(value));
      return opened.setRaw(opened.encodeKey(entry), raw);
    });
  }

  /** Whether there was an entry. One of an array becomes zeros. */
  async delete(key: string, map: string, entry: BtfValue): Promise<boolean> {
    return this.open('edit a map', key, map, async (opened) => {
      const rawKey = opened.encodeKey(entry);
      if (!ARRAYS.includes(opened.info.type)) return opened.deleteRaw(rawKey);
      const raw = await opened.getRaw(rawKey);
      if (raw) await opened.setRaw(rawKey, new Uint8Array(raw.byteLength));
      return raw !== undefined;
    });
  }

  /** Deletes entries by what their keys say; how many there were. */
  async deleteWhere(key: string, map: string, matches: (fields: KeyFields) => boolean): Promise<number> {
    return this.open('edit a map', key, map, async (opened) => {
      const found: Uint8Array[] = [];
      for await (const [rawKey] of this.matching(opened, matches)) found.push(rawKey);
      let deleted = 0;
      for (const rawKey of found) if (await opened.deleteRaw(rawKey)) deleted += 1;
      return deleted;
    });
  }

  private async *matching(
    map: BpfMap,
    matches: ((fields: KeyFields) => boolean) | undefined,
  ): AsyncGenerator<[Uint8Array, Uint8Array]> {
    const at = matches ? fieldsOf(map) : undefined;
    for await (const [key, value] of map.rawEntries()) {
      const field: KeyFields = (name) => {
        const place = at?.get(name);
        return place ? key.subarray(place.at, place.at + place.size) : new Uint8Array();
      };
      if (!matches || matches(field)) yield [key, value];
    }
  }

  private async open<Result>(
    attempted: string,
    key: string,
    name: string,
    work: (map: BpfMap) => Promise<Result>,
  ): Promise<Result> {
    const on = `map ${name} of ${key}`;
    const found = mapPins(this.pathOf(attempted, key)).find((each) => each.name === name);
    const map = found && ifThere(() => openTyped(found.pin));
    if (!map) throw absentError(attempted, on, 'the map');
    return lend(map, async () => {
      const { type } = map.info;
      if (!READABLE.includes(type))
        throw kernelError(
          'INPUT_INVALID',
          attempted,
          on,
          `a ${type} has no entries to be read or written`,
          `Name a map of another type: ${READABLE.join(', ')}`,
        );
      try {
        return await attempt(attempted, on, () => work(map));
      } catch (error) {
        if (!(error instanceof BtfError)) throw error;
        throw kernelError(
          'INPUT_INVALID',
          attempted,
          on,
          error.message,
          'Write key and value as they are read',
          {
            cause: error,
          },
        );
      }
    });
  }

  private pathOf(attempted: string, key: string): string {
    this.pins.check();
    if (isInstanceKey(key) && isThere(this.pins.instance(key))) return this.pins.instance(key);
    throw absentError(attempted, key, 'the instance');
  }
}

/** Of a key that is a struct: where its fields are. */
function fieldsOf({ btf, info }: BpfMap): Map<string, { at: number; size: number }> {
  const type = btf?.resolve(info.btfKeyTypeId);
  if (!btf || type?.kind !== 'struct') return new Map();
  return new Map(
    type.members.map(({ name, type: member, bitOffset }) => [
      name,
      { at: bitOffset / 8, size: btf.sizeOf(member) },
    ]),
  );
}

/** JSON of what all CPUs have together. */
function wholeOf(map: BpfMap, raw: Uint8Array): unknown {
  const value = map.decodeValue(raw);
  return plain(map.info.perCpu && Array.isArray(value) ? total(value) : value);
}
