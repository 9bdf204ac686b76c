import type { BpfMap } from '@underware/libbpf';
import { hasErrno } from './bpf-call.js';
import { compareLayouts, moveBytes, type Comparison } from './compare-layouts.js';
import { layoutOf, type MapLayout } from './map-layout.js';

const ARRAYS = new Set(['array', 'percpu_array']);

/** The layout of a map in the kernel, with the types that the kernel keeps; takes CAP_SYS_ADMIN. */
export function layoutIn(map: BpfMap): MapLayout {
  return layoutOf(map.info, map.btf);
}

/** Copies every entry, field by field where the layout is another. Entries that packets change meanwhile may be either. */
export async function copyEntries(from: BpfMap, to: BpfMap, how: Comparison): Promise<void> {
  const convert = converter(from, to, how);
  for await (const [key, value] of from.rawEntries()) {
    const entry = convert(key, value);
    // An array that is larger has room for every index of the smaller one.
    await to.setRaw(entry.key, entry.value);
  }
}

/** Copies entries whose keys the other map does not have, as far as it has room. */
export async function addEntries(from: BpfMap, to: BpfMap): Promise<void> {
  if (ARRAYS.has(from.info.type)) return;
  const how = compareLayouts(layoutIn(from), layoutIn(to));
  if (how.kind === 'refused') return;
  const convert = converter(from, to, how);
  for await (const [key, value] of from.rawEntries()) {
    const entry = convert(key, value);
    try {
      await to.setRaw(entry.key, entry.value, 'create');
    } catch (error) {
      if (hasErrno(error, 'E2BIG', 'ENOSPC', 'ENOMEM')) return;
      if (!hasErrno(error, 'EEXIST')) throw error;
    }
  }
}

type Convert = (key: Uint8Array, value: Uint8Array) => { key: Uint8Array; value: Uint8Array };

function converter(from: BpfMap, to: BpfMap, how: Comparison): Convert {
  if (how.kind !== 'copied') return (key, value) => ({ key, value });
  const { perCpu, valueSize } = from.info;
  const target = to.info;
  const convertValue = (value: Uint8Array): Uint8Array => {
    if (!perCpu) return moveBytes(how.value, value, target.valueSize);
    const [before, after] = [stride(valueSize), stride(target.valueSize)];
    const cpus = value.byteLength / before;
    const moved = Array.from({ length: cpus }, (_, cpu) =>
      moveBytes(how.value, value.subarray(cpu * before, (cpu + 1) * before), after),
    );
    return Buffer.concat(moved);
  };
  return (key, value) => ({ key: moveBytes(how.key, key, target.keySize), value: convertValue(value) });
}

/** Distance between the values of two CPUs. */
function stride(size: number): number {
  return Math.ceil(size / 8) * 8;
}
