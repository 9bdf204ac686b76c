import { BpfMap, type BpfProgram } from '@underware/libbpf';
import { lend } from './bpf-call.js';

/** One slot of a pinned `uw_next`: an instance has number 0 alone, a root one for each device. */
export interface Slot {
  pin: string;
  number: number;
}

/** The id of the program in the slot, 0 where it is empty. */
export async function readSlot(map: BpfMap, number = 0): Promise<number> {
  // Raw: its types are known, and asking for BTF by id takes CAP_SYS_ADMIN.
  const value = await map.getRaw(keyOf(number));
  return value ? (new Uint32Array(Uint8Array.from(value).buffer)[0] ?? 0) : 0;
}

/** One atomic pointer swap in the kernel. */
export async function writeSlot(map: BpfMap, program: BpfProgram | null, number = 0): Promise<void> {
  if (program) await map.set(keyOf(number), program);
  else await map.deleteRaw(keyOf(number));
}

export async function setSlot({ pin, number }: Slot, program: BpfProgram | null): Promise<void> {
  await lend(BpfMap.fromPin(pin), (map) => writeSlot(map, program, number));
}

function keyOf(number: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(number).buffer);
}
