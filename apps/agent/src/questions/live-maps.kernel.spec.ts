import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DesiredInstance, PluginManifest } from '@underware/core';
import { InstanceMaps, LibbpfKernel } from '@underware/kernel';
import { buildPacket } from '@underware/packet';
import { describeKernel, objectPath, readObject } from '@underware/testkit';
import { compileUnderservice, firewallRuleName, FIREWALL_STATES } from '@underware/underservices';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { MemoryHost, serviceSlice } from '../memory-host.spec-support.js';
import { answerConnections, answerFlush } from './answer-connections.js';
import { answerMapEdit, answerMapRows, answerMaps } from './answer-maps.js';
import type { AskedOf } from './asked-of.js';

const DEVICE = 'uwt-livemap0';
const MOUNT = join(tmpdir(), 'uwt-live-maps-');
const ANY = { offset: 0, limit: 100 };

const MODEL = {
  default: 'deny',
  connections: 64,
  rules: [{ name: 'site', from: 'any', to: 'any', protocol: 'tcp', ports: '8080', action: 'allow', log: 0 }],
};

/** The maps of a firewall that packets came to, as an operator looks at them. */
describeKernel('maps of a live firewall', () => {
  let bpffs: string;
  let kernel: LibbpfKernel;
  let instance: DesiredInstance;
  let asked: AskedOf;

  beforeAll(async () => {
    sweep();
    bpffs = mkdtempSync(MOUNT);
    execFileSync('mount', ['-t', 'bpf', 'bpf', bpffs]);
    execFileSync('ip', ['link', 'add', DEVICE, 'type', 'veth', 'peer', 'name', `${DEVICE}p`]);
    kernel = new LibbpfKernel({ bpffs, engineObject: objectPath('root') });
    const file = new URL('../../../../bpf/firewall/plugin.yaml', import.meta.url);
    const manifest = parse(readFileSync(file, 'utf8')) as PluginManifest;
    const slice = serviceSlice(1);
    const [planned] = slice.slice.instances;
    if (!planned) throw new Error('the slice has no instance');
    const binding = { port: 'web', direction: 'inbound', hook: 'xdp', addresses: new Map() } as const;
    const config = compileUnderservice('firewall', MODEL, binding);
    instance = { ...planned, program: 'firewall_xdp', config, stateOwner: 'ab'.repeat(8) };
    slice.slice.instances = [instance];
    const host = MemoryHost.make();
    host.manifestOf = async () => manifest;
    asked = { host, maps: new InstanceMaps(bpffs), slices: async () => [slice] };
    await kernel.load(instance, await readObject('firewall'), manifest);
    await kernel.attachRoot(DEVICE, 'xdp');
    await kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, instance.key);
    for (const [from, port] of [
      ['192.0.2.7', 40_000],
      ['192.0.2.8', 40_001],
      ['2001:db8::7', 40_002],
    ] as const)
      await kernel.run(DEVICE, 'xdp', packet(from, port));
  });

  afterAll(async () => {
    await kernel.clear();
    sweep();
  });

  const maps = async () => (await answerMaps(asked, { instance: instance.key })).maps;
  const rows = (map: string, page = ANY) => answerMapRows(asked, { instance: instance.key, map, ...page });
  const edit = (map: string, key: number, value?: { packets: number; bytes: number }) =>
    answerMapEdit(asked, { instance: instance.key, map, key, ...(value ? { value } : {}) });
  const listed = (filter = {}, page = ANY) =>
    answerConnections(asked, { instance: instance.key, filter, ...page });

  const flush = (filter: object) => answerFlush(asked, { instance: instance.key, filter });

  it('are those of the manifest, with what the kernel says of them', async () => {
    const found = await maps();
    expect(found.map(({ name }) => name)).not.toContain('uw_next');
    expect(found.find(({ name }) => name === 'connections')).toMatchObject({
      role: 'state',
      scope: 'service',
      maxEntries: 64,
      perCpu: false,
    });
  });

  it('are read by the names of their fields, a page at a time', async () => {
    expect(await rows('rules')).toMatchObject({
      rows: [{ key: 0, value: { destination_port_first: 8080 } }],
    });
    const [first, second] = [
      await rows('counters', { offset: 0, limit: 2 }),
      await rows('counters', { offset: 2, limit: 2 }),
    ];
    expect([first, second].map((page) => page.rows.map(({ key }) => key))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(first.more).toBe(true);
    const one = await answerMapRows(asked, { instance: instance.key, map: 'rule_counters', key: 0, ...ANY });
    expect(one.rows).toMatchObject([{ key: 0, value: { packets: 3 } }]);
  });

  it('are edited and emptied but for config', async () => {
    expect(await edit('rule_counters', 0, { packets: 70, bytes: 7 })).toMatchObject({
      before: { value: { packets: 3 } },
    });
    expect((await rows('rule_counters')).rows).toEqual([{ key: 0, value: { packets: 70, bytes: 7 } }]);
    await edit('rule_counters', 0);
    expect((await rows('rule_counters')).rows).toEqual([{ key: 0, value: { packets: 0, bytes: 0 } }]);
    await expect(edit('rules', 0)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(edit('nothing', 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(rows('events')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const odd = { instance: instance.key, map: 'rule_counters', key: 0, value: { packts: 1 } };
    await expect(answerMapEdit(asked, odd)).rejects.toMatchObject({
      report: { code: 'INPUT_INVALID', why: expect.stringContaining("there is no field 'packts'") },
    });
    await expect(answerMaps(asked, { instance: 'ff' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('lists connections by address, port and protocol, a page at a time', async () => {
    const { connections, more } = await listed();
    expect(more).toBe(false);
    expect(connections.map(({ from, to }) => [from.address, from.port, to.port]).sort()).toEqual([
      ['192.0.2.7', 40_000, 8080],
      ['192.0.2.8', 40_001, 8080],
      ['2001:db8::7', 40_002, 8080],
    ]);
    const [one] = (await listed({ address: '192.0.2.8' })).connections;
    expect(one).toMatchObject({
      protocol: 'tcp',
      asked: { packets: 1, bytes: 54 },
      answered: { packets: 0 },
    });
    expect(FIREWALL_STATES[one?.state ?? 0]).toBe('syn_sent');
    expect(firewallRuleName(MODEL, one?.rule ?? 0)).toBe('site');
    expect(one?.idleSeconds).toBeLessThan(60);
    expect((await listed({ address: '2001:db8::7', port: 8080 })).connections).toHaveLength(1);
    expect((await listed({ port: 9 })).connections).toEqual([]);
    expect((await listed({ protocol: 'udp' })).connections).toEqual([]);
    const pages = [await listed({}, { offset: 0, limit: 2 }), await listed({}, { offset: 2, limit: 2 })];
    expect(pages.map((page) => [page.connections.length, page.more])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  it('forgets connections, those that are meant', async () => {
    expect(await flush({ address: '192.0.2.7' })).toEqual({ flushed: 1 });
    expect((await listed()).connections).toHaveLength(2);
    expect(await flush({})).toEqual({ flushed: 2 });
    expect((await listed()).connections).toEqual([]);
  });
});

function packet(source: string, sourcePort: number): Uint8Array {
  const destination = source.includes(':') ? '2001:db8::1' : '10.71.0.10';
  return buildPacket(
    { protocol: 'tcp', source, sourcePort, destination, destinationPort: 8080 },
    { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' },
  );
}

function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const directory = join(tmpdir(), name);
    if (!directory.startsWith(MOUNT)) continue;
    quietly(() => execFileSync('umount', [directory], { stdio: 'ignore' }));
    rmdirSync(directory);
  }
  quietly(() => execFileSync('ip', ['link', 'delete', DEVICE], { stdio: 'ignore' }));
}

/** What is not there need not be taken away. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // It was not there.
  }
}
