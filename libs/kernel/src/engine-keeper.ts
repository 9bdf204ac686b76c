import { join } from 'node:path';
import { BpfLink, BpfMap, BpfObject, BpfProgram } from '@underware/libbpf';
import type { Hook } from '@underware/core';
import { hasErrno, lend } from './bpf-call.js';
import { indexOf } from './device.js';
import {
  deleteDevice,
  engineMaps,
  readEngine,
  writeDevice,
  type DeviceSlot,
  type EngineState,
} from './engine-pins.js';
import type { EngineObjects } from './engine-objects.js';
import { ifThere, readInstance } from './instance-pins.js';
import { kernelError } from './kernel-error.js';
import type { PinTree } from './pin-tree.js';
import { setSlot } from './slot.js';

/** As in bpf/engine/root.bpf.c and uw_deliver.h; slot 0 is of devices that have none. */
const MOST_DEVICES = 4095;

/** What each hook's object has for all devices: the first program of every chain, or on xdp/egress the last. */
const PROGRAMS: Readonly<Record<Hook, string>> = {
  xdp: 'uw_root_xdp',
  'xdp/egress': 'uw_exit_xdp',
  'tcx/ingress': 'uw_root_tcx',
  'tcx/egress': 'uw_root_tcx',
};

/** Keeps the program of each hook that all its devices share, and the slots of their chains. */
export class EngineKeeper {
  constructor(
    private readonly pins: PinTree,
    private readonly objects: EngineObjects,
  ) {}

  read(hook: Hook): Promise<EngineState> {
    return readEngine(this.pins.engine(hook), hook);
  }

  program(hook: Hook): string {
    return join(this.pins.engine(hook), 'prog');
  }

  /** The device has a slot under its index afterwards: the one it had, with the chain that hangs on it, or an empty one. */
  async serve(device: string, hook: Hook, ifindex: number): Promise<void> {
    const path = this.pins.engine(hook);
    const engine = await this.ensure(hook);
    const own = engine.devices.filter((row) => row.device === device);
    if (!own.some((row) => row.ifindex === ifindex)) {
      const slot = own[0]?.slot ?? (await this.freeSlot(engine, hook, ifindex));
      await writeDevice(path, hook, { ifindex, slot, device });
    }
    // On xdp/egress the row is the device's name, and was written over.
    if (hook === 'xdp/egress') return;
    for (const row of own) if (row.ifindex !== ifindex) await deleteDevice(path, hook, row);
  }

  /** The hook's program and maps are there afterwards. */
  async ensure(hook: Hook): Promise<EngineState> {
    const engine = await this.read(hook);
    if (engine.whole) return engine;
    await this.make(hook, engine);
    return this.read(hook);
  }

  /** The device's slot is emptied; with the last device the program goes too, but for the one that instances share. */
  async forget(device: string, hook: Hook): Promise<void> {
    const path = this.pins.engine(hook);
    const { devices } = await this.read(hook);
    for (const row of devices) if (row.device === device) await this.free(hook, row);
    if (hook !== 'xdp/egress' && !this.pins.roots().some((root) => root.hook === hook))
      this.pins.withdraw(path);
  }

  /** Rows whose device has no root are what interrupted changes left; so is one that had this index before. */
  private async freeSlot(engine: EngineState, hook: Hook, ifindex: number): Promise<number> {
    const rooted = new Set(this.pins.roots().flatMap((root) => (root.hook === hook ? [root.device] : [])));
    const taken = new Set<number>();
    for (const row of engine.devices) {
      if (row.ifindex === ifindex || !rooted.has(row.device)) await this.free(hook, row);
      else taken.add(row.slot);
    }
    let slot = 1;
    while (taken.has(slot)) slot += 1;
    if (slot <= MOST_DEVICES) return slot;
    throw kernelError(
      'BPF_FAILED',
      'attach root',
      hook,
      `${MOST_DEVICES} devices have a chain there already`,
      'Place the service on another host',
    );
  }

  private async free(hook: Hook, row: DeviceSlot): Promise<void> {
    const path = this.pins.engine(hook);
    await deleteDevice(path, hook, row);
    const map = ifThere(() => BpfMap.fromPin(join(path, 'uw_next')));
    map?.close();
    if (map) await setSlot({ pin: join(path, 'uw_next'), number: row.slot }, null);
  }

  /**
   * Loads the program. Where one of its pins was lost, the chains that can still be read go over to the new one, and
   * every link follows, before the old one is given up: a prog array is emptied when its last pin goes.
   */
  private async make(hook: Hook, old: EngineState): Promise<void> {
    const path = this.pins.engine(hook);
    const wanted = PROGRAMS[hook];
    const maps = engineMaps(hook);
    await lend(await BpfObject.open(await this.objects.of(hook)), async (object) => {
      for (const { name } of object.programs) object.setAutoload(name, name === wanted);
      if (hook !== 'xdp/egress') object.setMaxEntries('uw_next', MOST_DEVICES + 1);
      await object.load();
      await lend(object.program(wanted), async (program) => {
        const stage = this.pins.stage();
        try {
          await program.pin(join(stage, 'prog'));
          for (const [pin, name] of Object.entries(maps)) {
            await lend(object.map(name), (map) => map.pin(join(stage, pin)));
          }
          await this.carryOver(hook, old, stage);
          const previous = this.pins.publish(stage, path);
          await this.relink(hook, program);
          if (previous) this.pins.discard(previous);
        } catch (error) {
          this.pins.discard(stage);
          throw error;
        }
      });
    });
  }

  private async carryOver(hook: Hook, old: EngineState, stage: string): Promise<void> {
    const heads = new Set(old.next.values());
    const pinned = new Map<number, string>();
    for (const key of heads.size === 0 ? [] : this.pins.instanceKeys()) {
      const { programId } = await readInstance(this.pins.instance(key));
      if (heads.has(programId)) pinned.set(programId, join(this.pins.instance(key), 'prog'));
    }
    for (const row of old.devices) {
      // No exit leads to a device that is gone.
      if (hook === 'xdp/egress' && indexOf(row.device) !== row.ifindex) continue;
      const pin = pinned.get(old.next.get(row.slot) ?? 0);
      const slot = { pin: join(stage, 'uw_next'), number: row.slot };
      // Chain first: from its row on, packets come to it.
      if (pin !== undefined) await lend(BpfProgram.fromPin(pin), (head) => setSlot(slot, head));
      await writeDevice(stage, hook, row);
    }
  }

  private async relink(hook: Hook, program: BpfProgram): Promise<void> {
    for (const root of this.pins.roots()) {
      if (root.hook !== hook) continue;
      const link = ifThere(() => BpfLink.fromPin(join(root.path, 'link')));
      if (!link) continue;
      try {
        await lend(link, () => link.update(program));
      } catch (error) {
        // Its device is gone: whoever makes it again attaches it again.
        if (!hasErrno(error, 'ENOLINK', 'ENODEV')) throw error;
      }
    }
  }
}
