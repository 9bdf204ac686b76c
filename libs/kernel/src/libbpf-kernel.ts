import { join } from 'node:path';
import { BpfMap, BpfProgram } from '@underware/libbpf';
import type {
  ChainNode,
  ChainTelemetry,
  DesiredInstance,
  Hook,
  KernelProfile,
  PluginManifest,
  Verdict,
} from '@underware/core';
import { attempt, hasErrno, lend } from './bpf-call.js';
import { checkConfig } from './check-config.js';
import { Delivery } from './delivery.js';
import { indexOf } from './device.js';
import { readEngine } from './engine-pins.js';
import { emptyInstance } from './empty-instance.js';
import { EngineObjects, type EngineSource } from './engine-objects.js';
import { handOver } from './hand-over.js';
import { readFigures } from './figures.js';
import { ifThere } from './instance-pins.js';
import { stageInstance } from './instance-loader.js';
import { identityOf, isInstanceKey } from './keys.js';
import { absentError, instanceInUse, wrongHook } from './kernel-error.js';
import type { InstanceFigures, InstanceSource, Kernel, ObservedKernel, Shadow } from './kernel.js';
import { isThere, PinTree } from './pin-tree.js';
import { probeKernel } from './profile.js';
import { readEvents, type EventSource, type PacketEvents } from './read-events.js';
import { RootKeeper } from './root-keeper.js';
import { samplePackets, type SampleWish } from './sample-packets.js';
import { selectEntries, type SelectedEntries, type Selection } from './select-entries.js';
import { Serial } from './serial.js';
import { LibbpfShadow } from './shadow.js';
import { sharedWith } from './shared-state.js';
import { holdersOf, observe, slotOf, takeSnapshot, walk } from './snapshot.js';
import { writeSlot, type Slot } from './slot.js';
import { takeOver } from './take-over.js';
import { deliverPacket, runPacket } from './test-packet.js';

export interface LibbpfKernelOptions {
  /** Mount point of a bpffs; everything of ours is below its directory `underware`. */
  bpffs: string;
  /** The engine's objects: the file `root.bpf.o` with `deliver.bpf.o` beside it, or the bytes of both. */
  engineObject: EngineSource;
}

/** The kernel this process runs on, through libbpf; devices are those of its network namespace. */
export class LibbpfKernel implements Kernel {
  private readonly pins: PinTree;
  private readonly roots: RootKeeper;
  private readonly serial = new Serial();
  private readonly objects: EngineObjects;
  private readonly delivery: Delivery;
  private probed: Promise<KernelProfile> | undefined;

  constructor(private readonly options: LibbpfKernelOptions) {
    this.pins = new PinTree(options.bpffs);
    this.objects = new EngineObjects(options.engineObject);
    this.roots = new RootKeeper(this.pins, this.objects);
    const alone = <Result>(work: () => Promise<Result>) => this.serial.run('xdp/egress', work);
    this.delivery = new Delivery(this.pins, this.roots.engines, this.objects, alone);
  }

  async profile(): Promise<KernelProfile> {
    this.probed ??= this.objects.object('root').then(probeKernel);
    return this.probed;
  }

  async observe(devices: readonly string[] = []): Promise<ObservedKernel> {
    this.pins.check();
    this.pins.sweep();
    return attempt('observe kernel', this.options.bpffs, () => observe(this.pins, devices));
  }

  async load(instance: DesiredInstance, elf: Uint8Array, manifest: PluginManifest): Promise<void> {
    this.pins.check();
    identityOf(instance);
    checkConfig(instance, manifest);
    const { key, plugin } = instance;
    await this.aloneWithState(key, async () => {
      const path = this.pins.instance(key);
      if (!isThere(path)) {
        this.pins.publish(await stageInstance(this.pins, instance, elf, manifest, this.delivery), path);
        return;
      }
      const before = await attempt('read plugin instance', key, () => takeSnapshot(this.pins));
      const present = before.instances.get(key);
      if (present && present.damage === undefined && present.pluginDigest === plugin.digest) return;
      const stage = await stageInstance(this.pins, instance, elf, manifest, this.delivery);
      const old = this.pins.publish(stage, path);
      await attempt('replace plugin instance', key, () => takeOver(this.pins, before, key));
      if (!old) return;
      await attempt('hand state over', key, () => handOver(old, this.instancesBut()));
      this.pins.discard(old);
    });
  }

  async unload(key: string): Promise<void> {
    this.pins.check();
    await this.aloneWithState(key, async () => {
      if (!isInstanceKey(key) || !isThere(this.pins.instance(key))) return;
      const now = await attempt('unload plugin instance', key, () => takeSnapshot(this.pins));
      const programId = now.instances.get(key)?.programId ?? 0;
      // A second name for the program of another instance holds nothing.
      const [holder] = now.keys.get(programId) === key ? holdersOf(now, this.pins, programId) : [];
      if (holder) throw instanceInUse(key, holder.name);
      await attempt('hand state over', key, () => handOver(this.pins.instance(key), this.instancesBut(key)));
      this.pins.withdraw(this.pins.instance(key));
    });
    await this.delivery.release();
  }

  async empty(key: string): Promise<void> {
    this.pins.check();
    await this.aloneWithState(key, async () => {
      if (!isInstanceKey(key) || !isThere(this.pins.instance(key)))
        throw absentError('empty plugin instance', key, 'the instance');
      const path = this.pins.instance(key);
      await attempt('empty plugin instance', key, () =>
        emptyInstance(path, sharedWith(path, this.instancesBut(key))),
      );
    });
  }

  async attachRoot(device: string, hook: Hook): Promise<void> {
    this.pins.check();
    await this.alone(device, hook, () => this.roots.attach(device, hook));
  }

  async detachRoot(device: string, hook: Hook): Promise<void> {
    this.pins.check();
    await this.alone(device, hook, () => this.roots.detach(device, hook));
    if (hook === 'xdp/egress') await this.delivery.release();
  }

  async setNext(node: ChainNode, next: string | null): Promise<void> {
    this.pins.check();
    const on = node.kind === 'root' ? `root of ${node.device} ${node.hook}` : `instance ${node.key}`;
    const name = node.kind === 'root' ? `${node.device} ${node.hook}` : node.key;
    const swap = async (): Promise<void> => {
      const slot = await this.slotOf(node);
      const map = slot && ifThere(() => BpfMap.fromPin(slot.pin));
      if (!map) throw absentError('set next', on, on);
      await lend(map, async () => {
        if (next === null) {
          const end = node.kind === 'instance' ? this.delivery.endOf(node.key) : undefined;
          if (!end) return writeSlot(map, null, slot.number);
          return lend(end, () => writeSlot(map, end, slot.number));
        }
        const program = ifThere(() => BpfProgram.fromPin(this.programPin(next)));
        if (!program) throw absentError('set next', on, `instance ${next}`);
        await lend(program, () => link(map, slot.number, program, on, next));
      });
    };
    await this.serial.run(name, () => attempt('set next', on, swap));
  }

  async run(
    device: string,
    hook: Hook,
    packet: Uint8Array,
  ): Promise<{ verdict: Verdict; packet: Uint8Array }> {
    this.pins.check();
    const on = `${device} ${hook}`;
    if (!isThere(this.pins.root(device, hook))) throw absentError('run test packet', on, 'its root');
    return attempt('run test packet', on, async () => {
      if (hook === 'xdp/egress') return deliverPacket(this.delivery, device, packet);
      const now = await takeSnapshot(this.pins);
      const root = now.roots.find((candidate) => candidate.device === device && candidate.hook === hook);
      const first = now.keys.get(root?.nextProgramId ?? 0);
      return runPacket(
        {
          root: join(this.pins.engine(hook), 'prog'),
          ...(first === undefined ? {} : { first: this.programPin(first) }),
        },
        indexOf(device),
        hook,
        packet,
      );
    });
  }

  shadow(source: InstanceSource): Shadow {
    this.pins.check();
    return new LibbpfShadow(this.pins, this.delivery, source);
  }

  async telemetry(key: string, maps: readonly string[]): Promise<InstanceFigures> {
    this.pins.check();
    if (!isInstanceKey(key) || !isThere(this.pins.instance(key)))
      throw absentError('read telemetry', key, 'the instance');
    const path = this.pins.instance(key);
    const before = this.pins.instanceKeys().filter((other) => other < key);
    return attempt('read telemetry', key, () =>
      readFigures(
        path,
        maps,
        sharedWith(
          path,
          before.map((other) => this.pins.instance(other)),
        ),
      ),
    );
  }

  async events(key: string, source: EventSource, most: number): Promise<PacketEvents> {
    this.pins.check();
    if (!isInstanceKey(key) || !isThere(this.pins.instance(key)))
      throw absentError('read events', key, 'the instance');
    // One reader at a time: a ring has one place where reading goes on.
    return this.serial.run(`events ${key}`, () =>
      attempt('read events', key, () => readEvents(this.pins.instance(key), source, most)),
    );
  }

  async select(key: string, wanted: Selection): Promise<SelectedEntries> {
    this.pins.check();
    if (!isInstanceKey(key) || !isThere(this.pins.instance(key)))
      throw absentError('read entries', key, 'the instance');
    return attempt('read entries', key, () => selectEntries(this.pins.instance(key), wanted));
  }

  async sample(key: string, wish: SampleWish | null): Promise<void> {
    this.pins.check();
    if (!isInstanceKey(key) || !isThere(this.pins.instance(key)))
      throw absentError('sample packets', key, 'the instance');
    await attempt('sample packets', key, () => samplePackets(this.pins.instance(key), key, wish));
  }

  async chains(): Promise<ChainTelemetry[]> {
    this.pins.check();
    return attempt('read chains', this.options.bpffs, async () => {
      const now = await takeSnapshot(this.pins);
      return now.roots.map(({ device, hook, nextProgramId }) => ({
        device,
        hook,
        hops: walk(now, nextProgramId),
      }));
    });
  }

  async clear(): Promise<void> {
    this.pins.check();
    for (const { device, hook } of this.pins.roots()) await this.detachRoot(device, hook);
    this.pins.removeAll();
  }

  /** Instances share state: who comes, goes or forgets finds the others as they are. */
  private aloneWithState(key: string, work: () => Promise<void>): Promise<void> {
    return this.serial.run(key, () => this.serial.run('state', work));
  }

  private instancesBut(key?: string): string[] {
    return this.pins.instanceKeys().flatMap((other) => (other === key ? [] : this.pins.instance(other)));
  }

  /** Devices of a hook share its root program: what changes that goes one after the other. */
  private alone(device: string, hook: Hook, work: () => Promise<void>): Promise<void> {
    return this.serial.run(hook, () => this.serial.run(`${device} ${hook}`, work));
  }

  private async slotOf(node: ChainNode): Promise<Slot | undefined> {
    if (node.kind === 'instance') return slotOf(this.pins, node.key);
    const path = this.pins.engine(node.hook);
    const { devices } = await readEngine(path, node.hook);
    const row = devices.find(({ device }) => device === node.device);
    return row && { pin: join(path, 'uw_next'), number: row.slot };
  }

  private programPin(key: string): string {
    // The key becomes a path: nothing but a key may.
    return join(this.pins.instance(isInstanceKey(key) ? key : 'no-instance'), 'prog');
  }
}

async function link(map: BpfMap, slot: number, program: BpfProgram, on: string, next: string): Promise<void> {
  try {
    await writeSlot(map, program, slot);
  } catch (error) {
    if (!hasErrno(error, 'EINVAL')) throw error;
    throw wrongHook('set next', on, `instance ${next} is not a program for this hook`);
  }
}
