import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  programHook,
  UnderwareError,
  type ChainNode,
  type DesiredInstance,
  type ErrorCode,
  type Hook,
  type PluginManifest,
} from '@underware/core';
import type { Judge } from './fake-kernel.js';
import type { Kernel } from './kernel.js';

/** A machine to test a kernel on, and what may happen to it beside the agent. */
export interface KernelWorld {
  /** A kernel as a freshly started agent has it, over the machine's state. */
  kernel(): Kernel;
  createDevice(device: string): Promise<void>;
  deleteDevice(device: string): Promise<void>;
  attachForeign(device: string, hook: Hook): Promise<{ programId: number; detach(): Promise<void> }>;
  /** What packets make a plugin remember in a map that outlives the instance, and what it remembers. */
  remember(key: string, map: string, entry: number, value: number): Promise<void>;
  remembered(key: string, map: string): Promise<Record<string, number>>;
  damageInstance(key: string): Promise<void>;
  detachLink(device: string, hook: Hook): Promise<void>;
  replaceNext(device: string, hook: Hook): Promise<void>;
  close(): Promise<void>;
  /** The object of TEST_MANIFEST; a fake does not look at it. */
  elf: Uint8Array;
}

/** `uwt_xdp` and `uwt_tcx` drop where `uwt_config.drop` is 1, else pass; `seen` counts what came by. */
export const TEST_MANIFEST: PluginManifest = {
  name: 'uwt-judge',
  version: '0.1.0',
  summary: 'Drops or passes',
  license: 'Apache-2.0',
  implements: 'firewall',
  order: 'filter',
  programs: [
    { name: 'uwt_xdp', hook: 'xdp' },
    { name: 'uwt_tcx', hook: 'tcx' },
  ],
  maps: {
    marks: { role: 'config', scope: 'instance', description: 'Unused settings' },
    seen: { role: 'telemetry', scope: 'instance', description: 'What came by' },
    lengths: { role: 'telemetry', scope: 'instance', description: 'What traffic fills' },
    flows: { role: 'state', scope: 'instance', description: 'What one instance remembers' },
    pairs: { role: 'state', scope: 'service', description: 'What a service remembers' },
    blocked: { role: 'state', scope: 'host', description: 'What the host remembers' },
    said: { role: 'telemetry', scope: 'instance', description: 'What it says' },
  },
  events: { map: 'said', struct: 'uwt_said' },
};

export const TEST_SOURCE = `
#include "uw_engine.h"
struct uwt_config { __u32 drop; __u32 mark; };
const volatile struct uwt_config uwt_config = {};
struct mark { __u16 port; __u8 colour; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4);
  __type(key, __u32); __type(value, struct mark); } marks SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 2);
  __type(key, __u32); __type(value, struct uw_counter); } seen SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_LRU_HASH); __uint(max_entries, 64);
  __type(key, __u32); __type(value, struct uw_counter); } lengths SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8);
  __type(key, __u32); __type(value, __u32); } flows SEC(".maps"), pairs SEC(".maps"), blocked SEC(".maps");
struct uwt_said { __u64 at_ns; __u32 bytes; __u8 mark[2]; };
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } said SEC(".maps");
const struct uwt_said *unused_said __attribute__((unused));
SEC("xdp") int uwt_xdp(struct xdp_md *ctx) {
  struct uwt_said words = { .at_ns = 7, .bytes = ctx->data_end - ctx->data, .mark = { 1, 0xab } };
  bpf_ringbuf_output(&said, &words, sizeof(words), 0);
  __u32 key = uwt_config.mark;
  bpf_map_lookup_elem(&marks, &key);
  struct uw_counter first = {};
  key = ctx->data_end - ctx->data;
  bpf_map_update_elem(&lengths, &key, &first, BPF_ANY);
  uw_count(&seen, 0, ctx->data_end - ctx->data);
  return uw_xdp_continue(ctx, uwt_config.drop ? XDP_DROP : XDP_PASS);
}
SEC("tc") int uwt_tcx(struct __sk_buff *ctx) {
  uw_count(&seen, 0, ctx->len);
  return uw_tc_continue(ctx, uwt_config.drop ? TC_ACT_SHOT : TC_ACT_OK);
}
char _license[] SEC("license") = "Dual BSD/GPL";
`;

/** TEST_SOURCE in TypeScript, for the fake. */
export const judgeAsConfigured: Judge = ({ config }) => {
  const settings = config.rodata['uwt_config'];
  const drops = typeof settings === 'object' && !Array.isArray(settings) && settings['drop'] === 1;
  return drops ? 'drop' : 'pass';
};

export const DEVICE = 'uwtk-port0';
export const DIGEST = `sha256:${'ab'.repeat(32)}`;
export const FRAME = Buffer.concat([
  Buffer.from('02000000000202000000000108004500', 'hex'),
  Buffer.alloc(64),
]);

export function testInstance(
  number: number,
  hook: Hook,
  config: { drop: 0 | 1; marks?: { key: number; value: { port: number; colour: number } }[] } = { drop: 0 },
): DesiredInstance {
  const id = number.toString(16).padStart(16, '0');
  const revision = config.drop === 1 ? 'd0d0d0d0' : '0a0a0a0a';
  return {
    key: `${id}-${revision}`,
    id,
    revision,
    underservice: 'guard',
    plugin: { name: 'uwt-judge', version: '0.1.0', digest: DIGEST },
    stateOwner: '0'.repeat(16),
    program: programHook(hook) === 'xdp' ? 'uwt_xdp' : 'uwt_tcx',
    port: 'uwt/port',
    hook,
    order: 300,
    config: {
      rodata: { uwt_config: { drop: config.drop, mark: 7 } },
      maps: config.marks ? { marks: config.marks } : {},
      mapSizes: {},
    },
    residency: 'dynamic',
  };
}

/** What every kernel does; `open` makes the machine once. */
export function describeContract(open: () => Promise<KernelWorld>): void {
  describe('contract', () => {
    let world: KernelWorld;
    let kernel: Kernel;

    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());
    beforeEach(async () => {
      kernel = world.kernel();
      await kernel.clear();
      await world.createDevice(DEVICE);
    });

    const load = async (...instances: DesiredInstance[]): Promise<string[]> => {
      await Promise.all(instances.map((instance) => kernel.load(instance, world.elf, TEST_MANIFEST)));
      return instances.map((instance) => instance.key);
    };
    const instanceOf = async (key: string) =>
      (await kernel.observe()).instances.find((candidate) => candidate.key === key);
    /** Root and instances, chained in the order given. */
    const chain = async (hook: Hook, ...instances: DesiredInstance[]): Promise<string[]> => {
      const keys = await load(...instances);
      await kernel.attachRoot(DEVICE, hook);
      for (const [index, key] of keys.entries()) {
        const next = keys[index + 1];
        if (next !== undefined) await kernel.setNext({ kind: 'instance', key }, next);
      }
      await kernel.setNext({ kind: 'root', device: DEVICE, hook }, keys[0] ?? null);
      return keys;
    };
    const verdict = async (hook: Hook) => (await kernel.run(DEVICE, hook, FRAME)).verdict;

    it('has nothing of ours at first', async () => {
      expect(await kernel.observe([DEVICE])).toEqual({ roots: [], instances: [], foreign: [] });
      expect(await kernel.chains()).toEqual([]);
    });

    it('profiles itself, the same each time', async () => {
      const profile = await kernel.profile();
      expect(profile.programTypes).toEqual(expect.arrayContaining(['xdp', 'sched_cls']));
      expect(profile.mapTypes).toEqual(
        expect.arrayContaining(['array', 'hash', 'percpu_array', 'prog_array']),
      );
      expect(profile.helpers['xdp']).toEqual(expect.arrayContaining(['map_lookup_elem', 'tail_call']));
      expect(profile.attach.xdp && profile.attach.tcx).toBe(true);
      expect(profile.jit).toBe(true);
      expect(await kernel.profile()).toEqual(profile);
    });

    it('loads an instance once, and a restarted agent finds it', async () => {
      const [key = ''] = await load(testInstance(1, 'xdp'));
      const first = await instanceOf(key);
      expect(first).toMatchObject({ key, pluginDigest: DIGEST, next: { kind: 'end' }, intact: true });
      expect(first?.programId).toBeGreaterThan(0);
      await load(testInstance(1, 'xdp'));
      kernel = world.kernel();
      expect(await instanceOf(key)).toEqual(first);
    });

    it('loads many at once while it is observed', async () => {
      const wanted = Array.from({ length: 8 }, (_, i) => testInstance(i, i % 2 === 0 ? 'xdp' : 'tcx/egress'));
      await Promise.all([load(...wanted), load(...wanted), kernel.observe(), kernel.observe()]);
      const { instances } = await kernel.observe();
      expect(instances.map(({ key, intact }) => [key, intact])).toEqual(wanted.map(({ key }) => [key, true]));
    });

    it.each<Hook>(['xdp', 'xdp/egress', 'tcx/ingress', 'tcx/egress'])(
      'chains instances on %s',
      async (hook) => {
        const [a = '', b = '', c = ''] = await chain(
          hook,
          testInstance(1, hook),
          testInstance(2, hook, { drop: 1 }),
          testInstance(3, hook),
        );
        const { roots, instances } = await kernel.observe();
        expect(roots).toMatchObject([
          { device: DEVICE, hook, next: { kind: 'instance', key: a }, attached: true },
        ]);
        expect(instances.map(({ next }) => next)).toEqual([
          { kind: 'instance', key: b },
          { kind: 'instance', key: c },
          { kind: 'end' },
        ]);
        expect(await kernel.chains()).toEqual([
          { device: DEVICE, hook, hops: [a, b, c].map((key) => ({ kind: 'instance', key })) },
        ]);

        expect(await verdict(hook)).toBe('drop');
        // b is bypassed: one swap in its predecessor.
        await kernel.setNext({ kind: 'instance', key: a }, c);
        expect(await verdict(hook)).toBe('pass');
        const figures = await Promise.all([a, b, c].map((key) => kernel.telemetry(key, [])));
        expect(figures.map(({ verdicts }) => [verdicts['pass']?.packets, verdicts['drop']?.packets])).toEqual(
          [
            [2, 0],
            [0, 1],
            [1, 0],
          ],
        );
        expect(figures[0]?.verdicts['pass']?.bytes).toBe(2 * FRAME.byteLength);
      },
    );

    it('gives back the packet that came out of the chain', async () => {
      await chain('xdp', testInstance(1, 'xdp'));
      expect(Buffer.from((await kernel.run(DEVICE, 'xdp', FRAME)).packet).equals(FRAME)).toBe(true);
    });

    it.each<Hook>(['xdp', 'xdp/egress'])('passes everything on an empty chain of %s', async (hook) => {
      await kernel.attachRoot(DEVICE, hook);
      expect(await verdict(hook)).toBe('pass');
      await expectCode(kernel.run(DEVICE, 'tcx/egress', FRAME), 'NOT_FOUND');
    });

    it('runs a test packet through a shadow without counting it', async () => {
      const instances = [testInstance(1, 'xdp'), testInstance(2, 'xdp', { drop: 1 }), testInstance(3, 'xdp')];
      const [passing = '', dropping = ''] = await chain('xdp', ...instances);
      const shadow = kernel.shadow(async (key) => {
        const instance = instances.find((each) => each.key === key);
        return instance && { instance, elf: world.elf, manifest: TEST_MANIFEST };
      });
      const { verdict: decided, hops } = await shadow.run(DEVICE, 'xdp', FRAME);
      await expectCode(shadow.run(DEVICE, 'tcx/egress', FRAME), 'NOT_FOUND');
      shadow.close();
      expect(decided).toBe('drop');
      expect(hops.map((hop) => [hop.key, hop.verdict])).toEqual([
        [passing, 'pass'],
        [dropping, 'drop'],
      ]);
      for (const { key } of instances)
        expect(Object.values((await kernel.telemetry(key, [])).verdicts).map((each) => each.packets)).toEqual(
          Array.from({ length: 5 }, () => 0),
        );
    });

    it('replaces an instance by another revision with one swap', async () => {
      const [old = ''] = await chain('xdp', testInstance(1, 'xdp'));
      const [fresh = ''] = await load(testInstance(1, 'xdp', { drop: 1 }));
      await kernel.setNext(root('xdp'), fresh);
      await kernel.unload(old);
      expect(await verdict('xdp')).toBe('drop');
      expect((await kernel.observe()).instances.map(({ key }) => key)).toEqual([fresh]);
    });

    it('does not unload what a chain runs', async () => {
      const [a = '', b = ''] = await chain('xdp', testInstance(1, 'xdp'), testInstance(2, 'xdp'));
      await expectCode(kernel.unload(a), 'STATE_CONFLICT');
      await expectCode(kernel.unload(b), 'STATE_CONFLICT');
      await kernel.setNext(root('xdp'), null);
      await kernel.unload(a);
      await kernel.unload(b);
      await kernel.unload(b);
      expect((await kernel.observe()).instances).toEqual([]);
      expect(await verdict('xdp')).toBe('pass');
    });

    it('refuses to chain what is not there or not of the hook', async () => {
      const [key = ''] = await load(testInstance(1, 'tcx/egress'));
      await expectCode(kernel.setNext(root('xdp'), key), 'NOT_FOUND');
      await kernel.attachRoot(DEVICE, 'xdp');
      await expectCode(kernel.setNext(root('xdp'), testInstance(9, 'xdp').key), 'NOT_FOUND');
      await expectCode(
        kernel.setNext({ kind: 'instance', key: testInstance(9, 'xdp').key }, key),
        'NOT_FOUND',
      );
      await expectCode(kernel.setNext(root('xdp'), key), 'INPUT_INVALID');
      expect((await kernel.observe()).roots[0]?.next).toEqual({ kind: 'end' });
    });

    it('refuses a config that is not of the plugin, and leaves nothing', async () => {
      const good = testInstance(1, 'xdp');
      const { rodata } = good.config;
      const identity = { ...good.config, rodata: { ...rodata, uw_identity: { revision: [0, 0, 0, 0] } } };
      await expectCode(load({ ...good, program: 'absent' }), 'INPUT_INVALID');
      await expectCode(load({ ...good, hook: 'tcx/egress' }), 'INPUT_INVALID');
      await expectCode(load({ ...good, config: identity }), 'INPUT_INVALID');
      await expectCode(load({ ...good, config: { ...good.config, maps: { seen: [] } } }), 'INPUT_INVALID');
      await expectCode(load({ ...good, key: '../../escape' }), 'INPUT_INVALID');
      expect((await kernel.observe()).instances).toEqual([]);
    });

    it('attaches a root once, also for a restarted agent', async () => {
      await kernel.attachRoot(DEVICE, 'xdp');
      const before = await kernel.observe();
      await world.kernel().attachRoot(DEVICE, 'xdp');
      expect(await kernel.observe()).toEqual(before);
      await kernel.detachRoot(DEVICE, 'xdp');
      await kernel.detachRoot(DEVICE, 'xdp');
      expect((await kernel.observe()).roots).toEqual([]);
    });

    it('names a device that is not there', async () => {
      await expectCode(kernel.attachRoot('uwtk-absent', 'xdp'), 'DEVICE_MISSING');
      await expectCode(kernel.attachRoot('uwtk-absent', 'tcx/egress'), 'DEVICE_MISSING');
      expect((await kernel.observe()).roots).toEqual([]);
    });

    it('does not touch the program of another on XDP, and names it', async () => {
      const { programId, detach } = await world.attachForeign(DEVICE, 'xdp');
      try {
        await expect(kernel.attachRoot(DEVICE, 'xdp')).rejects.toMatchObject({
          code: 'HOOK_BUSY',
          message: expect.stringContaining(`id ${programId}`),
        });
        const { foreign, roots } = await kernel.observe([DEVICE]);
        expect(foreign).toMatchObject([{ device: DEVICE, hook: 'xdp', programId }]);
        expect(roots).toEqual([]);
      } finally {
        await detach();
      }
      await kernel.attachRoot(DEVICE, 'xdp');
      expect((await kernel.observe()).foreign).toEqual([]);
    });

    it('lives beside the programs of others on TCX', async () => {
      const { programId, detach } = await world.attachForeign(DEVICE, 'tcx/egress');
      try {
        await kernel.attachRoot(DEVICE, 'tcx/egress');
        const { foreign, roots } = await kernel.observe();
        expect(foreign).toMatchObject([{ device: DEVICE, hook: 'tcx/egress', programId }]);
        expect(roots).toMatchObject([{ hook: 'tcx/egress', attached: true }]);
        await kernel.clear();
        expect((await kernel.observe([DEVICE])).foreign).toHaveLength(1);
      } finally {
        await detach();
      }
    });

    it.each<Hook>(['xdp', 'xdp/egress', 'tcx/egress'])(
      'notices a device that vanished from under %s, and mends',
      async (hook) => {
        const [key = ''] = await chain(hook, testInstance(1, hook, { drop: 1 }));
        await world.deleteDevice(DEVICE);
        expect((await kernel.observe()).roots).toMatchObject([{ device: DEVICE, hook, attached: false }]);
        await expectCode(kernel.attachRoot(DEVICE, hook), 'DEVICE_MISSING');
        // A namesake is another device.
        await world.createDevice(DEVICE);
        expect((await kernel.observe()).roots).toMatchObject([{ attached: false }]);
        await kernel.attachRoot(DEVICE, hook);
        expect((await kernel.observe()).roots).toMatchObject([
          { attached: true, next: { kind: 'instance', key } },
        ]);
        expect(await verdict(hook)).toBe('drop');
        await world.deleteDevice(DEVICE);
        await kernel.detachRoot(DEVICE, hook);
        expect((await kernel.observe()).roots).toEqual([]);
      },
    );

    it('unloads from a chain whose device is gone', async () => {
      const [key = ''] = await chain('xdp', testInstance(1, 'xdp'));
      await world.deleteDevice(DEVICE);
      await kernel.unload(key);
      await kernel.detachRoot(DEVICE, 'xdp');
      expect(await kernel.observe()).toEqual({ roots: [], instances: [], foreign: [] });
    });

    it('notices a link that was detached, and mends with the chain kept', async () => {
      const [key = ''] = await chain('xdp', testInstance(1, 'xdp', { drop: 1 }));
      await world.detachLink(DEVICE, 'xdp');
      expect((await kernel.observe()).roots).toMatchObject([{ attached: false }]);
      await kernel.attachRoot(DEVICE, 'xdp');
      const { roots } = await kernel.observe();
      expect(roots).toMatchObject([{ attached: true, next: { kind: 'instance', key } }]);
    });

    it("notices a stranger's program in a slot, and mends", async () => {
      const [key = ''] = await chain('xdp', testInstance(1, 'xdp', { drop: 1 }));
      await world.replaceNext(DEVICE, 'xdp');
      const { roots } = await kernel.observe();
      expect(roots).toMatchObject([{ attached: true, next: { kind: 'unknown' } }]);
      const [{ hops } = { hops: [] }] = await kernel.chains();
      expect(hops).toMatchObject([{ kind: 'unknown' }]);
      await kernel.setNext(root('xdp'), key);
      expect(await verdict('xdp')).toBe('drop');
    });

    it('loses no swap that comes while the instance is being replaced', async () => {
      const [a, b] = await load(testInstance(1, 'xdp'), testInstance(2, 'xdp'));
      if (a === undefined || b === undefined) throw new Error('they were loaded');
      await world.damageInstance(a);
      await Promise.all([
        kernel.load(testInstance(1, 'xdp'), world.elf, TEST_MANIFEST),
        kernel.setNext({ kind: 'instance', key: a }, b),
      ]);
      expect(await instanceOf(a)).toMatchObject({ intact: true, next: { kind: 'instance', key: b } });
    });

    it('notices a damaged instance, and replaces it where it stands in the chain', async () => {
      const [a = '', b = '', c = ''] = await chain(
        'xdp',
        testInstance(1, 'xdp'),
        testInstance(2, 'xdp'),
        testInstance(3, 'xdp', { drop: 1 }),
      );
      const before = await instanceOf(b);
      await world.damageInstance(b);
      expect(await instanceOf(b)).toMatchObject({ intact: false, reason: expect.any(String) });
      await load(testInstance(2, 'xdp'));
      const after = await instanceOf(b);
      expect(after).toMatchObject({ intact: true, next: { kind: 'instance', key: c } });
      expect(after?.programId).not.toBe(before?.programId);
      expect(await instanceOf(a)).toMatchObject({ next: { kind: 'instance', key: b } });
      expect(await verdict('xdp')).toBe('drop');
    });

    it('forgets what an instance counted, and keeps it in its chain with its config', async () => {
      const [a = '', b = ''] = await chain(
        'xdp',
        testInstance(1, 'xdp'),
        testInstance(2, 'xdp', { drop: 1 }),
      );
      expect(await verdict('xdp')).toBe('drop');
      await kernel.empty(a);
      await kernel.empty(a);
      const packetsOf = async (key: string) => Object.values((await kernel.telemetry(key, [])).verdicts);
      expect((await packetsOf(a)).every(({ packets, bytes }) => packets + bytes === 0)).toBe(true);
      expect((await packetsOf(b)).some(({ packets }) => packets === 1)).toBe(true);
      expect(await instanceOf(a)).toMatchObject({ intact: true, next: { kind: 'instance', key: b } });
      expect(await verdict('xdp')).toBe('drop');
      await expectCode(kernel.empty(testInstance(9, 'xdp').key), 'NOT_FOUND');
    });

    it('has no figures of what is not there', async () => {
      await expectCode(kernel.telemetry(testInstance(9, 'xdp').key, []), 'NOT_FOUND');
    });

    it('clears everything, twice', async () => {
      await chain('xdp', testInstance(1, 'xdp'), testInstance(2, 'xdp'));
      await chain('tcx/ingress', testInstance(3, 'tcx/ingress'));
      await chain('xdp/egress', testInstance(4, 'xdp/egress'));
      await kernel.clear();
      await kernel.clear();
      expect(await kernel.observe([DEVICE])).toEqual({ roots: [], instances: [], foreign: [] });
    });
  });
}

function root(hook: Hook): ChainNode {
  return { kind: 'root', device: DEVICE, hook };
}

export async function expectCode(attempt: Promise<unknown>, code: ErrorCode): Promise<void> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error instanceof UnderwareError ? error.code : error).toBe(code);
}
