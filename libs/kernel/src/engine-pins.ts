import { join } from 'node:path';
import type { Hook } from '@underware/core';
import { BpfMap, BpfProgram } from '@underware/libbpf';
import { lend } from './bpf-call.js';
import { ifThere, infoOf } from './instance-pins.js';
import { readSlot } from './slot.js';

/** Which slot of the engine's `uw_next` the chain of a device begins at. */
export interface DeviceSlot {
  ifindex: number;
  slot: number;
  device: string;
}

/** What one hook has for all its devices: a program, the table of devices, and the slots of their chains. */
export interface EngineState {
  /** 0 where its pin is missing. */
  programId: number;
  /** Program and maps are there and belong together: devices can be attached to it. */
  whole: boolean;
  devices: DeviceSlot[];
  /** The program in each slot of `devices` that is not empty. */
  next: ReadonlyMap<number, number>;
  /** xdp/egress: the interface index of the device that packets of a slot leave by. */
  exits?: ReadonlyMap<number, number>;
  /** Kernel ids of the maps by the names of their pins. */
  maps: ReadonlyMap<string, number>;
}

/** Pins of a hook's engine beside `prog`, by name, and the maps of the object that they hold. */
const ROOT_MAPS = { uw_devices: 'uw_devices', uw_next: 'uw_next', uw_slots: 'uw_slots' };
/** As in bpf/engine/root.bpf.c: indexes below have their slot in `uw_slots` too. */
const LOW_INDEXES = 4096;
const DELIVERY_MAPS = {
  uw_devices: 'uw_ports',
  uw_next: 'uw_inbound',
  uw_exits: 'uw_exits',
  uw_packets: 'uw_packets',
};

export function engineMaps(hook: Hook): Readonly<Record<string, string>> {
  return hook === 'xdp/egress' ? DELIVERY_MAPS : ROOT_MAPS;
}

/** Maps that an instance has of the engine: not its to empty, nor to be counted as its memory. */
export function isEngineMap(name: string): boolean {
  return Object.values(DELIVERY_MAPS).includes(name);
}

/** IFNAMSIZ, with the byte that ends a name. */
const NAME_BYTES = 16;
const NUMBER_BYTES = 4;

export async function readEngine(path: string, hook: Hook): Promise<EngineState> {
  const program = infoOf(() => BpfProgram.fromPin(join(path, 'prog')));
  const names = Object.keys(engineMaps(hook));
  const pinned = new Map(
    names.flatMap((name) => {
      const map = ifThere(() => BpfMap.fromPin(join(path, name)));
      return map === undefined ? [] : [[name, map] as const];
    }),
  );
  try {
    const table = pinned.get('uw_devices');
    const slots = pinned.get('uw_next');
    const exits = pinned.get('uw_exits');
    const devices = table === undefined ? [] : await readDevices(table, hook);
    const next = new Map<number, number>();
    const leaves = new Map<number, number>();
    for (const { slot } of devices) {
      const programId = slots ? await readSlot(slots, slot) : 0;
      if (programId !== 0) next.set(slot, programId);
      const ifindex = exits ? await readSlot(exits, slot) : 0;
      if (ifindex !== 0) leaves.set(slot, ifindex);
    }
    const used = new Set(program?.mapIds);
    const maps = new Map([...pinned].map(([name, map]) => [name, map.info.id]));
    // The program at the end of an xdp/egress chain uses the exits alone: the rest belongs to those that deliver.
    const own = hook === 'xdp/egress' ? ['uw_exits', 'uw_packets'] : names;
    return {
      programId: program?.id ?? 0,
      whole: maps.size === names.length && own.every((name) => used.has(maps.get(name) ?? 0)),
      devices,
      next,
      maps,
      ...(hook === 'xdp/egress' ? { exits: leaves } : {}),
    };
  } finally {
    for (const map of pinned.values()) map.close();
  }
}

/** In the order of their slots. Raw: the structs are the engine's own, and asking for BTF by id takes CAP_SYS_ADMIN. */
async function readDevices(map: BpfMap, hook: Hook): Promise<DeviceSlot[]> {
  const rows: DeviceSlot[] = [];
  for await (const [key, value] of map.rawEntries()) rows.push(decodeRow(key, value, hook));
  return rows.sort((a, b) => a.slot - b.slot);
}

/** The device's row; on xdp/egress its exit before that, so that nothing is delivered to a port without one. */
export async function writeDevice(path: string, hook: Hook, row: DeviceSlot): Promise<void> {
  if (hook === 'xdp/egress') {
    await lend(BpfMap.fromPin(join(path, 'uw_exits')), (map) =>
      map.setRaw(numberBytes(row.slot), numberBytes(row.ifindex)),
    );
  }
  const { key, value } = encodeRow(row, hook);
  await lend(BpfMap.fromPin(join(path, 'uw_devices')), (map) => map.setRaw(key, value));
  // After the row, and gone before it: what is read faster never says more than the table.
  if (hook !== 'xdp/egress') await writeLowSlot(path, row.ifindex, row.slot);
}

async function writeLowSlot(path: string, ifindex: number, slot: number): Promise<void> {
  const map = ifindex < LOW_INDEXES ? ifThere(() => BpfMap.fromPin(join(path, 'uw_slots'))) : undefined;
  if (map) await lend(map, () => map.setRaw(numberBytes(ifindex), numberBytes(slot)));
}

export async function deleteDevice(path: string, hook: Hook, row: DeviceSlot): Promise<void> {
  if (hook !== 'xdp/egress') await writeLowSlot(path, row.ifindex, 0);
  const map = ifThere(() => BpfMap.fromPin(join(path, 'uw_devices')));
  if (map) await lend(map, () => map.deleteRaw(encodeRow(row, hook).key));
  const exits = hook === 'xdp/egress' ? ifThere(() => BpfMap.fromPin(join(path, 'uw_exits'))) : undefined;
  if (exits) await lend(exits, () => exits.deleteRaw(numberBytes(row.slot)));
}

/** `struct uw_device` of bpf/engine/root.bpf.c by interface index; `struct uw_port` of uw_deliver.h by device name. */
function encodeRow(
  { ifindex, slot, device }: DeviceSlot,
  hook: Hook,
): { key: Uint8Array; value: Uint8Array } {
  const name = new Uint8Array(NAME_BYTES);
  name.set(Buffer.from(device, 'utf8').subarray(0, NAME_BYTES - 1));
  return hook === 'xdp/egress'
    ? { key: name, value: concatenate(numberBytes(slot), numberBytes(ifindex)) }
    : { key: numberBytes(ifindex), value: concatenate(numberBytes(slot), name) };
}

function decodeRow(key: Uint8Array, value: Uint8Array, hook: Hook): DeviceSlot {
  const [ifindex, name] =
    hook === 'xdp/egress'
      ? [value.subarray(NUMBER_BYTES), key]
      : [key, value.subarray(NUMBER_BYTES, NUMBER_BYTES + NAME_BYTES)];
  return {
    ifindex: numberIn(ifindex),
    slot: numberIn(value),
    device: Buffer.from(name).toString('utf8').replace(/\0.*$/, ''),
  };
}

function concatenate(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Numbers of C in this machine's byte order. */
function numberIn(bytes: Uint8Array): number {
  return new Uint32Array(Uint8Array.from(bytes.subarray(0, NUMBER_BYTES)).buffer)[0] ?? 0;
}

function numberBytes(number: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(number).buffer);
}
