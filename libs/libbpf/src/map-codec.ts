import { readUnsigned, writeUnsigned } from './btf/bits.js';
import type { Btf } from './btf/btf.js';
import { BtfError } from './btf/error.js';
import type { BtfValue } from './btf/kinds.js';

/** Turns keys and values of one map into bytes and back, as its BTF says or, without BTF, by size. */
export class MapCodec {
  readonly keySize: number;
  /** Of one entry: for per-CPU maps the values of all CPUs. */
  readonly valueSize: number;
  readonly #map: {
    keySize: number;
    valueSize: number;
    btfKeyTypeId: number;
    btfValueTypeId: number;
    perCpu: boolean;
  };
  readonly #btf: () => Btf | undefined;
  /** Distance between the values of two CPUs. */
  readonly #stride: number;
  readonly #cpus: number;

  constructor(
    map: {
      keySize: number;
      valueSize: number;
      btfKeyTypeId: number;
      btfValueTypeId: number;
      perCpu: boolean;
    },
    btf: () => Btf | undefined,
    possibleCpus: number,
  ) {
    this.#map = map;
    this.#btf = btf;
    this.#cpus = possibleCpus;
    this.#stride = Math.ceil(map.valueSize / 8) * 8;
    this.keySize = map.keySize;
    this.valueSize = map.perCpu ? this.#stride * possibleCpus : map.valueSize;
  }

  encodeKey(key: BtfValue): Uint8Array {
    return this.#encode(this.#map.btfKeyTypeId, this.#map.keySize, key, 'key');
  }

  decodeKey(bytes: Uint8Array): BtfValue {
    return this.#decode(this.#map.btfKeyTypeId, bytes);
  }

  encodeValue(value: BtfValue): Uint8Array {
    const { btfValueTypeId: type, valueSize: size } = this.#map;
    if (!this.#map.perCpu) return this.#encode(type, size, value, 'value');
    if (!Array.isArray(value) || value.length !== this.#cpus) {
      throw new BtfError('value', `a list of ${this.#cpus} values expected, one for each possible CPU`);
    }
    const out = new Uint8Array(this.valueSize);
    for (const [cpu, one] of value.entries()) {
      out.set(this.#encode(type, size, one, `value[${cpu}]`), cpu * this.#stride);
    }
    return out;
  }

  /** The value of one CPU. */
  encodeOne(value: BtfValue): Uint8Array {
    return this.#encode(this.#map.btfValueTypeId, this.#map.valueSize, value, 'value');
  }

  decodeValue(bytes: Uint8Array): BtfValue {
    const { btfValueTypeId: type, valueSize: size } = this.#map;
    if (!this.#map.perCpu) return this.#decode(type, bytes);
    return Array.from({ length: this.#cpus }, (_, cpu) =>
      this.#decode(type, bytes.subarray(cpu * this.#stride, cpu * this.#stride + size)),
    );
  }

  #encode(type: number, size: number, value: BtfValue, path: string): Uint8Array {
    if (value instanceof Uint8Array) {
      if (value.length !== size) throw new BtfError(path, `${size} bytes expected, got ${value.length}`);
      return value;
    }
    const btf = type === 0 ? undefined : this.#btf();
    if (btf) return btf.encode(type, value, path);
    if (!isNumberSize(size) || (typeof value !== 'number' && typeof value !== 'bigint')) {
      throw new BtfError(
        path,
        `the map has no BTF for it: give ${isNumberSize(size) ? 'a number or ' : ''}${size} bytes`,
      );
    }
    const number = BigInt(value);
    if (number < 0n || number >= 1n << BigInt(size * 8))
      throw new BtfError(path, `${number} does not fit ${size} bytes`);
    const bytes = new Uint8Array(size);
    writeUnsigned(bytes, 0, size, number);
    return bytes;
  }

  #decode(type: number, bytes: Uint8Array): BtfValue {
    const btf = type === 0 ? undefined : this.#btf();
    if (btf) return btf.decode(type, bytes);
    if (!isNumberSize(bytes.length)) return Uint8Array.from(bytes);
    const value = readUnsigned(bytes, 0, bytes.length);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }
}

function isNumberSize(size: number): boolean {
  return size === 1 || size === 2 || size === 4 || size === 8;
}
