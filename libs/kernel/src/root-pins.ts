import { join } from 'node:path';
import { BpfLink, BpfMap, BpfProgram } from '@underware/libbpf';
import { ifThere, infoOf } from './instance-pins.js';
import { readSlot } from './slot.js';

export interface RootState {
  programId: number;
  nextProgramId: number;
  /** Program and slot are there and belong together: a link can be made to run them. */
  usable: boolean;
  linkId: number;
  /** What the link runs, and on which device; 0 where it hangs on none any more. */
  linkProgramId: number;
  linkIfindex: number;
}

export async function readRoot(path: string): Promise<RootState> {
  const program = infoOf(() => BpfProgram.fromPin(join(path, 'prog')));
  const attachment = infoOf(() => BpfLink.fromPin(join(path, 'link')));
  const slot = ifThere(() => BpfMap.fromPin(join(path, 'uw_next')));
  try {
    return {
      programId: program?.id ?? 0,
      nextProgramId: slot ? await readSlot(slot) : 0,
      usable: program !== undefined && slot !== undefined && program.mapIds.includes(slot.info.id),
      linkId: attachment?.id ?? 0,
      linkProgramId: attachment?.programId ?? 0,
      linkIfindex: attachment?.ifindex ?? 0,
    };
  } finally {
    slot?.close();
  }
}

/** A link that was detached, or hangs on a device that is gone or is another, or runs another program, runs no chain. */
export function isAttached(root: RootState, ifindex: number | undefined): boolean {
  return (
    root.usable &&
    ifindex !== undefined &&
    root.linkIfindex === ifindex &&
    root.linkProgramId === root.programId
  );
}
