import { BpfMap, BpfObject, type TestRunResult } from '@underware/libbpf';
import type { DesiredInstance, PluginManifest } from '@underware/core';
import { attempt, hasErrno, lend } from './bpf-call.js';
import { copyEntries } from './copy-entries.js';
import type { Delivery } from './delivery.js';
import { emptyMap } from './empty-instance.js';
import { MOST_ROWS, rowsOf } from './figures.js';
import { configure, fillMaps } from './instance-loader.js';
import type { Row } from './kernel.js';
import { mapPins } from './state-pins.js';

/** What a plugin instance was loaded from. */
export interface InstanceOrigin {
  instance: DesiredInstance;
  elf: Uint8Array;
  manifest: PluginManifest;
}

/** Of the engine's: where it finds ports and the ways out of the host. What it would write is its own. */
const READ_OF_ENGINE = ['uw_ports', 'uw_exits'];
/** What programs of a packet's way tell one another, in bytes for each CPU. */
const PACKET_BYTES = 8;

/** An instance loaded again, with its config and a copy of what the live one remembers, in no chain and without a pin. */
export class ShadowInstance {
  private constructor(
    private readonly object: BpfObject,
    private readonly origin: InstanceOrigin,
  ) {}

  /**
   * `live`: the directory of the live one's pins. `copies`: what was copied already by the id of the live map, since
   * instances share maps; it is added to, and the caller's to close.
   */
  static async load(
    origin: InstanceOrigin,
    live: string,
    copies: Map<number, BpfMap>,
    delivery: Delivery,
  ): Promise<ShadowInstance> {
    const { instance, elf, manifest } = origin;
    const on = `a copy of ${instance.plugin.name}@${instance.plugin.version} as ${instance.key}`;
    const object = await attempt('open plugin object', on, () => BpfObject.open(elf));
    try {
      configure(object, instance, manifest, on);
      await delivery.lendMaps(object, READ_OF_ENGINE);
      const wanted = await takeCopies(object, manifest, live, copies);
      await attempt('load plugin instance', on, () => object.load());
      await fillMaps(object, instance, manifest, on);
      for (const { name, pin, id } of wanted) {
        const copy = object.map(name);
        copies.set(id, copy);
        await attempt(`copy map ${name}`, on, () =>
          lend(BpfMap.fromPin(pin), (from) => copyEntries(from, copy, { kind: 'same' })),
        );
      }
      return new ShadowInstance(object, origin);
    } catch (error) {
      object.close();
      throw error;
    }
  }

  /** Runs the program on a packet; `ctx` says where it comes from, or what the program before left. */
  async run(
    data: Uint8Array,
    ctx: { ifindex?: number; ingressIfindex?: number } | Uint8Array | undefined,
  ): Promise<TestRunResult> {
    return lend(this.object.program(this.origin.instance.program), async (program) => {
      try {
        return await program.testRun({ data, ...(ctx ? { ctx } : {}) });
      } catch (error) {
        // The kernel takes a device only while its receive queue is registered: not while it is down, nor on every driver.
        if (!ctx || !hasErrno(error, 'EINVAL', 'ENODEV')) throw error;
        return program.testRun({ data });
      }
    });
  }

  /** What it counted since it was asked last. */
  async counted(): Promise<Record<string, Row[]>> {
    const maps: [string, Row[]][] = [];
    for (const [name, { role }] of Object.entries(this.origin.manifest.maps)) {
      if (role !== 'telemetry') continue;
      await lend(this.object.map(name), async (map) => {
        const rows = await rowsOf(map, MOST_ROWS);
        if (rows) await emptyMap(map);
        if (rows && rows.length > 0) maps.push([name, rows]);
      });
    }
    return Object.fromEntries(maps);
  }

  /** The slot of the port that it handed the packet to, or what stands for the host's stack; 0 where it did not. Forgets it. */
  async delivered(): Promise<number> {
    if (!this.object.maps.some(({ name }) => name === 'uw_packets')) return 0;
    return lend(this.object.map('uw_packets'), async (map) => {
      const bytes = (await map.getRaw(new Uint8Array(4))) ?? new Uint8Array();
      await map.setRaw(new Uint8Array(4), new Uint8Array(bytes.byteLength));
      const words = new Uint32Array(Uint8Array.from(bytes).buffer);
      return words.find((word, i) => word !== 0 && (i * 4) % PACKET_BYTES === 0) ?? 0;
    });
  }

  close(): void {
    this.object.close();
  }
}

/** Gives the object what others have copied; what nobody has yet is to be copied once it is loaded. */
async function takeCopies(
  object: BpfObject,
  manifest: PluginManifest,
  live: string,
  copies: ReadonlyMap<number, BpfMap>,
): Promise<{ name: string; pin: string; id: number }[]> {
  const pins = new Map(mapPins(live).map(({ name, pin }) => [name, pin]));
  const wanted: { name: string; pin: string; id: number }[] = [];
  for (const { name, internal } of object.maps) {
    const isVariables = internal && /^\.(data|bss)/.test(name);
    const pin = pins.get(name);
    if (pin === undefined || (manifest.maps[name]?.role !== 'state' && !isVariables)) continue;
    await lend(BpfMap.fromPin(pin), ({ info }) => {
      const copy = copies.get(info.id);
      if (copy) return object.reuseMap(name, copy);
      if (!internal) object.setMaxEntries(name, info.maxEntries);
      wanted.push({ name, pin, id: info.id });
    });
  }
  return wanted;
}
