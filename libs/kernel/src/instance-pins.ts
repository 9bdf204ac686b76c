import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BpfMap, BpfProgram } from '@underware/libbpf';
import { hasErrno, lend } from './bpf-call.js';
import { readSlot } from './slot.js';

export interface InstancePins {
  /** 0 where the program's pin is missing. */
  programId: number;
  tag: string;
  pluginDigest: string;
  nextProgramId: number;
  rodataId: number;
  /** What is wrong with it; undefined when it is whole. */
  damage?: string;
}

/**
 * Reads an instance back from its pins. It is whole when the program is there and the pinned maps are the very maps it
 * uses: config maps were frozen before they were published, so nothing else about them can have changed.
 */
export async function readInstance(path: string): Promise<InstancePins> {
  const program = infoOf(() => BpfProgram.fromPin(join(path, 'prog')));
  const rodata = await readRodata(join(path, 'rodata'));
  const { ids, nextProgramId } = await readMaps(join(path, 'maps'));
  const pinned = new Set([...ids.values(), rodata?.id]);
  const lost = program?.mapIds.filter((id) => !pinned.has(id)) ?? [];
  const damages = [
    program ? undefined : 'pin prog is missing',
    rodata ? undefined : 'pin rodata is missing',
    ids.has('uw_next') ? undefined : 'pin maps/uw_next is missing',
    rodata?.pluginDigest === '' ? 'rodata holds no identity' : undefined,
    lost.length > 0 ? `${lost.length} of its maps are not pinned any more` : undefined,
  ];
  const damage = damages.find((reason) => reason !== undefined);
  return {
    programId: program?.id ?? 0,
    tag: program?.tag ?? '',
    pluginDigest: rodata?.pluginDigest ?? '',
    nextProgramId,
    rodataId: rodata?.id ?? 0,
    ...(damage === undefined ? {} : { damage }),
  };
}

/** Identities by the id of their frozen map, which no other map gets and whose content cannot change. */
const identities = new Map<number, string>();
const MOST_IDENTITIES = 4096;

async function readRodata(pin: string): Promise<{ id: number; pluginDigest: string } | undefined> {
  const rodata = ifThere(() => BpfMap.fromPin(pin));
  if (!rodata) return undefined;
  return lend(rodata, async (map) => {
    const { id, frozen } = map.info;
    const known = identities.get(id);
    if (known !== undefined) return { id, pluginDigest: known };
    // What is not frozen was not loaded by us.
    const pluginDigest = frozen ? digestIn(await map.get(0)) : '';
    if (identities.size === MOST_IDENTITIES) identities.clear();
    identities.set(id, pluginDigest);
    return { id, pluginDigest };
  });
}

async function readMaps(path: string): Promise<{ ids: Map<string, number>; nextProgramId: number }> {
  const ids = new Map<string, number>();
  let nextProgramId = 0;
  for (const name of names(path)) {
    const map = ifThere(() => BpfMap.fromPin(join(path, name)));
    if (!map) continue;
    await lend(map, async () => {
      ids.set(name, map.info.id);
      if (name === 'uw_next') nextProgramId = await readSlot(map);
    });
  }
  return { ids, nextProgramId };
}

function names(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // A missing directory is missing pins, which the caller notices.
    return [];
  }
}

/** `uw_identity.plugin_digest` of the decoded .rodata, in the words of the catalogue. */
function digestIn(rodata: unknown): string {
  const digest = field(field(rodata, 'uw_identity'), 'plugin_digest');
  return digest instanceof Uint8Array ? `sha256:${Buffer.from(digest).toString('hex')}` : '';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

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
