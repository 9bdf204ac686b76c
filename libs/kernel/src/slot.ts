import type { BpfMap, BpfProgram } from '@underware/libbpf';

/** The one slot of a chain's `uw_next`. */
const SLOT = 0;

/** The id of the program in the slot, 0 where it is empty. */
export async function readSlot(map: BpfMap): Promise<number> {
  const value = await map.get(SLOT);
  return typeof value === 'number' ? value : 0;
}

/** One atomic pointer swap in the kernel. */
export async function writeSlot(map: BpfMap, program: BpfProgram | null): Promise<void> {
  if (program) await map.set(SLOT, program);
  else await map.delete(SLOT);
}
