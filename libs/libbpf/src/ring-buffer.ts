import type { BtfValue } from './btf/kinds.js';
import type { BpfMap } from './map.js';
import type { NativeRingBuffer } from './native.js';
import { call, native } from './native.js';

export interface RingBufferOptions {
  /** The C type of a record, e.g. `probe_event`, decoded through the map's BTF; without it records are bytes. */
  type?: string;
}

/**
 * Reads a ring buffer map (`BPF_MAP_TYPE_RINGBUF`) on the event loop. It keeps the process alive until `close`, or after
 * `unref` does not.
 */
export class RingBuffer {
  readonly #native: NativeRingBuffer;
  readonly #decode: (record: Uint8Array) => BtfValue;

  constructor(map: BpfMap, onRecord: (record: BtfValue) => void, options: RingBufferOptions = {}) {
    this.#decode = decoder(map, options.type);
    this.#native = call(
      'ring buffer',
      () =>
        new (native().RingBuffer)(map.native, (records) => {
          for (const record of records) onRecord(this.#decode(record));
        }),
    );
  }

  /** What is there now and was not handed to the callback. */
  consume(): BtfValue[] {
    return call('ring buffer', () => this.#native.consume()).map(this.#decode);
  }

  ref(): void {
    this.#native.setReferenced(true);
  }

  unref(): void {
    this.#native.setReferenced(false);
  }

  /** Idempotent. No callback comes after it. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function decoder(map: BpfMap, type: string | undefined): (record: Uint8Array) => BtfValue {
  if (type === undefined) return (record) => record;
  const { btf } = map;
  const id = btf?.find(type, 'struct') ?? btf?.find(type);
  if (!btf || id === undefined) throw new TypeError(`the ring buffer's BTF has no type '${type}'`);
  return (record) => btf.decode(id, record);
}
