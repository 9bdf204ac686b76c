import { join } from 'node:path';
import { HOOKS } from '@underware/core';
import type { ForeignProgram, Hook, NextHop, ObservedInstance, ObservedRoot } from '@underware/core';
import { indexOf } from './device.js';
import { readEngine, type EngineState } from './engine-pins.js';
import { foreignOn } from './foreign.js';
import { readInstance, type InstancePins } from './instance-pins.js';
import { checkShared } from './shared-state.js';
import type { ObservedKernel } from './kernel.js';
import { LONGEST_CHAIN } from './longest-chain.js';
import type { PinTree, RootPins } from './pin-tree.js';
import { isAttached, readRoot, type RootState } from './root-pins.js';
import type { Slot } from './slot.js';

/** Everything of ours as the kernel had it at one moment. */
export interface Snapshot {
  roots: (RootPins & RootState & { attached: boolean })[];
  instances: Map<string, InstancePins>;
  /** Keys by id of the program that is pinned under them. */
  keys: Map<number, string>;
  /** The program that ends every chain of xdp/egress; 0 where there is none. */
  exitId: number;
}

export async function takeSnapshot(pins: PinTree): Promise<Snapshot> {
  const [engines, read] = await Promise.all([
    readEngines(pins),
    Promise.all(
      pins.instanceKeys().map(async (key) => [key, await readInstance(pins.instance(key))] as const),
    ),
  ]);
  const instances = checkShared(read);
  const roots = pins.roots().flatMap((root) => {
    const engine = engines.get(root.hook);
    if (!engine) return [];
    const state = readRoot(root.path, root.device, engine);
    return [{ ...root, ...state, attached: isAttached(state, indexOf(root.device)) }];
  });
  // A directory's name is no proof: where two have one program, the one whose frozen .rodata says so is the instance.
  const proven = instances.toSorted(
    ([, a], [, b]) => Number(b.damage !== undefined) - Number(a.damage !== undefined),
  );
  const keys = new Map(proven.map(([key, { programId }]) => [programId, key]));
  // An instance without its program has no id to be found by.
  keys.delete(0);
  const delivery = engines.get('xdp/egress');
  return {
    roots,
    instances: new Map(instances.map(([key, state]) => [key, checkDelivery(state, delivery)])),
    keys,
    exitId: delivery?.programId ?? 0,
  };
}

/** An instance that delivers into an engine which is not there any more delivers nowhere. */
function checkDelivery(instance: InstancePins, delivery: EngineState | undefined): InstancePins {
  const ports = instance.mapIds.get('uw_ports');
  if (instance.damage !== undefined || ports === undefined || ports === delivery?.maps.get('uw_devices'))
    return instance;
  return { ...instance, damage: 'it delivers to ports that the engine does not know any more' };
}

async function readEngines(pins: PinTree): Promise<Map<Hook, EngineState>> {
  return new Map(
    await Promise.all(HOOKS.map(async (hook) => [hook, await readEngine(pins.engine(hook), hook)] as const)),
  );
}

export async function observe(pins: PinTree, devices: readonly string[]): Promise<ObservedKernel> {
  const now = await takeSnapshot(pins);
  // What our link runs is ours unless the pinned root says that somebody put another program there.
  const ours = new Set(now.roots.map(({ programId, linkProgramId }) => programId || linkProgramId));
  const watched = [...new Set([...devices, ...now.roots.map(({ device }) => device)])].sort();
  const foreign: ForeignProgram[][] = await Promise.all(watched.map((device) => foreignOn(device, ours)));
  return {
    roots: now.roots.map(({ device, hook, programId, linkId, nextProgramId, attached }): ObservedRoot => ({
      device,
      hook,
      programId,
      linkId,
      next: toHop(now, nextProgramId),
      attached,
    })),
    instances: [...now.instances].map(
      ([key, { programId, tag, pluginDigest, nextProgramId, damage }]): ObservedInstance => ({
        key,
        programId,
        tag,
        pluginDigest,
        next: toHop(now, nextProgramId),
        intact: damage === undefined,
        ...(damage === undefined ? {} : { reason: damage }),
      }),
    ),
    foreign: foreign.flat(),
  };
}

export function toHop(now: Snapshot, programId: number): NextHop {
  if (programId === 0 || programId === now.exitId) return { kind: 'end' };
  const key = now.keys.get(programId);
  return key === undefined ? { kind: 'unknown', programId } : { kind: 'instance', key };
}

/** The hops of a chain as packets meet them; a chain that leads into itself ends where the kernel ends it. */
export function walk(now: Snapshot, nextProgramId: number): NextHop[] {
  const hops: NextHop[] = [];
  for (let id = nextProgramId; hops.length < LONGEST_CHAIN;) {
    const hop = toHop(now, id);
    if (hop.kind === 'end') break;
    hops.push(hop);
    id = hop.kind === 'instance' ? (now.instances.get(hop.key)?.nextProgramId ?? 0) : 0;
  }
  return hops;
}

/** The nodes whose slot holds the program: where packets come to it from. A root that runs nothing does not count. */
export function holdersOf(now: Snapshot, pins: PinTree, programId: number): { name: string; slot: Slot }[] {
  if (programId === 0) return [];
  const roots = now.roots
    .filter((root) => root.attached && root.nextProgramId === programId)
    .flatMap(({ device, hook, rows }) =>
      rows.slice(0, 1).map(({ slot }) => ({
        name: `the root of ${device} ${hook}`,
        slot: { pin: join(pins.engine(hook), 'uw_next'), number: slot },
      })),
    );
  const instances = [...now.instances]
    .filter(([, instance]) => instance.nextProgramId === programId)
    .map(([key]) => ({ name: `instance ${key}`, slot: slotOf(pins, key) }));
  return [...roots, ...instances];
}

export function slotOf(pins: PinTree, key: string): Slot {
  return { pin: join(pins.instance(key), 'maps', 'uw_next'), number: 0 };
}
