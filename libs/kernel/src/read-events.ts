import { join } from 'node:path';
import { BpfMap, RingBuffer, type Btf } from '@underware/libbpf';
import type { PluginManifest } from '@underware/core';
import { lend } from './bpf-call.js';
import { ifThere } from './instance-pins.js';
import { isRecord, plain } from './plain.js';
import { mapPins } from './state-pins.js';
import { openTyped } from './typed-map.js';

export type EventSource = NonNullable<PluginManifest['events']>;

export interface PacketEvents {
  /** The oldest ones, in the order of the kernel, as JSON. */
  records: Record<string, unknown>[];
  /** How many more there were; they are gone. */
  lost: number;
}

/** Rounds of about a thousand records: a plugin that writes faster than it is read does not keep the reader forever. */
const MOST_ROUNDS = 64;

/**
 * Empties an instance's ring buffer. It is opened for that alone: nobody is woken while packets fill it, and an agent that
 * starts again finds where the one before stopped.
 */
export async function readEvents(path: string, source: EventSource, most: number): Promise<PacketEvents> {
  const pin = mapPins(path).find(({ name }) => name === source.map)?.pin;
  const map = pin === undefined ? undefined : ifThere(() => BpfMap.fromPin(pin));
  if (!map) return { records: [], lost: 0 };
  return lend(map, () => {
    const btf = typesOf(path);
    const type = btf?.find(source.struct, 'struct');
    if (map.info.type !== 'ringbuf' || !btf || type === undefined) return { records: [], lost: 0 };
    const size = btf.sizeOf(type);
    const records: Record<string, unknown>[] = [];
    let lost = 0;
    const ring = new RingBuffer(map, () => undefined);
    try {
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const batch = ring.consume();
        if (batch.length === 0) break;
        for (const raw of batch) {
          const record =
            records.length < most &&
            raw instanceof Uint8Array &&
            plain(btf.decode(type, filledUp(raw, size)));
          if (isRecord(record)) records.push(record);
          else lost += 1;
        }
      }
    } finally {
      ring.close();
    }
    return { records, lost };
  });
}

/** A record may end before its struct does, where the rest holds nothing. */
function filledUp(record: Uint8Array, size: number): Uint8Array {
  if (record.length >= size) return record;
  const whole = new Uint8Array(size);
  whole.set(record);
  return whole;
}

/** Of the whole object: a ring buffer has no keys and values, so the kernel keeps no types with it. */
function typesOf(path: string): Btf | undefined {
  const rodata = openTyped(join(path, 'rodata'));
  const btf = rodata?.btf;
  rodata?.close();
  return btf;
}
