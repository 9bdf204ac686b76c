import { join } from 'node:path';
import { BpfProgram } from '@underware/libbpf';
import { hasErrno, lend } from './bpf-call.js';
import type { PinTree } from './pin-tree.js';
import { setSlot } from './slot.js';
import { holdersOf, slotOf, type Snapshot } from './snapshot.js';

/**
 * Puts the program now pinned under `key` where the one of `before` stood: it goes on to the same next, then every slot
 * that led to the old one leads to it.
 */
export async function takeOver(pins: PinTree, before: Snapshot, key: string): Promise<void> {
  const old = before.instances.get(key);
  if (!old) return;
  const oldId = old.programId || (await findByMap(before, old.rodataId));
  await lend(BpfProgram.fromPin(join(pins.instance(key), 'prog')), async (program) => {
    const nextKey = before.keys.get(old.nextProgramId);
    if (nextKey !== undefined && nextKey !== key) {
      await lend(BpfProgram.fromPin(join(pins.instance(nextKey), 'prog')), (next) =>
        setSlot(slotOf(pins, key), next),
      );
    }
    for (const { slot } of holdersOf(before, pins, oldId)) await setSlot(slot, program);
  });
}

/** A program whose pin is gone but that a slot still holds: it is the one that uses the instance's .rodata. */
async function findByMap(before: Snapshot, rodataId: number): Promise<number> {
  const held = [...before.roots, ...before.instances.values()].map(({ nextProgramId }) => nextProgramId);
  for (const id of new Set(held.filter((id) => id !== 0 && !before.keys.has(id)))) {
    try {
      const mapIds = await lend(BpfProgram.fromId(id), (program) => program.info.mapIds);
      if (mapIds.includes(rodataId)) return id;
    } catch (error) {
      // Without CAP_SYS_ADMIN the kernel does not say: the slots stay as they are, and are drift to be mended.
      if (!hasErrno(error, 'EPERM', 'ENOENT')) throw error;
    }
  }
  return 0;
}
