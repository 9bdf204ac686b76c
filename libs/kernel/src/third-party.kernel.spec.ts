import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DesiredInstance, Hook, MapEntry, PluginManifest } from '@underware/core';
import { programIds } from '@underware/libbpf';
import { describeKernel, waitFor } from '@underware/testkit';
import { existsSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DEVICE, DIGEST, FRAME, TEST_MANIFEST, testInstance } from './contract.spec-support.js';
import type { LibbpfKernel } from './libbpf-kernel.js';
import { compile, createDevice, Machine } from './machine.spec-support.js';

/** As others write them: no header of ours, a map that wants to be pinned by name, global variables, a chain of its own. */
const SOURCE = `
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __uint(pinning, LIBBPF_PIN_BY_NAME);
  __type(key, __u16); __type(value, __u32); } uwt_denied SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 4);
  __type(key, __u32); __type(value, __u32); } uwt_progs SEC(".maps");
const volatile __u32 uwt_longest = 1500;
__u64 uwt_runs = 0;
static __always_inline int denied(void *data, void *end) {
  __u16 *type = data + 12;
  __sync_fetch_and_add(&uwt_runs, 1);
  if ((void *)(type + 1) > end) return 0;
  __u16 key = *type;
  return end - data > uwt_longest || bpf_map_lookup_elem(&uwt_denied, &key) != 0;
}
SEC("xdp") int uwt_last(struct xdp_md *ctx) {
  return denied((void *)(long)ctx->data, (void *)(long)ctx->data_end) ? XDP_DROP : XDP_PASS;
}
SEC("xdp") int uwt_chained(struct xdp_md *ctx) {
  if (denied((void *)(long)ctx->data, (void *)(long)ctx->data_end)) return XDP_DROP;
  bpf_tail_call(ctx, &uwt_progs, 0);
  return XDP_PASS;
}
SEC("tc") int uwt_classify(struct __sk_buff *ctx) {
  return denied((void *)(long)ctx->data, (void *)(long)ctx->data_end) ? TC_ACT_SHOT : TC_ACT_OK;
}
char _license[] SEC("license") = "GPL";
`;

const MANIFEST: PluginManifest = {
  name: 'uwt-third',
  version: '1.2.3',
  summary: 'Denies types of frames',
  license: 'GPL-2.0-only',
  implements: 'program',
  order: 'filter',
  programs: [
    { name: 'uwt_last', hook: 'xdp' },
    { name: 'uwt_chained', hook: 'xdp' },
    { name: 'uwt_classify', hook: 'tcx' },
  ],
  maps: { uwt_denied: { role: 'config', scope: 'instance', description: 'Types of frames' } },
  thirdParty: {},
};
const CHAINED: PluginManifest = { ...MANIFEST, thirdParty: { next: 'uwt_progs' } };
/** As the 16 bits lie in memory. */
const IPV4 = new Uint16Array(Uint8Array.of(8, 0).buffer)[0] ?? 0;
const DENY_IPV4: MapEntry[] = [{ key: IPV4, value: 1 }];

function third(program: string, hook: Hook, denied: MapEntry[] = [], longest?: number): DesiredInstance {
  const instance = testInstance(9, hook);
  return {
    ...instance,
    plugin: { name: MANIFEST.name, version: MANIFEST.version, digest: DIGEST },
    program,
    config: {
      rodata: longest === undefined ? {} : { uwt_longest: longest },
      maps: denied.length > 0 ? { uwt_denied: denied } : {},
      mapSizes: {},
    },
  };
}

describeKernel('a program of others', () => {
  let machine: Machine;
  let kernel: LibbpfKernel;
  let elf: Uint8Array;

  beforeAll(() => {
    machine = new Machine();
    elf = compile(SOURCE);
  });
  afterAll(() => machine.close());
  beforeEach(async () => {
    kernel = machine.kernel();
    await kernel.clear();
    createDevice(DEVICE);
  });

  /** The instances are loaded already. */
  async function chain(hook: Hook, ...keys: string[]): Promise<void> {
    await kernel.attachRoot(DEVICE, hook);
    for (const [at, key] of [...keys.entries()].reverse()) {
      const before = keys[at - 1];
      await kernel.setNext(
        before === undefined ? { kind: 'root', device: DEVICE, hook } : { kind: 'instance', key: before },
        key,
      );
    }
  }

  const verdict = async (hook: Hook = 'xdp') => (await kernel.run(DEVICE, hook, FRAME)).verdict;

  it('is the last of a chain, known by what the kernel holds of it, and leaves nothing', async () => {
    const before = new Set(programIds());
    const judge = testInstance(1, 'xdp');
    const last = third('uwt_last', 'xdp', DENY_IPV4);
    await kernel.load(judge, machine.elf, TEST_MANIFEST);
    await kernel.load(last, elf, MANIFEST);
    expect(existsSync('/sys/fs/bpf/uwt_denied')).toBe(false);
    await chain('xdp', judge.key, last.key);
    expect(await verdict()).toBe('drop');

    // As an agent sees it that starts anew.
    const { instances } = await machine.kernel().observe();
    expect(instances.find(({ key }) => key === last.key)).toMatchObject({
      pluginDigest: DIGEST,
      intact: true,
      next: { kind: 'end' },
    });
    expect(await kernel.chains()).toEqual([
      {
        device: DEVICE,
        hook: 'xdp',
        hops: [
          { kind: 'instance', key: judge.key },
          { kind: 'instance', key: last.key },
        ],
      },
    ]);
    expect((await kernel.telemetry(judge.key, [])).verdicts['pass']?.packets).toBe(1);
    expect((await kernel.telemetry(last.key, [])).memoryBytes).toBeGreaterThan(0);

    await kernel.setNext({ kind: 'instance', key: judge.key }, null);
    expect(await verdict()).toBe('pass');
    await kernel.clear();
    // The kernel frees them after a grace period.
    await waitFor('its programs to be gone', async () => {
      expect(programIds().filter((id) => !before.has(id))).toEqual([]);
      return true;
    });
  });

  it('is configured by its variables and maps', async () => {
    const strict = third('uwt_last', 'xdp', [], 60);
    await kernel.load(strict, elf, MANIFEST);
    await chain('xdp', strict.key);
    expect(await verdict()).toBe('drop');
    const wrong: DesiredInstance = { ...testInstance(8, 'xdp'), program: 'uwt_last' };
    await expect(
      kernel.load({ ...wrong, config: { rodata: { uwt_none: 1 }, maps: {}, mapSizes: {} } }, elf, MANIFEST),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID', report: { why: expect.stringContaining('uwt_none') } });
  });

  it('hands on what it passes where it has a chain of its own', async () => {
    const open = third('uwt_chained', 'xdp');
    const judge = testInstance(1, 'xdp', { drop: 1 });
    await kernel.load(open, elf, CHAINED);
    await kernel.load(judge, machine.elf, TEST_MANIFEST);
    await chain('xdp', open.key, judge.key);
    expect(await verdict()).toBe('drop');
    expect((await machine.kernel().observe()).instances.find(({ key }) => key === open.key)).toMatchObject({
      next: { kind: 'instance', key: judge.key },
      intact: true,
    });
    expect((await kernel.telemetry(judge.key, [])).verdicts['drop']?.packets).toBe(1);
  });

  it('runs at the end of a TCX chain', async () => {
    const judge = testInstance(1, 'tcx/egress');
    const last = third('uwt_classify', 'tcx/egress', DENY_IPV4);
    await kernel.load(judge, machine.elf, TEST_MANIFEST);
    await kernel.load(last, elf, MANIFEST);
    await chain('tcx/egress', judge.key, last.key);
    expect(await verdict('tcx/egress')).toBe('drop');
  });

  it('is not whole without its identity', async () => {
    const last = third('uwt_last', 'xdp');
    await kernel.load(last, elf, MANIFEST);
    const pins = machine.pin('instances', last.key);
    expect(readdirSync(join(pins, 'maps')).sort()).toEqual([
      '%2ebss',
      '%2erodata',
      'uw_next',
      'uwt_denied',
      'uwt_progs',
    ]);
    await kernel.load(testInstance(1, 'xdp'), machine.elf, TEST_MANIFEST);
    unlinkSync(join(pins, 'rodata'));
    expect((await kernel.observe()).instances.find(({ key }) => key === last.key)).toMatchObject({
      intact: false,
      reason: 'pin rodata is missing',
    });
  });
});
