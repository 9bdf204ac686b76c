import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DesiredInstance, Hook, InstanceConfig, PluginManifest } from '@underware/core';
import { BpfMap, BpfProgram, mapIds, programIds } from '@underware/libbpf';
import { buildPacket } from '@underware/packet';
import { describeKernel, readObject, waitFor } from '@underware/testkit';
import { compileUnderservice, labelTelemetry } from '@underware/underservices';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { lend } from './bpf-call.js';
import { DEVICE, testInstance, TEST_MANIFEST } from './contract.spec-support.js';
import type { InstanceSource, Shadow } from './kernel.js';
import type { LibbpfKernel } from './libbpf-kernel.js';
import { Machine } from './machine.spec-support.js';

const TARGET = 'uwtk-port1';
const SENDER = { mac: '02:00:00:00:00:0a', v4: '10.71.0.7' };
const WEB = { mac: '02:00:00:00:00:0b', v4: '10.71.0.10' };

const RULES = {
  default: 'deny',
  connections: 64,
  rules: [
    { name: 'no-telnet', from: 'any', to: 'any', protocol: 'tcp', ports: '23', action: 'deny', log: 0 },
    { name: 'site', from: 'any', to: 'any', protocol: 'tcp', ports: '8080', action: 'allow', log: 0 },
  ],
};

const segment = {
  vni: 5000,
  mtu: 1450,
  stations: [
    { port: 'sender', mac: SENDER.mac, addresses: [SENDER.v4], at: { device: DEVICE } },
    { port: 'web', mac: WEB.mac, addresses: [WEB.v4], at: { device: TARGET } },
  ],
};

interface Plugin {
  elf: Uint8Array;
  manifest: PluginManifest;
}

/** The switch and the firewall of the catalogue, as a segment of two ports has them. */
describeKernel('a shadow of a chain', () => {
  let machine: Machine;
  let kernel: LibbpfKernel;
  let plugins: Record<'firewall' | 'switch' | 'uwt-judge', Plugin>;
  const loaded = new Map<string, DesiredInstance>();
  const source: InstanceSource = async (key) => {
    const instance = loaded.get(key);
    const plugin = plugins[(instance?.plugin.name ?? '') as keyof typeof plugins];
    return instance && plugin ? { instance, ...plugin } : undefined;
  };
  const shadows: Shadow[] = [];
  const shadow = (): Shadow => {
    const made = kernel.shadow(source);
    shadows.push(made);
    return made;
  };

  beforeAll(async () => {
    machine = new Machine();
    const [firewall, bridge] = await Promise.all([catalogued('firewall'), catalogued('switch')]);
    plugins = { firewall, switch: bridge, 'uwt-judge': { elf: machine.elf, manifest: TEST_MANIFEST } };
  });
  afterAll(() => machine.close());
  beforeEach(async () => {
    for (const made of shadows.splice(0)) made.close();
    kernel = machine.kernel();
    await kernel.clear();
    loaded.clear();
    for (const device of [DEVICE, TARGET]) await machine.createDevice(device);
  });

  async function load(
    id: number,
    kind: 'firewall' | 'switch',
    hook: Hook,
    direction: 'inbound' | 'outbound',
    port: string,
  ): Promise<string> {
    const model = kind === 'firewall' ? RULES : {};
    const binding = { port, direction, hook, addresses: new Map(), segment };
    const config: InstanceConfig = compileUnderservice(kind, model, binding);
    const program = hook.startsWith('xdp') ? `${kind}_xdp` : `${kind}_tcx`;
    const plugin = { ...testInstance(id, hook).plugin, name: kind };
    const instance = { ...testInstance(id, hook), plugin, program, config, stateOwner: 'ab'.repeat(8) };
    loaded.set(instance.key, instance);
    const { elf, manifest } = plugins[kind];
    await kernel.load(instance, elf, manifest);
    return instance.key;
  }

  /** What the sender's port has on its way out, and what the web's has on its way in. */
  async function segmentOfTwo() {
    const guard = await load(1, 'firewall', 'xdp/egress', 'inbound', 'web');
    await kernel.attachRoot(TARGET, 'xdp/egress');
    await kernel.setNext({ kind: 'root', device: TARGET, hook: 'xdp/egress' }, guard);
    const bridge = await load(2, 'switch', 'xdp', 'outbound', 'sender');
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, bridge);
    return { guard, bridge };
  }

  const connections = async (key: string): Promise<number> =>
    lend(BpfMap.fromPin(machine.stateOf(key, 'pending')), async (map) => {
      let count = 0;
      for await (const _ of map.rawEntries()) count += 1;
      return count;
    });
  const figures = async (...keys: string[]) =>
    Promise.all(keys.map((key) => kernel.telemetry(key, ['counters', 'rule_counters'])));

  it('tells what each instance did and by which rule, across a delivery', async () => {
    const { guard, bridge } = await segmentOfTwo();
    const { verdict, hops } = await shadow().run(DEVICE, 'xdp', packet(23));
    expect(verdict).toBe('drop');
    expect(hops.map(({ device, hook, key, verdict: at }) => [device, hook, key, at])).toEqual([
      [DEVICE, 'xdp', bridge, 'redirect'],
      [TARGET, 'xdp/egress', guard, 'drop'],
    ]);
    expect(named('switch', hops[0]?.maps)).toEqual(['local']);
    expect(named('firewall', hops[1]?.maps)).toEqual(['no-telnet']);
  });

  it('says that what passes the chain of the port leaves by it', async () => {
    await segmentOfTwo();
    const { verdict, hops, packet: out } = await shadow().run(DEVICE, 'xdp', packet(8080));
    expect(verdict).toBe('redirect');
    expect(hops.map((hop) => hop.verdict)).toEqual(['redirect', 'pass']);
    expect(named('firewall', hops[1]?.maps)).toEqual(['opened', 'site']);
    expect(Buffer.from(out).equals(packet(8080))).toBe(true);
  });

  it('changes no counter and no connection of the live chain, and leaves nothing loaded', async () => {
    const { guard, bridge } = await segmentOfTwo();
    await kernel.run(DEVICE, 'xdp', packet(8080));
    const before = await figures(guard, bridge);
    expect(await connections(guard)).toBe(1);
    const [programs, maps] = [new Set(programIds()), new Set(mapIds())];
    const copy = shadow();
    for (const port of [8080, 8081, 23]) await copy.run(DEVICE, 'xdp', packet(port));
    const copies = await copiesInKernel(programs);
    expect(copies).toHaveLength(2);
    copy.close();
    expect(await figures(guard, bridge)).toEqual(before);
    expect(await connections(guard)).toBe(1);
    const own = copies.flatMap((each) => each.mapIds).filter((id) => !maps.has(id));
    expect(own.length).toBeGreaterThan(10);
    await waitFor('the copies to go', () => {
      const [programsNow, mapsNow] = [programIds(), mapIds()];
      return !copies.some(({ id }) => programsNow.includes(id)) && !own.some((id) => mapsNow.includes(id));
    });
  });

  it('knows the connections that the live chain knows, and those of its own packets', async () => {
    await segmentOfTwo();
    const stray = packet(8080, ['ack']);
    const rules = async (copy: Shadow) =>
      named('firewall', (await copy.run(DEVICE, 'xdp', stray)).hops[1]?.maps);
    const unknown = await rules(shadow());
    await kernel.run(DEVICE, 'xdp', packet(8080));
    expect(await rules(shadow())).not.toEqual(unknown);
  });

  it('counts each packet by itself, whatever traffic there is', async () => {
    const { guard } = await segmentOfTwo();
    const copy = shadow();
    for (let i = 0; i < 3; i += 1) {
      await kernel.run(DEVICE, 'xdp', packet(8080));
      const { hops } = await copy.run(DEVICE, 'xdp', packet(23));
      expect(hops[1]).toMatchObject({
        key: guard,
        maps: { rule_counters: [{ key: 0, value: { packets: 1 } }] },
      });
    }
  });

  it('runs a chain of the host’s own way to a port, and one that is empty', async () => {
    const guard = await load(3, 'firewall', 'tcx/egress', 'inbound', 'web');
    await kernel.attachRoot(DEVICE, 'tcx/egress');
    expect(await shadow().run(DEVICE, 'tcx/egress', packet(23))).toMatchObject({ verdict: 'pass', hops: [] });
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'tcx/egress' }, guard);
    const { verdict, hops } = await shadow().run(DEVICE, 'tcx/egress', packet(23));
    expect(verdict).toBe('drop');
    expect(named('firewall', hops[0]?.maps)).toEqual(['no-telnet']);
  });

  it('refuses a chain with something in it that it cannot copy, or that is not there', async () => {
    await expect(shadow().run(DEVICE, 'xdp', packet(23))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await segmentOfTwo();
    loaded.clear();
    await expect(shadow().run(DEVICE, 'xdp', packet(23))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await machine.replaceNext(DEVICE, 'xdp');
    await expect(shadow().run(DEVICE, 'xdp', packet(23))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});

async function catalogued(name: string): Promise<Plugin> {
  const file = new URL(`../../../bpf/${name}/plugin.yaml`, import.meta.url);
  return { elf: await readObject(name), manifest: parse(readFileSync(file, 'utf8')) as PluginManifest };
}

/** What it counted, in the author's words. */
function named(kind: string, maps: Record<string, { key: unknown; value: unknown }[]> = {}): string[] {
  const labelled = labelTelemetry(kind, RULES, maps);
  return Object.values(labelled).flatMap((rows) =>
    rows.flatMap(({ label, value }) =>
      label !== undefined && (value as { packets: number }).packets > 0 ? [label] : [],
    ),
  );
}

function packet(port: number, tcpFlags: ('syn' | 'ack')[] = ['syn']): Uint8Array {
  return buildPacket(
    { protocol: 'tcp', source: SENDER.v4, destination: WEB.v4, destinationPort: port, tcpFlags },
    { sourceMac: SENDER.mac, destinationMac: WEB.mac },
  );
}

/** Programs of the catalogue in the kernel, with the ids of their maps. */
async function copiesInKernel(before: ReadonlySet<number>): Promise<{ id: number; mapIds: number[] }[]> {
  const found: { id: number; mapIds: number[] }[] = [];
  for (const id of programIds()) {
    if (before.has(id)) continue;
    const { name, mapIds: maps } = await lend(BpfProgram.fromId(id), ({ info }) => info);
    if (['switch_xdp', 'firewall_xdp'].includes(name)) found.push({ id, mapIds: maps });
  }
  return found;
}
