import { join } from 'node:path';
import { BpfLink } from '@underware/libbpf';
import type { DeviceSlot, EngineState } from './engine-pins.js';
import { infoOf } from './instance-pins.js';

export interface RootState {
  /** Of the hook's root program; 0 where it is missing. */
  programId: number;
  nextProgramId: number;
  /** Rows of the device; more than one only where it was made again and an attach was interrupted. */
  rows: DeviceSlot[];
  linkId: number;
  /** What the link runs, and on which device; 0 where it hangs on none any more. */
  linkProgramId: number;
  linkIfindex: number;
}

/** The root of one device: its link at `path`, or on xdp/egress its exit, and its place in the hook's `engine`. */
export function readRoot(path: string, device: string, engine: EngineState): RootState {
  const rows = engine.devices.filter((row) => row.device === device);
  const slot = rows[0]?.slot;
  const attachment = engine.exits
    ? { id: 0, programId: engine.programId, ifindex: engine.exits.get(slot ?? 0) ?? 0 }
    : infoOf(() => BpfLink.fromPin(join(path, 'link')));
  return {
    programId: engine.whole ? engine.programId : 0,
    nextProgramId: slot === undefined ? 0 : (engine.next.get(slot) ?? 0),
    rows,
    linkId: attachment?.id ?? 0,
    linkProgramId: attachment?.programId ?? 0,
    linkIfindex: attachment?.ifindex ?? 0,
  };
}

/** A link that was detached, or hangs on a device that is gone or is another, or runs another program, runs no chain. */
export function isAttached(root: RootState, ifindex: number | undefined): boolean {
  return (
    root.programId !== 0 &&
    ifindex !== undefined &&
    root.linkIfindex === ifindex &&
    root.linkProgramId === root.programId &&
    root.rows.some((row) => row.ifindex === ifindex)
  );
}
