import { readFileSync } from 'node:fs';
import type { BtfValue } from './btf/kinds.js';
import { Btf } from './btf/btf.js';
import { BpfError } from './error.js';
import { Handle } from './handle.js';
import { MapCodec } from './map-codec.js';
import { mapTypeName, mapTypeNumber } from './names.js';
import type { NativeMap } from './native.js';
import { call, callAsync, native } from './native.js';
import { BpfProgram } from './program.js';

export interface MapInfo {
  id: number;
  type: string;
  /** The kernel keeps 15 characters. */
  name: string;
  keySize: number;
  valueSize: number;
  maxEntries: number;
  flags: number;
  btfId: number;
  btfKeyTypeId: number;
  btfValueTypeId: number;
  perCpu: boolean;
  /** No writes from user space any more. */
  frozen: boolean;
  /** Bytes of kernel memory. */
  memoryBytes: number;
}

export interface CreateMapOptions {
  type: string;
  name?: string;
  keySize: number;
  valueSize: number;
  maxEntries: number;
  flags?: number;
  /** For maps of maps: a map like those it will hold. */
  inner?: BpfMap;
}

/** `any` creates or overwrites; `create` wants the key absent (EEXIST); `replace` wants it present (ENOENT). */
export type UpdateMode = 'any' | 'create' | 'replace';
const UPDATE_FLAGS: Record<UpdateMode, number> = { any: 0, create: 1, replace: 2 };

/** What maps of programs and maps of maps take as value; reading one gives the kernel's id as a number. */
export type MapValue = BtfValue | BpfProgram | BpfMap;

const BATCH = 1024;
/** The kernel's answers for "this map has no batch operations". */
const NO_BATCH = new Set(['ENOTSUPP', 'EOPNOTSUPP', 'EINVAL']);

/**
 * A map. Keys and values are encoded and decoded through its BTF; without BTF, sizes of 1, 2, 4 and 8 bytes are numbers
 * and others bytes. Per-CPU values are lists with one value for each possible CPU.
 */
export class BpfMap extends Handle<NativeMap> {
  readonly #name: string | undefined;
  #btf: Btf | undefined;
  #codec: MapCodec | undefined;

  /** Made by `BpfObject.map` and the static methods. */
  constructor(map: NativeMap, name?: string, btf?: Btf) {
    super(map);
    this.#name = name;
    this.#btf = btf;
  }

  /** `btf`: the types of the object it came from, for callers who may not read BTF by id (CAP_SYS_ADMIN). */
  static fromPin(path: string, options: { btf?: Btf } = {}): BpfMap {
    return new BpfMap(
      call(path, () => native().Map.fromPin(path)),
      undefined,
      options.btf,
    );
  }

  static fromId(id: number, options: { btf?: Btf } = {}): BpfMap {
    return new BpfMap(
      call(`map ${id}`, () => native().Map.fromId(id)),
      undefined,
      options.btf,
    );
  }

  static create(options: CreateMapOptions): BpfMap {
    const { type, name = '', keySize, valueSize, maxEntries, flags = 0, inner } = options;
    const map = call(`map ${name || type}`, () =>
      native().Map.create({
        type: mapTypeNumber(type),
        name,
        keySize,
        valueSize,
        maxEntries,
        flags,
        inner: inner?.native,
      }),
    );
    return new BpfMap(map, name === '' ? undefined : name);
  }

  get info(): MapInfo {
    const raw = this.#call(() => this.native.info());
    const fdinfo = readFileSync(`/proc/self/fdinfo/${this.native.fd}`, 'utf8');
    return {
      ...raw,
      type: mapTypeName(raw.type),
      frozen: /^frozen:\s*1$/m.test(fdinfo),
      memoryBytes: Number(/^memlock:\s*(\d+)$/m.exec(fdinfo)?.[1] ?? 0),
    };
  }

  /** The types of keys and values: the object's, or those the kernel keeps; undefined for a map without BTF. */
  get btf(): Btf | undefined {
    if (this.#btf) return this.#btf;
    const { btfId } = this.#call(() => this.native.info());
    if (btfId === 0) return undefined;
    this.#btf = Btf.parse(this.#call(() => native().btfFromKernel(btfId)));
    return this.#btf;
  }

  encodeKey(key: BtfValue): Uint8Array {
    return this.#codecs().encodeKey(key);
  }

  decodeKey(raw: Uint8Array): BtfValue {
    return this.#codecs().decodeKey(raw);
  }

  /** Of a per-CPU map a list, one value for each possible CPU. */
  decodeValue(raw: Uint8Array): BtfValue {
    return this.#codecs().decodeValue(raw);
  }

  /** One value, also of a per-CPU map. */
  encodeOne(value: BtfValue): Uint8Array {
    return this.#codecs().encodeOne(value);
  }

  async get(key: BtfValue): Promise<BtfValue | undefined> {
    const raw = await this.getRaw(this.#codecs().encodeKey(key));
    return raw && this.#codecs().decodeValue(raw);
  }

  async set(key: BtfValue, value: MapValue, mode: UpdateMode = 'any'): Promise<void> {
    const bytes = this.#codecs().encodeKey(key);
    if (value instanceof BpfMap) {
      await callAsync(this.describe(), () => this.native.updateSlow(bytes, value.native, UPDATE_FLAGS[mode]));
    } else if (value instanceof BpfProgram) {
      this.#call(() => this.native.update(bytes, value.native, UPDATE_FLAGS[mode]));
    } else {
      await this.setRaw(bytes, this.#codecs().encodeValue(value), mode);
    }
  }

  /** Whether there was an entry. */
  async delete(key: BtfValue): Promise<boolean> {
    return this.deleteRaw(this.#codecs().encodeKey(key));
  }

  /** Every entry; entries written or deleted meanwhile may or may not appear. */
  async *entries(): AsyncIterable<[BtfValue, BtfValue]> {
    const codec = this.#codecs();
    for await (const [key, value] of this.rawEntries())
      yield [codec.decodeKey(key), codec.decodeValue(value)];
  }

  /** Writes many entries, in one system call where the map's type allows. Not atomic. */
  async setBatch(entries: Iterable<[BtfValue, BtfValue]>, mode: UpdateMode = 'any'): Promise<void> {
    const codec = this.#codecs();
    const raw = [...entries].map(([key, value]) => ({
      key: codec.encodeKey(key),
      value: codec.encodeValue(value),
    }));
    if (raw.length === 0) return;
    const keys = Buffer.concat(raw.map(({ key }) => key));
    const values = Buffer.concat(raw.map(({ value }) => value));
    const done = await this.#batched(() =>
      this.native.updateBatch(keys, values, raw.length, UPDATE_FLAGS[mode]),
    );
    if (done) return;
    for (const { key, value } of raw) await this.setRaw(key, value, mode);
  }

  /** Deletes many entries, in one system call where the map's type allows. Keys that are absent are passed over. */
  async deleteBatch(keys: Iterable<BtfValue>): Promise<void> {
    const codec = this.#codecs();
    const raw = [...keys].map((key) => codec.encodeKey(key));
    if (raw.length === 0) return;
    const done = await this.#batched(
      () => this.native.deleteBatch(Buffer.concat(raw), raw.length),
      ['ENOENT'],
    );
    if (done) return;
    for (const key of raw) await this.deleteRaw(key);
  }

  async getRaw(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#call(() => this.native.lookup(key));
  }

  async setRaw(key: Uint8Array, value: Uint8Array, mode: UpdateMode = 'any'): Promise<void> {
    this.#call(() => this.native.update(key, value, UPDATE_FLAGS[mode]));
  }

  async deleteRaw(key: Uint8Array): Promise<boolean> {
    return this.#call(() => this.native.delete(key));
  }

  async *rawEntries(): AsyncIterable<[Uint8Array, Uint8Array]> {
    const { keySize, valueSize } = this.#codecs();
    let count = BATCH;
    let cursor: Uint8Array | undefined;
    for (;;) {
      let page;
      try {
        page = await callAsync(this.describe(), () => this.native.lookupBatch(cursor, count));
      } catch (error) {
        // One hash bucket holds more than fits: ask for more.
        if (error instanceof BpfError && error.errnoName === 'ENOSPC') {
          count *= 2;
          continue;
        }
        if (cursor || !(error instanceof BpfError) || !NO_BATCH.has(error.errnoName)) throw error;
        yield* this.#rawEntriesOneByOne();
        return;
      }
      for (let i = 0; i < page.count; i++) {
        yield [
          page.keys.subarray(i * keySize, (i + 1) * keySize),
          page.values.subarray(i * valueSize, (i + 1) * valueSize),
        ];
      }
      if (page.done) return;
      cursor = page.cursor;
    }
  }

  async *#rawEntriesOneByOne(): AsyncIterable<[Uint8Array, Uint8Array]> {
    let key: Uint8Array | undefined;
    while ((key = this.#call(() => this.native.nextKey(key)))) {
      const value = await this.getRaw(key);
      if (value) yield [key, value];
    }
  }

  /** From now on user space can only read it; programs are not affected. */
  async freeze(): Promise<void> {
    this.#call(() => this.native.freeze());
  }

  protected override describe(): string {
    return this.#name === undefined ? 'map' : `map ${this.#name}`;
  }

  #call<T>(run: () => T): T {
    return call(this.describe(), run);
  }

  #codecs(): MapCodec {
    this.#codec ??= new MapCodec(
      this.#call(() => this.native.info()),
      () => this.btf,
      native().possibleCpus,
    );
    return this.#codec;
  }

  /** False when the map has no batch operation, or one of `also` calls for going on one by one. */
  async #batched(run: () => Promise<void>, also: string[] = []): Promise<boolean> {
    try {
      await callAsync(this.describe(), run);
      return true;
    } catch (error) {
      if (error instanceof BpfError && (NO_BATCH.has(error.errnoName) || also.includes(error.errnoName)))
        return false;
      throw error;
    }
  }
}
