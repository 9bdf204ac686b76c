import {
  programHook,
  VERDICTS,
  type ChainNode,
  type ChainTelemetry,
  type DesiredInstance,
  type ForeignProgram,
  type Hook,
  type KernelProfile,
  type NextHop,
  type ObservedInstance,
  type PluginManifest,
  type Verdict,
  type VerdictCounters,
} from '@underware/core';
import { checkConfig } from './check-config.js';
import { keptMaps } from './kept-maps.js';
import { identityOf } from './keys.js';
import {
  absentError,
  deviceMissing,
  hookBusy,
  instanceInUse,
  unknownHop,
  wrongHook,
} from './kernel-error.js';
import type {
  InstanceFigures,
  InstanceSource,
  Kernel,
  ObservedKernel,
  Row,
  Shadow,
  ShadowHop,
} from './kernel.js';
import type { EventSource, PacketEvents } from './read-events.js';
import type { SampleWish } from './sample-packets.js';
import type { SelectedEntries, Selection } from './select-entries.js';
import { LONGEST_CHAIN } from './longest-chain.js';

/** What a fake program decides; the default passes everything. */
export type Judge = (instance: DesiredInstance, packet: Uint8Array) => Verdict;

interface FakeProgram {
  programId: number;
  /** Programs share a chain only where their type is the same. */
  type: 'xdp' | 'tcx';
  /** The program that the one-slot prog array holds. */
  next: FakeProgram | undefined;
  instance?: DesiredInstance;
}

interface FakeInstance {
  program: FakeProgram;
  damage?: string;
  /** The maps that outlive it, which those of one owner have in common. */
  state: { owner: string; map: string; entries: Map<number, number> }[];
}

interface FakeRoot {
  device: string;
  hook: Hook;
  program: FakeProgram;
  linkId: number;
  /** The device it was attached to; another one of the same name is not it. */
  attachedTo: number;
}

/**
 * A kernel in memory that answers as the real one does: same errors, same idempotence, held to it by the contract
 * suite. For tests of what is above. Its state outlives an agent as the kernel's does: give a restarted agent the same.
 */
export class FakeKernel implements Kernel {
  private readonly devices = new Map<string, number>();
  private readonly roots = new Map<string, FakeRoot>();
  private readonly instances = new Map<string, FakeInstance>();
  private readonly foreign: ForeignProgram[] = [];
  private readonly counters = new Map<number, Record<Verdict, VerdictCounters>>();
  /** What was last wanted of an instance. */
  readonly sampled = new Map<string, SampleWish | null>();
  private readonly filled = new Map<string, Row[]>();
  private readonly said = new Map<string, Record<string, unknown>[]>();
  private lastId = 0;

  constructor(
    private readonly judge: Judge = () => 'pass',
    private readonly kernelProfile: KernelProfile = FAKE_PROFILE,
  ) {}

  // What happens to a machine beside the agent.

  createDevice(device: string): void {
    if (!this.devices.has(device)) this.devices.set(device, this.id());
  }

  deleteDevice(device: string): void {
    this.devices.delete(device);
    for (let i = this.foreign.length - 1; i >= 0; i -= 1)
      if (this.foreign[i]?.device === device) this.foreign.splice(i, 1);
  }

  attachForeign(device: string, hook: Hook, name: string): number {
    const programId = this.id();
    this.foreign.push({ device, hook, programId, name });
    return programId;
  }

  detachForeign(programId: number): void {
    const index = this.foreign.findIndex((program) => program.programId === programId);
    if (index >= 0) this.foreign.splice(index, 1);
  }

  /** As when a pin of the instance is removed. */
  damageInstance(key: string, reason: string): void {
    const instance = this.instances.get(key);
    if (instance) instance.damage = reason;
  }

  /** As when packets make a plugin remember something: an entry of one of its maps that outlive an instance. */
  remember(key: string, map: string, entry: number, value: number): void {
    this.instances
      .get(key)
      ?.state.find((each) => each.map === map)
      ?.entries.set(entry, value);
  }

  remembered(key: string, map: string): Record<string, number> {
    const found = this.instances.get(key)?.state.find((each) => each.map === map);
    return Object.fromEntries(found?.entries ?? []);
  }

  /** As when a packet makes a plugin say something through its ring buffer. */
  say(key: string, record: Record<string, unknown>): void {
    this.said.set(key, [...(this.said.get(key) ?? []), record]);
  }

  /** As when packets fill a map. */
  fill(key: string, map: string, rows: Row[]): void {
    this.filled.set(`${key} ${map}`, rows);
  }

  /** As when someone detaches the root's link, or writes a program of theirs into its slot. */
  disturbRoot(device: string, hook: Hook, how: 'detach' | 'replace-next'): void {
    const root = this.roots.get(rootId(device, hook));
    if (!root) return;
    if (how === 'detach') root.attachedTo = 0;
    else root.program.next = this.program(hook);
  }

  // Kernel

  async profile(): Promise<KernelProfile> {
    return this.kernelProfile;
  }

  async observe(devices: readonly string[] = []): Promise<ObservedKernel> {
    const watched = new Set([...devices, ...[...this.roots.values()].map((root) => root.device)]);
    return {
      roots: [...this.roots.values()]
        .map((root) => ({
          device: root.device,
          hook: root.hook,
          programId: root.program.programId,
          linkId: root.linkId,
          next: this.hop(root.program),
          attached: this.isAttached(root),
        }))
        .sort((a, b) => compare(rootId(a.device, a.hook), rootId(b.device, b.hook))),
      instances: [...this.instances]
        .map(([key, found]) => this.observed(key, found))
        .sort((a, b) => compare(a.key, b.key)),
      foreign: this.foreign.filter((program) => watched.has(program.device)),
    };
  }

  async load(instance: DesiredInstance, _elf: Uint8Array, manifest: PluginManifest): Promise<void> {
    identityOf(instance);
    checkConfig(instance, manifest);
    const present = this.instances.get(instance.key);
    if (present && present.damage === undefined) return;
    const program = this.program(instance.hook);
    program.instance = structuredClone(instance);
    this.counters.set(program.programId, emptyCounters());
    const state = keptMaps(instance, manifest).map(({ name, owner }) => ({
      owner,
      map: name,
      entries: this.sharedEntries(owner, name) ?? new Map<number, number>(),
    }));
    this.instances.set(instance.key, { program, state });
    if (present) this.replace(present.program, program);
  }

  async unload(key: string): Promise<void> {
    const found = this.instances.get(key);
    if (!found) return;
    for (const root of this.roots.values())
      if (this.isAttached(root) && root.program.next === found.program)
        throw instanceInUse(key, `the root of ${root.device} ${root.hook}`);
    for (const [other, { program }] of this.instances)
      if (other !== key && program.next === found.program) throw instanceInUse(key, `instance ${other}`);
    // The slot of a program dies with its pin.
    found.program.next = undefined;
    this.instances.delete(key);
  }

  async empty(key: string): Promise<void> {
    const found = this.instances.get(key);
    if (!found) throw absentError('empty plugin instance', key, 'the instance');
    this.counters.set(found.program.programId, emptyCounters());
    const others = [...this.instances.values()].filter((other) => other !== found);
    const shared = new Set(others.flatMap(({ state }) => state.map(({ entries }) => entries)));
    for (const { entries } of found.state) if (!shared.has(entries)) entries.clear();
  }

  async attachRoot(device: string, hook: Hook): Promise<void> {
    const present = this.roots.get(rootId(device, hook));
    const attachedTo = this.devices.get(device);
    if (attachedTo === undefined) throw deviceMissing(device, hook);
    if (present && this.isAttached(present)) return;
    const holder = this.foreign.find((program) => program.device === device && program.hook === hook);
    if (hook === 'xdp' && holder) throw hookBusy(device, hook, holder.name, holder.programId);
    const program = present?.program ?? this.program(hook);
    this.roots.set(rootId(device, hook), { device, hook, program, linkId: this.id(), attachedTo });
  }

  async detachRoot(device: string, hook: Hook): Promise<void> {
    this.roots.delete(rootId(device, hook));
  }

  async setNext(node: ChainNode, next: string | null): Promise<void> {
    const on = node.kind === 'root' ? `root of ${node.device} ${node.hook}` : `instance ${node.key}`;
    const holder =
      node.kind === 'root'
        ? this.roots.get(rootId(node.device, node.hook))?.program
        : this.instances.get(node.key)?.program;
    if (!holder) throw absentError('set next', on, on);
    const target = next === null ? undefined : this.instances.get(next)?.program;
    if (next !== null && !target) throw absentError('set next', on, `instance ${next}`);
    if (target && target.type !== holder.type)
      throw wrongHook('set next', on, `instance ${next} is not a program for this hook`);
    holder.next = target;
  }

  async run(
    device: string,
    hook: Hook,
    packet: Uint8Array,
  ): Promise<{ verdict: Verdict; packet: Uint8Array }> {
    const root = this.roots.get(rootId(device, hook));
    if (!root) throw absentError('run test packet', `${device} ${hook}`, 'its root');
    let hops = 0;
    for (
      let program = root.program.next;
      program && hops < LONGEST_CHAIN;
      program = program.next, hops += 1
    ) {
      const verdict = program.instance ? this.judge(program.instance, packet) : 'pass';
      const counter = this.counters.get(program.programId)?.[verdict];
      if (counter) {
        counter.packets += 1;
        counter.bytes += packet.byteLength;
      }
      if (verdict !== 'pass') return { verdict, packet };
    }
    return { verdict: 'pass', packet };
  }

  shadow(source: InstanceSource): Shadow {
    return {
      run: async (device, hook, packet) => {
        const root = this.roots.get(rootId(device, hook));
        if (!root) throw absentError('run test packet', `${device} ${hook}`, 'its root');
        const hops: ShadowHop[] = [];
        for (let program = root.program.next; program?.instance; program = program.next) {
          const { key } = program.instance;
          const origin = await source(key);
          if (!origin) throw unknownHop(`${device} ${hook}`, key);
          const verdict = this.judge(program.instance, packet);
          hops.push({ device, hook, key, verdict, packet, maps: {} });
          if (verdict !== 'pass') break;
        }
        return { verdict: hops.at(-1)?.verdict ?? 'pass', packet, hops };
      },
      close: () => undefined,
    };
  }

  async telemetry(key: string, maps: readonly string[]): Promise<InstanceFigures> {
    const found = this.instances.get(key);
    if (!found) throw absentError('read telemetry', key, 'the instance');
    return {
      verdicts: structuredClone(this.counters.get(found.program.programId) ?? emptyCounters()),
      maps: Object.fromEntries(maps.map((name) => [name, []])),
    };
  }

  async events(key: string, _source: EventSource, most: number): Promise<PacketEvents> {
    if (!this.instances.has(key)) throw absentError('read events', key, 'the instance');
    const said = this.said.get(key) ?? [];
    this.said.delete(key);
    return { records: said.slice(0, most), lost: Math.max(0, said.length - most) };
  }

  async select(key: string, { map, by, most, atLeast = 0n }: Selection): Promise<SelectedEntries> {
    if (!this.instances.has(key)) throw absentError('read entries', key, 'the instance');
    const rows = this.filled.get(`${key} ${map}`) ?? [];
    const number = ({ value }: Row): bigint => BigInt(Object(value)[by]);
    const best = rows
      .filter((row) => number(row) >= atLeast)
      .sort((a, b) => Number(number(b) - number(a)))
      .slice(0, most);
    return { rows: best, known: rows.length };
  }

  async sample(key: string, wish: SampleWish | null): Promise<void> {
    if (!this.instances.has(key)) throw absentError('sample packets', key, 'the instance');
    this.sampled.set(key, wish);
  }

  async chains(): Promise<ChainTelemetry[]> {
    const { roots } = await this.observe();
    return roots.map(({ device, hook }) => {
      const hops: NextHop[] = [];
      let program = this.roots.get(rootId(device, hook))?.program;
      while (program?.next && hops.length < LONGEST_CHAIN) {
        hops.push(this.hop(program));
        program = program.next;
      }
      return { device, hook, hops };
    });
  }

  async clear(): Promise<void> {
    this.roots.clear();
    this.instances.clear();
  }

  private observed(key: string, { program, damage }: FakeInstance): ObservedInstance {
    return {
      key,
      programId: program.programId,
      tag: program.programId.toString(16).padStart(16, '0'),
      pluginDigest: program.instance?.plugin.digest ?? '',
      next: this.hop(program),
      intact: damage === undefined,
      ...(damage === undefined ? {} : { reason: damage }),
    };
  }

  /** Of an owner's map, as long as any instance has it. */
  private sharedEntries(owner: string, map: string): Map<number, number> | undefined {
    return [...this.instances.values()]
      .flatMap(({ state }) => state)
      .find((each) => each.owner === owner && each.map === map)?.entries;
  }

  /** A program that takes the place of another keeps its chain. */
  private replace(old: FakeProgram, fresh: FakeProgram): void {
    fresh.next = old.next;
    const nodes = [...this.roots.values(), ...this.instances.values()];
    for (const { program } of nodes) if (program.next === old) program.next = fresh;
  }

  private hop({ next }: FakeProgram): NextHop {
    if (!next) return { kind: 'end' };
    for (const [key, { program }] of this.instances) if (program === next) return { kind: 'instance', key };
    return { kind: 'unknown', programId: next.programId };
  }

  private isAttached(root: FakeRoot): boolean {
    return root.attachedTo !== 0 && this.devices.get(root.device) === root.attachedTo;
  }

  private program(hook: Hook): FakeProgram {
    return { programId: this.id(), type: programHook(hook), next: undefined };
  }

  private id(): number {
    this.lastId += 1;
    return this.lastId;
  }
}

function rootId(device: string, hook: Hook): string {
  return `${device} ${hook}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function emptyCounters(): Record<Verdict, VerdictCounters> {
  const counters = VERDICTS.map((verdict) => [verdict, { packets: 0, bytes: 0 }]);
  return Object.fromEntries(counters) as Record<Verdict, VerdictCounters>;
}

/** A kernel that supports what the catalogue's plugins need. */
const FAKE_PROFILE: KernelProfile = {
  release: '6.12.0-fake',
  architecture: 'x64',
  programTypes: ['xdp', 'sched_cls'],
  mapTypes: ['hash', 'array', 'prog_array', 'percpu_array', 'percpu_hash', 'lru_hash', 'lpm_trie', 'ringbuf'],
  helpers: Object.fromEntries(
    ['xdp', 'sched_cls'].map((type) => [
      type,
      [
        'map_lookup_elem',
        'map_update_elem',
        'map_delete_elem',
        'tail_call',
        'skb_pull_data',
        'ktime_get_ns',
        'ktime_get_coarse_ns',
        'ringbuf_reserve',
        'ringbuf_submit',
        'ringbuf_discard',
        'ringbuf_output',
      ],
    ]),
  ),
  kfuncs: [],
  attach: { xdp: true, tcx: true, trampoline: false },
  btf: true,
  jit: true,
  notes: [],
};
