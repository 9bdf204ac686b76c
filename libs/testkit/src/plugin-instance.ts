import { VERDICTS } from '@underware/core';
import type { InstanceConfig, Verdict, VerdictCounters } from '@underware/core';
import { BpfObject } from '@underware/libbpf';
import type { BpfMap, BpfProgram } from '@underware/libbpf';
import { readObject } from './objects.js';

export interface RunResult {
  verdict: Verdict;
  /** The packet as it came out. */
  packet: Uint8Array;
}

const XDP_VERDICTS: Record<number, Verdict> = { 1: 'drop', 2: 'pass', 3: 'transmit', 4: 'redirect' };
/** -1 is "next": nobody objected. */
const TC_VERDICTS: Record<number, Verdict> = { 2: 'drop', 7: 'redirect' };

/** One loaded program of an object with its `next` slot: a root, or a plugin instance; not pinned, not attached. */
export class PluginInstance {
  readonly program: BpfProgram;
  private readonly object: BpfObject;
  private readonly hook: 'xdp' | 'tcx';
  private readonly maps = new Map<string, BpfMap>();

  private constructor(object: BpfObject, program: string, hook: 'xdp' | 'tcx') {
    this.object = object;
    this.program = object.program(program);
    this.hook = hook;
  }

  /**
   * Loads `program` of the repository's object `name`, configured as an agent would; `shared` maps are those of another
   * instance of it.
   */
  static async load(
    name: string,
    program: string,
    config: Partial<InstanceConfig> = {},
    shared?: { of: PluginInstance; maps: readonly string[] },
  ): Promise<PluginInstance> {
    const object = await BpfObject.open(await readObject(name), { name });
    try {
      for (const each of object.programs) object.setAutoload(each.name, each.name === program);
      for (const [map, size] of Object.entries(config.mapSizes ?? {})) object.setMaxEntries(map, size);
      if (config.rodata) object.setRodata(config.rodata);
      if (shared) for (const map of shared.maps) object.reuseMap(map, shared.of.map(map));
      await object.load();
      const type = object.programs.find((each) => each.name === program)?.type;
      const instance = new PluginInstance(object, program, type === 'xdp' ? 'xdp' : 'tcx');
      for (const [map, entries] of Object.entries(config.maps ?? {})) {
        await instance.map(map).setBatch(entries.map(({ key, value }) => [key, value]));
      }
      return instance;
    } catch (error) {
      object.close();
      throw error;
    }
  }

  map(name: string): BpfMap {
    const map = this.maps.get(name) ?? this.object.map(name);
    this.maps.set(name, map);
    return map;
  }

  /** The pointer swap that changes a chain. */
  async setNext(next: PluginInstance | null): Promise<void> {
    if (next === null) await this.map('uw_next').delete(0);
    else await this.map('uw_next').set(0, next.program);
  }

  /** Runs the program, and the chain behind it, on a packet. */
  async run(packet: Uint8Array): Promise<RunResult> {
    const { retval, data } = await this.program.testRun({ data: packet });
    const verdict =
      this.hook === 'xdp' ? (XDP_VERDICTS[retval] ?? 'aborted') : (TC_VERDICTS[retval] ?? 'pass');
    return { verdict, packet: data };
  }

  async verdicts(): Promise<Record<Verdict, VerdictCounters>> {
    const counters = await this.counters('uw_verdicts');
    const named = VERDICTS.map((verdict, i) => [verdict, counters[i] ?? { packets: 0, bytes: 0 }]);
    return Object.fromEntries(named) as Record<Verdict, VerdictCounters>;
  }

  /** A per-CPU array of `struct uw_counter`, added up over the CPUs, by index. */
  async counters(map: string): Promise<VerdictCounters[]> {
    const totals: VerdictCounters[] = [];
    for await (const [key, cpus] of this.map(map).entries()) {
      const total = { packets: 0, bytes: 0 };
      for (const cpu of cpus as Record<keyof VerdictCounters, number | bigint>[]) {
        total.packets += Number(cpu.packets);
        total.bytes += Number(cpu.bytes);
      }
      totals[Number(key)] = total;
    }
    return totals;
  }

  close(): void {
    for (const map of this.maps.values()) map.close();
    this.program.close();
    this.object.close();
  }
}
