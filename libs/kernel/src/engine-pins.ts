import { join } from 'node:path';
import { BpfMap, BpfProgram } from '@underware/libbpf';
import { lend } from './bpf-call.js';
import { ifThere, infoOf } from './instance-pins.js';
import { readSlot } from './slot.js';

/** A row of `uw_devices`: which slot of the root's `uw_next` the chain of a device begins at. */
export interface DeviceSlot {
  ifindex: number;
  slot: number;
  device: string;
}

/** The root program of one hook, with the chains of all devices that it serves. */
export interface EngineState {
  /** 0 where its pin is missing. */
  programId: number;
  /** Program and maps are there and belong together: devices can be attached to it. */
  whole: boolean;
  devices: DeviceSlot[];
  /** The program in each slot of `devices` that is not empty. */
  next: ReadonlyMap<number, number>;
}

/** `struct uw_device` of bpf/engine/root.bpf.c. */
const NAME_AT = 4;
const DEVICE_BYTES = 20;

export async function readEngine(path: string): Promise<EngineState> {
  const program = infoOf(() => BpfProgram.fromPin(join(path, 'prog')));
  const devices = ifThere(() => BpfMap.fromPin(join(path, 'uw_devices')));
  const slots = ifThere(() => BpfMap.fromPin(join(path, 'uw_next')));
  try {
    const rows = devices ? await readDevices(devices) : [];
    const next = new Map<number, number>();
    for (const { slot } of slots ? rows : []) {
      const programId = slots ? await readSlot(slots, slot) : 0;
      if (programId !== 0) next.set(slot, programId);
    }
    const used = new Set(program?.mapIds);
    return {
      programId: program?.id ?? 0,
      whole: [devices, slots].every((map) => map !== undefined && used.has(map.info.id)),
      devices: rows,
      next,
    };
  } finally {
    devices?.close();
    slots?.close();
  }
}

/** In the order of their slots. Raw: the struct is the engine's own, and asking for BTF by id takes CAP_SYS_ADMIN. */
async function readDevices(map: BpfMap): Promise<DeviceSlot[]> {
  const rows: DeviceSlot[] = [];
  for await (const [key, value] of map.rawEntries()) {
    rows.push({
      ifindex: numberIn(key),
      slot: numberIn(value),
      device: Buffer.from(value.subarray(NAME_AT, DEVICE_BYTES)).toString('utf8').replace(/\0.*$/, ''),
    });
  }
  return rows.sort((a, b) => a.slot - b.slot);
}

export async function writeDevice(path: string, { ifindex, slot, device }: DeviceSlot): Promise<void> {
  const value = new Uint8Array(DEVICE_BYTES);
  value.set(bytesOf(slot));
  // IFNAMSIZ is 16 with the byte that ends a name.
  value.set(Buffer.from(device, 'utf8').subarray(0, DEVICE_BYTES - NAME_AT - 1), NAME_AT);
  await lend(BpfMap.fromPin(join(path, 'uw_devices')), (map) => map.setRaw(bytesOf(ifindex), value));
}

export async function deleteDevice(path: string, ifindex: number): Promise<void> {
  const map = ifThere(() => BpfMap.fromPin(join(path, 'uw_devices')));
  if (map) await lend(map, () => map.deleteRaw(bytesOf(ifindex)));
}

/** Numbers of C in this machine's byte order. */
function numberIn(bytes: Uint8Array): number {
  return new Uint32Array(Uint8Array.from(bytes.subarray(0, 4)).buffer)[0] ?? 0;
}

function bytesOf(number: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(number).buffer);
}
