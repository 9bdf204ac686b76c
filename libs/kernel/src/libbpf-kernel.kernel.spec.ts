import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BpfMap, BpfProgram, programIds, queryXdp } from '@underware/libbpf';
import { describeKernel } from '@underware/testkit';
import {
  describeContract,
  DEVICE,
  expectCode,
  FRAME,
  TEST_MANIFEST,
  testInstance,
} from './contract.spec-support.js';
import { indexOf } from './device.js';
import { LibbpfKernel } from './libbpf-kernel.js';
import { compile, createDevice, deleteDevice, Machine } from './machine.spec-support.js';

describeKernel(
  'LibbpfKernel',
  () => {
    describeContract(async () => new Machine());
    describe('on this kernel', () => {
      onThisKernel();
    });
  },
  ['root', 'bpf', 'tcx'],
);

const OTHER = `${DEVICE}2`;

function onThisKernel(): void {
  let machine: Machine;
  let kernel: LibbpfKernel;

  beforeAll(() => {
    machine = new Machine();
  });
  afterAll(() => machine.close());
  beforeEach(async () => {
    kernel = machine.kernel();
    await kernel.clear();
    createDevice(DEVICE);
  });

  const nothingLeft = async () => {
    expect((await kernel.observe()).instances).toEqual([]);
    expect(existsSync(machine.pin('staging')) ? readdirSync(machine.pin('staging')) : []).toEqual([]);
  };

  it('says how to mount a bpffs where there is none', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'uwt-no-bpffs-'));
    try {
      for (const bpffs of [directory, join(directory, 'absent')]) {
        const lost = new LibbpfKernel({
          bpffs,
          engineObject: { root: new Uint8Array(), deliver: new Uint8Array() },
        });
        await expect(lost.observe()).rejects.toMatchObject({
          code: 'BPFFS_MISSING',
          report: { on: bpffs, remedy: expect.stringContaining(`mount -t bpf bpf ${bpffs}`) },
        });
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('does not take a second name for the program of an instance', async () => {
    const instance = testInstance(1, 'xdp', { drop: 1 });
    await kernel.load(instance, machine.elf, TEST_MANIFEST);
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, instance.key);
    const stranger = `${'e'.repeat(16)}-00000001`;
    mkdirSync(machine.pin('instances', stranger));
    const program = BpfProgram.fromPin(machine.pin('instances', instance.key, 'prog'));
    await program.pin(machine.pin('instances', stranger, 'prog'));
    program.close();
    const { roots, instances } = await kernel.observe();
    expect(roots).toMatchObject([{ next: { kind: 'instance', key: instance.key } }]);
    expect(instances.find(({ key }) => key === stranger)).toMatchObject({ intact: false });
    // What nobody owns is unloaded: the chain stays.
    await kernel.unload(stranger);
    expect((await kernel.run(DEVICE, 'xdp', FRAME)).verdict).toBe('drop');
    expect((await kernel.observe()).instances.map(({ key }) => key)).toEqual([instance.key]);
  });

  it('gives the whole verifier log of a program that is refused, and leaves nothing', async () => {
    const wild = compile(`
      #include "uw_engine.h"
      SEC("xdp") int uwt_xdp(struct xdp_md *ctx) {
        return uw_xdp_continue(ctx, *(char *)(long)ctx->data);
      }
      char _license[] SEC("license") = "Dual BSD/GPL";
    `);
    const manifest = { ...TEST_MANIFEST, maps: {} };
    const instance = { ...testInstance(1, 'xdp'), config: { rodata: {}, maps: {}, mapSizes: {} } };
    await expect(kernel.load(instance, wild, manifest)).rejects.toMatchObject({
      code: 'VERIFIER_REJECTED',
      report: {
        why: expect.stringContaining('invalid access to packet'),
        detail: expect.stringMatching(/R\d.*pkt[\s\S]*processed \d+ insns/),
      },
    });
    await nothingLeft();
  });

  it.each([
    ['an unknown variable', { rodata: { absent: 1 }, maps: {}, mapSizes: {} }],
    ['an unknown field', { rodata: { uwt_config: { absent: 1 } }, maps: {}, mapSizes: {} }],
    [
      'a value that does not fit',
      { rodata: { uwt_config: { drop: -1, mark: 2 ** 40 } }, maps: {}, mapSizes: {} },
    ],
    [
      'an entry of another shape',
      { rodata: {}, maps: { marks: [{ key: 'x', value: { port: 1, colour: 2 } }] }, mapSizes: {} },
    ],
    ['more entries than fit', { rodata: {}, maps: { marks: marks(5) }, mapSizes: {} }],
    ['a size of an unknown map', { rodata: {}, maps: {}, mapSizes: { absent: 4 } }],
  ])('refuses %s, and leaves nothing', async (_what, config) => {
    const instance = { ...testInstance(1, 'xdp'), config };
    await expectCode(kernel.load(instance, machine.elf, TEST_MANIFEST), 'INPUT_INVALID');
    await nothingLeft();
  });

  it('fills config maps by field name, to the size asked for, and nobody alters them', async () => {
    const wanted = testInstance(1, 'xdp', { drop: 0, marks: marks(6) });
    wanted.config.mapSizes = { marks: 6 };
    await kernel.load(wanted, machine.elf, TEST_MANIFEST);
    const pin = machine.pin('instances', wanted.key, 'maps', 'marks');
    const map = BpfMap.fromPin(pin);
    const rows = [];
    for await (const [key, value] of map.entries()) rows.push({ key, value });
    map.close();
    expect(rows.sort((a, b) => Number(a.key) - Number(b.key))).toEqual(marks(6));
    const change = ['map', 'update', 'pinned', pin, 'key', '0', '0', '0', '0', 'value', '1', '0', '1', '0'];
    expect(() => execFileSync('bpftool', change, { stdio: 'pipe' })).toThrow(/not permitted/);
  });

  it('notices a map whose pin was taken or replaced', async () => {
    const { key } = testInstance(1, 'xdp');
    for (const replaced of [false, true]) {
      await kernel.load(testInstance(1, 'xdp'), machine.elf, TEST_MANIFEST);
      rmSync(machine.pin('instances', key, 'maps', 'marks'));
      if (replaced) {
        const like = ['key', '4', 'value', '4', 'entries', '4', 'name', 'uwt_marks'];
        const pin = machine.pin('instances', key, 'maps', 'marks');
        execFileSync('bpftool', ['map', 'create', pin, 'type', 'hash', ...like]);
      }
      const [instance] = (await kernel.observe()).instances;
      expect(instance).toMatchObject({ intact: false, reason: expect.stringContaining('pinned') });
    }
  });

  it('takes away what an interrupted change left, when it observes', async () => {
    await kernel.load(testInstance(1, 'xdp'), machine.elf, TEST_MANIFEST);
    mkdirSync(machine.pin('staging', '1-1', 'maps'), { recursive: true });
    const prog = machine.pin('instances', testInstance(1, 'xdp').key, 'prog');
    execFileSync('bpftool', ['prog', 'pin', 'pinned', prog, machine.pin('staging', '1-1', 'prog')]);
    await kernel.observe();
    expect(readdirSync(machine.pin('staging'))).toEqual([]);
    expect((await kernel.observe()).instances).toMatchObject([{ intact: true }]);
  });

  it('adds up counters over the CPUs by field name, without zeros and what traffic fills', async () => {
    const { key } = testInstance(1, 'xdp');
    await kernel.load(testInstance(1, 'xdp'), machine.elf, TEST_MANIFEST);
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, key);
    for (let i = 0; i < 3; i += 1) await kernel.run(DEVICE, 'xdp', FRAME);
    expect((await kernel.telemetry(key, ['seen', 'lengths'])).maps).toEqual({
      seen: [{ key: 0, value: { packets: 3, bytes: 3 * FRAME.byteLength } }],
    });
  });

  it('selects entries of what packets fill by a number in them, largest first', async () => {
    const { key } = testInstance(1, 'xdp');
    await kernel.load(testInstance(1, 'xdp'), machine.elf, TEST_MANIFEST);
    const map = BpfMap.fromPin(machine.pin('instances', key, 'maps', 'lengths'));
    for (let i = 1; i <= 50; i += 1) await map.set(i, { packets: 2 ** 40 + i, bytes: 100 - i });
    // The kernel may have made room already.
    const keys: number[] = [];
    for await (const [entry] of map.entries()) keys.push(Number(entry));
    map.close();
    keys.sort((x, y) => y - x);
    expect(keys.length).toBeGreaterThan(5);
    const select = (by: string, most: number, atLeast?: bigint) =>
      kernel.select(key, { map: 'lengths', by, most, ...(atLeast === undefined ? {} : { atLeast }) });
    const { rows, known } = await select('packets', 3);
    expect(rows).toEqual(
      keys.slice(0, 3).map((i) => ({ key: i, value: { packets: 2 ** 40 + i, bytes: 100 - i } })),
    );
    expect(known).toBe(keys.length);
    expect((await select('bytes', 2)).rows.map((row) => row.key)).toEqual(keys.slice(-2).reverse());
    const many = await select('packets', 100, 2n ** 40n + BigInt(keys[3] ?? 0));
    expect(many.rows.map((row) => row.key)).toEqual(keys.slice(0, 4));
    expect(await select('absent', 3)).toEqual({ rows: [], known: 0 });
    for (const other of ['seen', 'said', 'absent'])
      expect(await kernel.select(key, { map: other, by: 'packets', most: 3 })).toEqual({
        rows: [],
        known: 0,
      });
    await expectCode(
      kernel.select(`${'9'.repeat(16)}-00000000`, { map: 'm', by: 'b', most: 1 }),
      'NOT_FOUND',
    );
  });

  it('reads what an instance said, once and within a bound', async () => {
    const { key } = testInstance(1, 'xdp');
    const source = { map: 'said', struct: 'uwt_said' };
    await kernel.load(testInstance(1, 'xdp'), machine.elf, TEST_MANIFEST);
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, key);
    for (let i = 0; i < 3; i += 1) await kernel.run(DEVICE, 'xdp', FRAME);
    const record = { at_ns: 7, bytes: FRAME.length, mark: '01ab' };
    expect(await kernel.events(key, source, 2)).toEqual({ records: [record, record], lost: 1 });
    await kernel.run(DEVICE, 'xdp', FRAME);
    // Whoever reads next goes on where the one before stopped.
    expect(await machine.kernel().events(key, source, 2)).toEqual({ records: [record], lost: 0 });
    for (const wrong of [
      { map: 'seen', struct: 'uwt_said' },
      { map: 'absent', struct: 'uwt_said' },
      { map: 'said', struct: 'absent' },
    ])
      expect(await kernel.events(key, wrong, 2)).toEqual({ records: [], lost: 0 });
    const absent = kernel.events(`${'9'.repeat(16)}-00000000`, source, 2);
    await expectCode(absent, 'NOT_FOUND');
  });

  it('empties what packets filled and counted, and not what is configured', async () => {
    const marked = testInstance(1, 'xdp', { drop: 0, marks: [{ key: 7, value: { port: 80, colour: 2 } }] });
    const { key } = marked;
    await kernel.load(marked, machine.elf, TEST_MANIFEST);
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, key);
    await kernel.run(DEVICE, 'xdp', FRAME);
    const keysOf = (map: string): number => {
      const dumped = execFileSync('bpftool', [
        '-j',
        'map',
        'dump',
        'pinned',
        machine.pin('instances', key, 'maps', map),
      ]);
      return (JSON.parse(dumped.toString()) as unknown[]).length;
    };
    expect([keysOf('lengths'), keysOf('marks')]).toEqual([1, 1]);
    const before = Date.parse((await kernel.telemetry(key, [])).countsSince ?? '');
    await kernel.empty(key);
    expect(Date.parse((await kernel.telemetry(key, [])).countsSince ?? '')).toBeGreaterThan(before);
    expect([keysOf('lengths'), keysOf('marks')]).toEqual([0, 1]);
    expect((await kernel.telemetry(key, ['seen'])).maps).toEqual({ seen: [] });
    await kernel.run(DEVICE, 'xdp', FRAME);
    expect((await kernel.telemetry(key, ['seen'])).maps['seen']).toHaveLength(1);
  });

  it('says how much kernel memory an instance takes, its maps included', async () => {
    const small = testInstance(1, 'xdp');
    const large = testInstance(2, 'xdp');
    large.config.mapSizes = { seen: 4096 };
    for (const each of [small, large]) await kernel.load(each, machine.elf, TEST_MANIFEST);
    const [before = 0, after = 0] = await Promise.all(
      [small, large].map(async ({ key }) => (await kernel.telemetry(key, [])).memoryBytes),
    );
    expect(before).toBeGreaterThan(4096);
    // 4094 counters more, of 16 bytes for every CPU.
    expect(after - before).toBeGreaterThanOrEqual(4094 * 16);
  });

  it('notices another program behind its link, and takes the hook back', async () => {
    await kernel.attachRoot(DEVICE, 'xdp');
    const before = (await kernel.observe()).roots[0];
    await machine.replaceLinkProgram(DEVICE, 'xdp');
    const disturbed = await kernel.observe();
    expect(disturbed.roots).toMatchObject([{ attached: false, programId: before?.programId }]);
    expect(disturbed.foreign).toMatchObject([{ device: DEVICE, hook: 'xdp', name: 'uwt_foreign_xdp' }]);
    await kernel.attachRoot(DEVICE, 'xdp');
    expect(await kernel.observe()).toMatchObject({ roots: [before], foreign: [] });
  });

  it.each([
    ['engine', 'xdp', 'prog'],
    ['engine', 'xdp', 'uw_next'],
    ['engine', 'xdp', 'uw_devices'],
    ['engine', 'xdp', 'uw_slots'],
    ['roots', DEVICE, 'xdp', 'link'],
  ])('makes a root whole again that lost its pin %s/%s/%s', async (...pin) => {
    await kernel.attachRoot(DEVICE, 'xdp');
    rmSync(machine.pin(...pin));
    // Until the kernel has dropped a link without pins, its program still holds the device.
    await eventually(async () => {
      expect((await kernel.observe()).roots).toMatchObject([{ attached: false }]);
      await kernel.attachRoot(DEVICE, 'xdp');
    });
    expect(await kernel.observe()).toMatchObject({
      roots: [{ device: DEVICE, attached: true }],
      foreign: [],
    });
    expect((await queryXdp(indexOf(DEVICE) ?? 0)).programs).toHaveLength(1);
  });

  it('keeps the chains of all devices when the program that they share lost its pin', async () => {
    const { key } = testInstance(1, 'xdp', { drop: 1, marks: [] });
    await kernel.load(testInstance(1, 'xdp', { drop: 1, marks: [] }), machine.elf, TEST_MANIFEST);
    createDevice(OTHER);
    try {
      for (const device of [DEVICE, OTHER]) {
        execFileSync('ip', ['link', 'set', device, 'addrgenmode', 'none', 'up']);
        await kernel.attachRoot(device, 'xdp');
        await kernel.setNext({ kind: 'root', device, hook: 'xdp' }, key);
      }
      rmSync(machine.pin('engine', 'xdp', 'prog'));
      await kernel.attachRoot(DEVICE, 'xdp');
      expect((await kernel.observe()).roots).toMatchObject(
        [DEVICE, OTHER].map((device) => ({ device, attached: true, next: { kind: 'instance', key } })),
      );
      for (const device of [DEVICE, OTHER]) {
        expect((await kernel.run(device, 'xdp', FRAME)).verdict).toBe('drop');
      }
    } finally {
      deleteDevice(OTHER);
    }
  });

  it('gives devices chains of their own behind one program, and a slot to the next when one goes', async () => {
    const dropped = testInstance(1, 'xdp', { drop: 1, marks: [] });
    await kernel.load(dropped, machine.elf, TEST_MANIFEST);
    createDevice(OTHER);
    try {
      for (const device of [DEVICE, OTHER]) {
        execFileSync('ip', ['link', 'set', device, 'addrgenmode', 'none', 'up']);
        await kernel.attachRoot(device, 'xdp');
      }
      await kernel.setNext({ kind: 'root', device: OTHER, hook: 'xdp' }, dropped.key);
      expect((await kernel.run(DEVICE, 'xdp', FRAME)).verdict).toBe('pass');
      expect((await kernel.run(OTHER, 'xdp', FRAME)).verdict).toBe('drop');
      const [first, second] = (await kernel.observe()).roots;
      expect(first?.programId).toBe(second?.programId);
      await kernel.detachRoot(OTHER, 'xdp');
      await kernel.attachRoot(OTHER, 'xdp');
      expect((await kernel.observe()).roots).toMatchObject([
        { next: { kind: 'end' } },
        { next: { kind: 'end' } },
      ]);
    } finally {
      deleteDevice(OTHER);
    }
  });

  it('names a program that was attached without a link', async () => {
    const file = join(tmpdir(), `uwt-foreign-${process.pid}.o`);
    writeFileSync(file, machine.foreign);
    try {
      execFileSync('ip', ['link', 'set', DEVICE, 'xdp', 'obj', file, 'sec', 'xdp']);
    } finally {
      rmSync(file);
    }
    await expectCode(kernel.attachRoot(DEVICE, 'xdp'), 'HOOK_BUSY');
    expect((await kernel.observe([DEVICE])).foreign).toMatchObject([
      { hook: 'xdp', name: 'uwt_foreign_xdp' },
    ]);
    execFileSync('ip', ['link', 'set', DEVICE, 'xdp', 'off']);
  });

  it('tells the program which device a test packet came in on, where the device is up', async () => {
    const source = `
      #include "uw_engine.h"
      SEC("xdp") int uwt_xdp(struct xdp_md *ctx) {
        return uw_xdp_continue(ctx, ctx->ingress_ifindex == ${indexOf(DEVICE)} ? XDP_DROP : XDP_PASS);
      }
      SEC("tc") int uwt_tcx(struct __sk_buff *ctx) {
        return uw_tc_continue(ctx, ctx->ifindex == ${indexOf(DEVICE)} ? TC_ACT_SHOT : TC_ACT_OK);
      }
      char _license[] SEC("license") = "Dual BSD/GPL";
    `;
    const elf = compile(source);
    execFileSync('ip', ['link', 'set', DEVICE, 'addrgenmode', 'none', 'up']);
    for (const hook of ['xdp', 'tcx/egress'] as const) {
      const instance = { ...testInstance(1, hook), config: { rodata: {}, maps: {}, mapSizes: {} } };
      await kernel.clear();
      await kernel.load(instance, elf, { ...TEST_MANIFEST, maps: {} });
      await kernel.attachRoot(DEVICE, hook);
      await kernel.setNext({ kind: 'root', device: DEVICE, hook }, instance.key);
      expect([hook, (await kernel.run(DEVICE, hook, FRAME)).verdict]).toEqual([hook, 'drop']);
    }
  });

  it('attaches generic XDP where the driver has none', async () => {
    createDevice('uwtk-bridge', 'bridge');
    try {
      await kernel.attachRoot('uwtk-bridge', 'xdp');
      const [root] = (await kernel.observe()).roots;
      expect(root).toMatchObject({ device: 'uwtk-bridge', attached: true });
      expect(await queryXdp(indexOf('uwtk-bridge') ?? 0)).toMatchObject({
        programs: [{ id: root?.programId, mode: 'generic' }],
      });
    } finally {
      deleteDevice('uwtk-bridge');
    }
  });

  it.each([
    [3506, 'native'],
    [3507, 'generic'],
    [9000, 'generic'],
  ])('attaches at an MTU of %i in %s mode, whatever the driver takes', async (mtu, mode) => {
    createDevice('uwtk-jumbo');
    try {
      for (const device of ['uwtk-jumbo', 'uwtk-jumbop'])
        execFileSync('ip', ['link', 'set', device, 'mtu', String(mtu)]);
      await kernel.attachRoot('uwtk-jumbo', 'xdp');
      expect((await kernel.observe()).roots).toMatchObject([{ device: 'uwtk-jumbo', attached: true }]);
      expect(await queryXdp(indexOf('uwtk-jumbo') ?? 0)).toMatchObject({ programs: [{ mode }] });
    } finally {
      deleteDevice('uwtk-jumbo');
    }
  });

  it('chains on a device whose name bpffs would refuse', async () => {
    createDevice('uwtk-a.1');
    try {
      await kernel.attachRoot('uwtk-a.1', 'xdp');
      expect((await kernel.observe()).roots).toMatchObject([{ device: 'uwtk-a.1', attached: true }]);
    } finally {
      deleteDevice('uwtk-a.1');
    }
  });

  it('leaves no program and no pin behind when it clears', async () => {
    await kernel.load(testInstance(1, 'xdp'), machine.elf, TEST_MANIFEST);
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.attachRoot(DEVICE, 'tcx/egress');
    const { roots, instances } = await kernel.observe();
    const ours = [...roots, ...instances].map(({ programId }) => programId);
    await kernel.clear();
    expect(existsSync(machine.pin())).toBe(false);
    // The kernel frees programs after a grace period.
    await eventually(async () => {
      expect(ours.filter((id) => programIds().includes(id))).toEqual([]);
    });
  });
}

function marks(count: number) {
  return Array.from({ length: count }, (_, key) => ({ key, value: { port: 80 + key, colour: key } }));
}

/** Repeats an expectation until it holds or five seconds have passed. */
async function eventually(expectation: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 5000;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
