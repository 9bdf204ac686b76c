import type { BpfMap, BpfProgram } from '@underware/libbpf';

/** The one slot of a chain's `uw_next`: number 0 as the bytes of its key, whatever the byte order. */
const SLOT = new Uint8Array(4);

/** The id of the program in the slot, 0 where it is empty. */
export async function readSlot(map: BpfMap): Promise<number> {
  // Raw: its types are known, and asking for BTF by id takes CAP_SYS_ADMIN.
  const value = await map.getRaw(SLOT);
  return value ? (new Uint32Array(Uint8Array.from(value).buffer)[0] ?? 0) : 0;
}

/** One atomic pointer swap in the kernel. */
export async function writeSlot(map: BpfMap, program: BpfProgram | null): Promise<void> {
  if (program) await map.set(SLOT, program);
  else await map.deleteRaw(SLOT);
}
