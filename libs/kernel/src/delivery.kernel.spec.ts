import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { existsSync, rmSync } from 'node:fs';
import type { DesiredInstance, PluginManifest, Verdict } from '@underware/core';
import { describeKernel } from '@underware/testkit';
import { DEVICE, FRAME, testInstance, TEST_MANIFEST } from './contract.spec-support.js';
import type { LibbpfKernel } from './libbpf-kernel.js';
import { compile, Machine } from './machine.spec-support.js';

const TARGET = 'uwtk-port1';

/** Delivers every packet to one port. */
const SOURCE = `
#include "uw_deliver.h"
struct to_config { struct uw_port_name port; };
const volatile struct to_config to_config = {};
SEC("xdp") int uwt_deliver(struct xdp_md *ctx) {
  return uw_xdp_deliver(ctx, (const struct uw_port_name *)&to_config.port);
}
char _license[] SEC("license") = "Dual BSD/GPL";
`;

const MANIFEST: PluginManifest = {
  ...TEST_MANIFEST,
  name: 'uwt-deliver',
  programs: [{ name: 'uwt_deliver', hook: 'xdp' }],
  maps: {},
};

describeKernel('delivery', () => {
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
    for (const device of [DEVICE, TARGET]) await machine.createDevice(device);
  });

  const deliverer: DesiredInstance = {
    ...testInstance(1, 'xdp'),
    program: 'uwt_deliver',
    config: { rodata: { to_config: { port: { name: TARGET } } }, maps: {}, mapSizes: {} },
  };

  /** What is received on DEVICE goes to TARGET. */
  async function deliver(): Promise<void> {
    await kernel.load(deliverer, elf, MANIFEST);
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, deliverer.key);
  }

  async function guard(drop: 0 | 1): Promise<string> {
    const instance = testInstance(2 + drop, 'xdp/egress', { drop });
    await kernel.load(instance, machine.elf, TEST_MANIFEST);
    await kernel.setNext({ kind: 'root', device: TARGET, hook: 'xdp/egress' }, instance.key);
    return instance.key;
  }

  const verdict = async (): Promise<Verdict> => (await kernel.run(DEVICE, 'xdp', FRAME)).verdict;
  const counted = async (key: string) => {
    const { verdicts } = await kernel.telemetry(key, []);
    return Object.entries(verdicts).flatMap(([name, { packets }]) => (packets > 0 ? [[name, packets]] : []));
  };

  it('drops and counts what is for a port that the host does not have', async () => {
    await deliver();
    expect(await verdict()).toBe('drop');
    expect(await counted(deliverer.key)).toEqual([['drop', 1]]);
  });

  it('hands packets to a port with an empty chain', async () => {
    await deliver();
    await kernel.attachRoot(TARGET, 'xdp/egress');
    expect(await verdict()).toBe('redirect');
    expect(await counted(deliverer.key)).toEqual([['redirect', 1]]);
  });

  it("lets the port's chain decide, whichever was there first", async () => {
    await kernel.attachRoot(TARGET, 'xdp/egress');
    const passing = await guard(0);
    await deliver();
    expect(await verdict()).toBe('redirect');
    const dropping = await guard(1);
    expect(await verdict()).toBe('drop');
    expect(await counted(passing)).toEqual([['pass', 1]]);
    expect(await counted(dropping)).toEqual([['drop', 1]]);
    // The one between them is not the last any more, then it is again.
    await kernel.setNext({ kind: 'root', device: TARGET, hook: 'xdp/egress' }, passing);
    await kernel.setNext({ kind: 'instance', key: passing }, dropping);
    expect(await verdict()).toBe('drop');
    await kernel.setNext({ kind: 'instance', key: passing }, null);
    expect(await verdict()).toBe('redirect');
  });

  it('aborts and counts a packet that the kernel has no call left for', async () => {
    await kernel.attachRoot(TARGET, 'xdp/egress');
    await deliver();
    // The way in takes one, the exit the last.
    const many = Array.from({ length: 32 }, (_, i) => testInstance(100 + i, 'xdp/egress'));
    let node: Parameters<LibbpfKernel['setNext']>[0] = { kind: 'root', device: TARGET, hook: 'xdp/egress' };
    for (const instance of many) {
      expect(await verdict()).toBe('redirect');
      await kernel.load(instance, machine.elf, TEST_MANIFEST);
      await kernel.setNext(node, instance.key);
      node = { kind: 'instance', key: instance.key };
    }
    const [last] = many.slice(-1);
    expect(await verdict()).toBe('aborted');
    expect(await counted(last?.key ?? '')).toEqual([
      ['pass', 1],
      ['aborted', 1],
    ]);
  });

  it('goes on delivering when the one that delivers is emptied', async () => {
    await kernel.attachRoot(TARGET, 'xdp/egress');
    await deliver();
    expect(await verdict()).toBe('redirect');
    await kernel.empty(deliverer.key);
    expect(await counted(deliverer.key)).toEqual([]);
    expect(await verdict()).toBe('redirect');
  });

  it('stops delivering when the port is taken down', async () => {
    await kernel.attachRoot(TARGET, 'xdp/egress');
    await deliver();
    await kernel.detachRoot(TARGET, 'xdp/egress');
    expect(await verdict()).toBe('drop');
  });

  it('leaves nothing when the last that delivers is gone', async () => {
    await kernel.attachRoot(TARGET, 'xdp/egress');
    await deliver();
    await kernel.detachRoot(TARGET, 'xdp/egress');
    expect(existsSync(machine.pin('engine', 'xdp-egress'))).toBe(true);
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, null);
    await kernel.unload(deliverer.key);
    expect(existsSync(machine.pin('engine', 'xdp-egress'))).toBe(false);
  });

  it('finds the port again when its device was made anew', async () => {
    await kernel.attachRoot(TARGET, 'xdp/egress');
    await guard(0);
    await deliver();
    await machine.deleteDevice(TARGET);
    expect(await verdict()).not.toBe('redirect');
    await machine.createDevice(TARGET);
    await kernel.attachRoot(TARGET, 'xdp/egress');
    expect(await verdict()).toBe('redirect');
  });

  it("notices that the engine's pins were removed, and mends", async () => {
    await kernel.attachRoot(TARGET, 'xdp/egress');
    const dropping = await guard(1);
    await deliver();
    rmSync(machine.pin('engine', 'xdp-egress'), { recursive: true });
    const { roots, instances } = await kernel.observe();
    expect(roots.find(({ device }) => device === TARGET)).toMatchObject({ attached: false });
    expect(instances.find(({ key }) => key === deliverer.key)).toMatchObject({ intact: false });
    await kernel.attachRoot(TARGET, 'xdp/egress');
    await kernel.setNext({ kind: 'root', device: TARGET, hook: 'xdp/egress' }, dropping);
    await kernel.load(deliverer, elf, MANIFEST);
    expect(await verdict()).toBe('drop');
    expect((await kernel.observe()).instances.every(({ intact }) => intact)).toBe(true);
  });
});
