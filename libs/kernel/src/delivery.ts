import { join } from 'node:path';
import { BpfMap, BpfObject, BpfProgram } from '@underware/libbpf';
import { attempt, lend } from './bpf-call.js';
import type { EngineKeeper } from './engine-keeper.js';
import type { EngineObjects } from './engine-objects.js';
import { engineMaps, type EngineState } from './engine-pins.js';
import { isThere, type PinTree } from './pin-tree.js';
import { setSlot } from './slot.js';

const HOOK = 'xdp/egress';
/** In an instance's directory: it is on xdp/egress, where a chain ends in the engine's exit. */
const EXIT = 'exit';

/** What instances that deliver, and instances that packets are delivered to, share with the engine. */
export class Delivery {
  constructor(
    private readonly pins: PinTree,
    private readonly engines: EngineKeeper,
    private readonly objects: EngineObjects,
    /** Changes to the engine of the hook are made one after the other. */
    private readonly alone: <Result>(work: () => Promise<Result>) => Promise<Result>,
  ) {}

  /** An object that names maps of uw_deliver.h is given the host's, or `only` some of them. Before it is loaded. */
  async lendMaps(object: BpfObject, only?: readonly string[]): Promise<void> {
    const named = new Set(object.maps.map(({ name }) => name));
    const wanted = Object.entries(engineMaps(HOOK)).filter(
      ([, name]) => named.has(name) && (only?.includes(name) ?? true),
    );
    if (wanted.length === 0) return;
    await this.ensure();
    for (const [pin, name] of wanted) {
      await lend(BpfMap.fromPin(join(this.pins.engine(HOOK), pin)), async (map) =>
        object.reuseMap(name, map),
      );
    }
  }

  /** The staged instance's chain ends in the exit, and it is known as one of xdp/egress. */
  async end(stage: string): Promise<void> {
    await attempt('end the chain of an instance', stage, async () => {
      await this.ensure();
      await lend(BpfProgram.fromPin(this.engines.program(HOOK)), async (exit) => {
        await exit.pin(join(stage, EXIT));
        await setSlot({ pin: join(stage, 'maps', 'uw_next'), number: 0 }, exit);
      });
    });
  }

  /** With the last port, and the last instance that delivers or is delivered to, the engine's part goes too. */
  async release(): Promise<void> {
    await this.alone(async () => {
      if (this.pins.roots().some(({ hook }) => hook === HOOK)) return;
      const uses = (key: string): boolean =>
        [EXIT, 'maps/uw_ports'].some((pin) => isThere(join(this.pins.instance(key), pin)));
      if (!this.pins.instanceKeys().some(uses)) this.pins.withdraw(this.pins.engine(HOOK));
    });
  }

  /** What stands in an instance's slot where nothing follows it: undefined is an empty slot. */
  endOf(key: string): BpfProgram | undefined {
    if (!isThere(join(this.pins.instance(key), EXIT))) return undefined;
    return BpfProgram.fromPin(this.engines.program(HOOK));
  }

  /** Runs a frame as if it had been delivered to the device. */
  async run(device: string, data: Uint8Array): Promise<{ retval: number; data: Uint8Array }> {
    return lend(await BpfObject.open(await this.objects.of(HOOK)), async (object) => {
      for (const { name } of object.programs) object.setAutoload(name, name === 'uw_enter_xdp');
      object.setRodata({ uw_entry: { name: device } });
      await this.lendMaps(object);
      await object.load();
      return lend(object.program('uw_enter_xdp'), (program) => program.testRun({ data }));
    });
  }

  private ensure(): Promise<EngineState> {
    return this.alone(() => this.engines.ensure(HOOK));
  }
}
