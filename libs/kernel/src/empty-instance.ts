import { BpfMap } from '@underware/libbpf';
import { utimes } from 'node:fs/promises';
import { lend } from './bpf-call.js';
import { isEngineMap } from './engine-pins.js';
import { countersPin } from './figures.js';
import { mapPins } from './state-pins.js';

const ARRAYS = new Set(['array', 'percpu_array']);
const HASHES = new Set(['hash', 'percpu_hash', 'lru_hash', 'lru_percpu_hash', 'lpm_trie']);

/**
 * Takes out of an instance's maps what it counted and kept. What is frozen is its config and stays, so does its place in
 * a chain; initialised global variables stay too, for their first values are not known here. What it shares is not its to
 * empty: `shared` are ids of maps that others have as well.
 */
export async function emptyInstance(path: string, shared: ReadonlySet<number>): Promise<void> {
  for (const { name, pin } of mapPins(path)) {
    if (name === 'uw_next' || name.includes('.data') || isEngineMap(name)) continue;
    await lend(BpfMap.fromPin(pin), (map) => (shared.has(map.info.id) ? undefined : emptyMap(map)));
  }
  const now = new Date();
  await utimes(countersPin(path), now, now).catch(() => undefined);
}

/** Zeros of an array, no entries of a hash; what is frozen, and maps of other types, stay. */
export async function emptyMap(map: BpfMap): Promise<void> {
  const { type, frozen } = map.info;
  if (frozen) return;
  if (ARRAYS.has(type)) {
    for await (const [key, value] of map.rawEntries())
      if (value.some((byte) => byte !== 0)) await map.setRaw(key, new Uint8Array(value.byteLength));
  } else if (HASHES.has(type)) {
    const keys: Uint8Array[] = [];
    for await (const [key] of map.rawEntries()) keys.push(key);
    for (const key of keys) await map.deleteRaw(key);
  }
}
