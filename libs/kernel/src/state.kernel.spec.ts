import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BpfMap } from '@underware/libbpf';
import { describeKernel } from '@underware/testkit';
import { rmSync } from 'node:fs';
import type { DesiredInstance, PluginManifest } from '@underware/core';
import { DEVICE, FRAME, testInstance } from './contract.spec-support.js';
import { lend } from './bpf-call.js';
import type { LibbpfKernel } from './libbpf-kernel.js';
import { compile, createDevice, Machine } from './machine.spec-support.js';
import { describeStateContract } from './state-contract.spec-support.js';

const ROOT = { kind: 'root', device: DEVICE, hook: 'xdp' } as const;

const MANIFEST: PluginManifest = {
  name: 'uwt-state',
  version: '0.1.0',
  summary: 'Remembers',
  license: 'Apache-2.0',
  implements: 'firewall',
  order: 'filter',
  programs: [{ name: 'uwt_xdp', hook: 'xdp' }],
  maps: {
    flows: { role: 'state', scope: 'service', description: 'Packets by length' },
    totals: { role: 'telemetry', scope: 'instance', keep: true, description: 'Packets' },
  },
};

/** Counts packets by their length in `flows`, and all of them in `totals`. */
function source({
  fields = '__u32 packets;',
  key = '__u32',
  type = 'HASH',
  size = 64,
  counters = 1,
} = {}): string {
  return `
    #include "uw_engine.h"
    struct flow { ${fields} };
    struct { __uint(type, BPF_MAP_TYPE_${type}); __uint(max_entries, ${size});
      __type(key, ${key}); __type(value, struct flow); } flows SEC(".maps");
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, ${counters});
      __type(key, __u32); __type(value, struct uw_counter); } totals SEC(".maps");
    SEC("xdp") int uwt_xdp(struct xdp_md *ctx) {
      ${key} key = ctx->data_end - ctx->data;
      struct flow *flow = bpf_map_lookup_elem(&flows, &key);
      struct flow first = { .packets = 1 };
      if (flow) flow->packets++;
      else bpf_map_update_elem(&flows, &key, &first, BPF_ANY);
      uw_count(&totals, 0, ctx->data_end - ctx->data);
      return uw_xdp_continue(ctx, XDP_PASS);
    }
    char _license[] SEC("license") = "Dual BSD/GPL";
  `;
}

describeKernel(
  'state of plugin instances',
  () => {
    describeStateContract(async () => new Machine());
    describe('of any layout', () => {
      onThisKernel();
    });
  },
  ['root', 'bpf', 'tcx'],
);

function onThisKernel(): void {
  let machine: Machine;
  let kernel: LibbpfKernel;
  const first = compile(source());

  beforeAll(() => {
    machine = new Machine();
  });
  afterAll(() => machine.close());
  beforeEach(async () => {
    kernel = machine.kernel();
    await kernel.clear();
    createDevice(DEVICE);
  });

  const load = async (id: number, revision: number, elf = first, manifest = MANIFEST): Promise<string> => {
    const instance = revised(id, revision);
    await kernel.load(instance, elf, manifest);
    return instance.key;
  };
  /** Loads the first and sends packets of these lengths through it. */
  const running = async (...lengths: number[]): Promise<string> => {
    const key = await load(1, 1);
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.setNext(ROOT, key);
    await send(...lengths);
    return key;
  };
  const send = async (...lengths: number[]): Promise<void> => {
    for (const length of lengths)
      await kernel.run(DEVICE, 'xdp', Buffer.concat([FRAME, Buffer.alloc(length)]));
  };
  const flows = async (key: string): Promise<[number, unknown][]> =>
    lend(BpfMap.fromPin(machine.stateOf(key, 'flows')), async (map) => {
      const found: [number, unknown][] = [];
      for await (const [length, flow] of map.entries()) found.push([Number(length) - FRAME.byteLength, flow]);
      return found.sort(([a], [b]) => a - b);
    });

  it('goes on in the same map where the layout is the same, without a packet forgotten', async () => {
    const old = await running(1, 2);
    const fresh = await load(1, 2);
    await send(2, 3);
    await kernel.setNext(ROOT, fresh);
    await send(3);
    await kernel.unload(old);
    expect(await flows(fresh)).toEqual([
      [1, { packets: 1 }],
      [2, { packets: 2 }],
      [3, { packets: 2 }],
    ]);
    expect((await kernel.telemetry(fresh, ['totals'])).maps['totals']).toMatchObject([
      { value: { packets: 5 } },
    ]);
  });

  it('is copied by field name into a layout that grew, and back with a step back', async () => {
    const grown = compile(source({ fields: '__u64 since; __u32 packets; __u8 state;' }));
    const old = await running(1, 2);
    const fresh = await load(1, 2, grown);
    expect(await flows(fresh)).toEqual([
      [1, { since: 0, packets: 1, state: 0 }],
      [2, { since: 0, packets: 1, state: 0 }],
    ]);
    // What comes between the copy and the swap is added when the old one goes.
    await send(3);
    await kernel.setNext(ROOT, fresh);
    await send(2);
    await kernel.unload(old);
    const since = expect.objectContaining({ packets: 1 });
    expect(await flows(fresh)).toEqual([
      [1, since],
      [2, expect.objectContaining({ packets: 2 })],
      [3, since],
    ]);
    const back = await load(1, 1);
    expect(await flows(back)).toEqual([
      [1, { packets: 1 }],
      [2, { packets: 2 }],
      [3, { packets: 1 }],
    ]);
  });

  it('is not filled with what was deleted meanwhile where the new one met no packet', async () => {
    const old = await running(1, 2);
    const fresh = await load(1, 2, compile(source({ fields: '__u32 packets; __u32 more;' })));
    await lend(BpfMap.fromPin(machine.stateOf(old, 'flows')), (map) => map.delete(FRAME.byteLength + 1));
    await kernel.unload(fresh);
    expect(await flows(old)).toEqual([[2, { packets: 1 }]]);
  });

  it('gets room when a map grows, and draws those after it that share it', async () => {
    const old = await running(1);
    const sibling = await load(2, 1);
    const fresh = await load(1, 2, compile(source({ size: 256 })));
    await kernel.setNext(ROOT, fresh);
    await kernel.unload(old);
    const seen = (await kernel.observe()).instances;
    expect(seen.map(({ key, intact }) => [key, intact])).toEqual([
      [fresh, true],
      [sibling, false],
    ]);
    await load(2, 1);
    expect((await kernel.observe()).instances.every(({ intact }) => intact)).toBe(true);
    await send(9);
    expect(await flows(sibling)).toEqual([
      [1, { packets: 1 }],
      [9, { packets: 1 }],
    ]);
  });

  it.each([
    ['another type', { fields: '__u64 packets;' }, MANIFEST, 'value.packets: was u32, is u64'],
    ['another key', { key: '__u64' }, MANIFEST, 'key: was u32, is u64'],
    ['another kind of map', { type: 'LRU_HASH' }, MANIFEST, 'type: was hash, is lru_hash'],
    ['another scope', {}, scoped('instance'), 'scope: was service, is instance'],
  ])('is refused for %s, and nothing changes', async (_what, change, manifest, line) => {
    const old = await running(1);
    await expect(load(1, 2, compile(source(change)), manifest)).rejects.toMatchObject({
      code: 'STATE_INCOMPATIBLE',
      report: { why: expect.stringContaining(line), detail: expect.stringContaining(`flows: ${line}`) },
    });
    expect((await kernel.observe()).instances).toMatchObject([{ key: old, intact: true }]);
    expect(await flows(old)).toEqual([[1, { packets: 1 }]]);
  });

  it('keeps telemetry only at the same size', async () => {
    const old = await running(1);
    const fresh = await load(1, 2, compile(source({ counters: 2 })));
    await kernel.setNext(ROOT, fresh);
    await kernel.unload(old);
    expect((await kernel.telemetry(fresh, ['totals'])).maps['totals']).toEqual([]);
    expect(await flows(fresh)).toHaveLength(1);
  });

  it('counts the memory of a shared map once', async () => {
    const large = compile(source({ size: 65_536 }));
    const keys = [await load(1, 1, large), await load(2, 1, large)];
    const [a = 0, b = 0] = await Promise.all(
      keys.map(async (key) => (await kernel.telemetry(key, [])).memoryBytes ?? 0),
    );
    expect(a - b).toBeGreaterThan(65_536 * 8);
  });

  it('notices a state map whose pin was taken', async () => {
    const key = await load(1, 1);
    rmSync(machine.stateOf(key, 'flows'));
    expect((await kernel.observe()).instances).toMatchObject([
      { intact: false, reason: expect.stringContaining('pinned') },
    ]);
    await load(1, 1);
    expect((await kernel.observe()).instances).toMatchObject([{ intact: true }]);
  });
}

function revised(id: number, revision: number): DesiredInstance {
  const instance = testInstance(id, 'xdp');
  const digits = revision.toString(16).padStart(8, '0');
  return {
    ...instance,
    key: `${instance.id}-${digits}`,
    revision: digits,
    plugin: { ...instance.plugin, name: MANIFEST.name },
    config: { rodata: {}, maps: {}, mapSizes: {} },
  };
}

function scoped(scope: 'instance'): PluginManifest {
  const { flows, totals } = MANIFEST.maps;
  return flows && totals ? { ...MANIFEST, maps: { flows: { ...flows, scope }, totals } } : MANIFEST;
}
