import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MapInfo } from '@underware/libbpf';
import { decodeName, encodeName } from './pin-tree.js';

/** A pinned map that outlives its instance: `instances/<key>/state/<owner>/<map>-<layout>`. */
export interface StatePin {
  owner: string;
  map: string;
  /** Fingerprint of its layout. */
  layout: string;
  pin: string;
}

export interface StateMap extends StatePin {
  info: MapInfo;
}

/**
 * Whose state an instance has stands in the names of its pins, so who shares it can be observed: a map lives for exactly
 * as long as an instance that is loaded pins it, and nobody counts.
 */
export function statePins(instance: string): StatePin[] {
  const base = join(instance, 'state');
  return namesIn(base).flatMap((owner) =>
    namesIn(join(base, owner)).map((file) => {
      const at = file.lastIndexOf('-');
      const map = decodeName(file.slice(0, at));
      return { owner, map, layout: file.slice(at + 1), pin: join(base, owner, file) };
    }),
  );
}

export function statePath(instance: string, { owner, map, layout }: Omit<StatePin, 'pin'>): string {
  return join(instance, 'state', owner, `${encodeName(map)}-${layout}`);
}

/** Of maps of one layout the one that goes on: the largest; of those the first made. */
export function currentOf<Map extends { info: Pick<MapInfo, 'id' | 'maxEntries'> }>(
  maps: readonly Map[],
): Map | undefined {
  return [...maps].sort((a, b) => b.info.maxEntries - a.info.maxEntries || a.info.id - b.info.id)[0];
}

/** All maps of an instance by name but its `.rodata`. */
export function mapPins(instance: string): { name: string; pin: string }[] {
  const own = namesIn(join(instance, 'maps')).map((file) => ({
    name: decodeName(file),
    pin: join(instance, 'maps', file),
  }));
  return [...own, ...statePins(instance).map(({ map, pin }) => ({ name: map, pin }))];
}

export function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // A missing directory is missing pins, which the caller notices.
    return [];
  }
}
