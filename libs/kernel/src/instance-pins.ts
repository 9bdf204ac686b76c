import { basename, join } from 'node:path';
import { BpfMap, BpfProgram } from '@underware/libbpf';
import { hasErrno, lend } from './bpf-call.js';
import { readSlot } from './slot.js';
import { namesIn, statePins, type StateMap, type StatePin } from './state-pins.js';

export interface InstancePins {
  /** 0 where the program's pin is missing. */
  programId: number;
  tag: string;
  pluginDigest: string;
  nextProgramId: number;
  rodataId: number;
  /** Kernel ids of its maps by the names of their pins. */
  mapIds: ReadonlyMap<string, number>;
  /** Those of its maps that outlive it. */
  state: StateMap[];
  /** What is wrong with it; undefined when it is whole. */
  damage?: string;
}

/**
 * Reads an instance back from its pins. It is whole when the program is there and the pinned maps are the very maps it
 * uses: config maps were frozen before they were published, so nothing else about them can have changed.
 */
export async function readInstance(path: string): Promise<InstancePins> {
  const program = infoOf(() => BpfProgram.fromPin(join(path, 'prog')));
  const rodata = await readRodata(join(path, 'rodata'), basename(path));
  const { ids, nextProgramId } = await readMaps(join(path, 'maps'));
  const state = stateMaps(path);
  const pinned = new Set([...ids.values(), ...state.map(({ info }) => info.id), rodata?.id]);
  const lost = program?.mapIds.filter((id) => !pinned.has(id)) ?? [];
  const damages = [
    program ? undefined : 'pin prog is missing',
    rodata ? undefined : 'pin rodata is missing',
    ids.has('uw_next') ? undefined : 'pin maps/uw_next is missing',
    rodata?.pluginDigest === '' ? 'rodata holds another identity' : undefined,
    lost.length > 0 ? `${lost.length} of its maps are not pinned any more` : undefined,
  ];
  const damage = damages.find((reason) => reason !== undefined);
  return {
    programId: program?.id ?? 0,
    tag: program?.tag ?? '',
    pluginDigest: rodata?.pluginDigest ?? '',
    nextProgramId,
    rodataId: rodata?.id ?? 0,
    mapIds: ids,
    state,
    ...(damage === undefined ? {} : { damage }),
  };
}

async function readRodata(
  pin: string,
  key: string,
): Promise<{ id: number; pluginDigest: string } | undefined> {
  const rodata = ifThere(() => BpfMap.fromPin(pin));
  if (!rodata) return undefined;
  return lend(rodata, async (map) => {
    const { id, frozen } = map.info;
    // What is not frozen was not loaded by us.
    const bytes = frozen ? await map.getRaw(new Uint8Array(4)) : undefined;
    return { id, pluginDigest: digestIn(bytes, key) };
  });
}

async function readMaps(path: string): Promise<{ ids: Map<string, number>; nextProgramId: number }> {
  const ids = new Map<string, number>();
  let nextProgramId = 0;
  for (const name of namesIn(path)) {
    const map = ifThere(() => BpfMap.fromPin(join(path, name)));
    if (!map) continue;
    await lend(map, async () => {
      ids.set(name, map.info.id);
      if (name === 'uw_next') nextProgramId = await readSlot(map);
    });
  }
  return { ids, nextProgramId };
}

/** The maps of an instance that outlive it. */
export function stateMaps(path: string): StateMap[] {
  return statePins(path).flatMap(withInfo);
}

/** The map that is pinned there, or nothing where it vanished meanwhile. */
export function withInfo(pin: StatePin): StateMap[] {
  const info = infoOf(() => BpfMap.fromPin(pin.pin));
  return info ? [{ ...pin, info }] : [];
}

/**
 * The plugin's digest from `struct uw_identity`, found by the instance's own id and revision that follow it: BTF would
 * tell the place too, but reading BTF by id takes CAP_SYS_ADMIN, and this also shows that the pins are those of the key.
 */
function digestIn(rodata: Uint8Array | undefined, key: string): string {
  const own = Buffer.from(key.replace('-', ''), 'hex');
  const at = rodata ? Buffer.from(rodata).indexOf(own) : -1;
  if (!rodata || at < DIGEST_BYTES) return '';
  return `sha256:${Buffer.from(rodata.subarray(at - DIGEST_BYTES, at)).toString('hex')}`;
}

const DIGEST_BYTES = 32;

/** What `open` opens, or undefined where the pin is not there. */
export function ifThere<Handle>(open: () => Handle): Handle | undefined {
  try {
    return open();
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What the kernel says of a pinned program or link, or undefined where the pin is not there. */
export function infoOf<Info>(open: () => { info: Info; close(): void }): Info | undefined {
  const handle = ifThere(open);
  try {
    return handle?.info;
  } finally {
    handle?.close();
  }
}
