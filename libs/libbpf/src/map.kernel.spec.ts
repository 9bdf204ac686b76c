import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BtfValue } from './btf/kinds.js';
import { compileFixture, describeAsRoot } from './fixture.spec-support.js';
import { BpfMap } from './map.js';
import { BpfObject } from './object.js';
import { mapIds, possibleCpus } from './query.js';

async function collect(map: BpfMap): Promise<[BtfValue, BtfValue][]> {
  const out: [BtfValue, BtfValue][] = [];
  for await (const entry of map.entries()) out.push(entry);
  return out;
}

function prefix(length: number, byte: number): Uint8Array {
  return Uint8Array.from([length, 0, 0, 0, byte, 0, 0, 0]);
}

describeAsRoot('BpfMap', () => {
  let object: BpfObject;

  beforeAll(async () => {
    object = await BpfObject.open(compileFixture('basic'));
    await object.load();
  });
  afterAll(() => object?.close());

  it('gets, sets and deletes by field name', async () => {
    using table = object.map('table');
    const key = { port: 80, proto: 6 };
    expect(await table.get(key)).toBeUndefined();
    await table.set(key, { verdict: 2, label: 'web' });
    expect(await table.get(key)).toMatchObject({ verdict: 2, label: 'web', color: 'RED' });
    expect(await table.delete(key)).toBe(true);
    expect(await table.delete(key)).toBe(false);
    await expect(table.set({ prt: 80 }, {})).rejects.toThrow("there is no field 'prt'; nearest: port");
  });

  it('writes only if absent, or only if present', async () => {
    using table = object.map('table');
    const key = { port: 1 };
    await expect(table.set(key, {}, 'replace')).rejects.toMatchObject({ errnoName: 'ENOENT' });
    await table.set(key, {}, 'create');
    await expect(table.set(key, {}, 'create')).rejects.toMatchObject({ errnoName: 'EEXIST' });
    await table.delete(key);
  });

  it('writes, reads and deletes thousands of entries in batches', async () => {
    using table = object.map('table');
    const keys = Array.from({ length: 3000 }, (_, port) => ({ port, proto: 17 }));
    await table.setBatch(keys.map((key) => [key, { verdict: key.port }]));
    const seen = new Map(
      (await collect(table)).map(([key, value]) => [(key as { port: number }).port, value]),
    );
    expect(seen.size).toBe(3000);
    expect(seen.get(2999)).toMatchObject({ verdict: 2999 });
    await table.deleteBatch([...keys, { port: 9999 }]);
    expect(await collect(table)).toEqual([]);
  });

  it('iterates tries', async () => {
    using prefixes = object.map('prefixes');
    await prefixes.set(prefix(8, 10), 1);
    await prefixes.set(prefix(8, 11), 2);
    expect((await collect(prefixes)).map(([, value]) => value).sort()).toEqual([1, 2]);
  });

  it('has one value for each CPU', async () => {
    using hits = object.map('hits');
    const values = Array.from({ length: possibleCpus() }, (_, cpu) => cpu + 100);
    await hits.set(1, values);
    expect(await hits.get(1)).toEqual(values);
    expect(await collect(hits)).toEqual([
      [0, values.map(() => 0)],
      [1, values],
    ]);
    await expect(hits.set(1, 5)).rejects.toThrow('one for each possible CPU');
  });

  it('holds programs by handle and gives them back by id', async () => {
    using next = object.map('next');
    using drop = object.program('drop');
    using judge = object.program('judge');
    await next.set(0, drop);
    expect(await next.get(0)).toBe(drop.info.id);
    expect(await collect(next)).toEqual([[0, drop.info.id]]);
    expect((await judge.testRun({ data: new Uint8Array(64) })).retval).toBe(1);
    await next.delete(0);
    expect((await judge.testRun({ data: new Uint8Array(64) })).retval).toBe(2);
  });

  it('is created without an object, and holds maps', async () => {
    const like = { type: 'array', keySize: 4, valueSize: 8, maxEntries: 1 };
    using inner = BpfMap.create({ ...like, name: 'uwt_inner' });
    using outer = BpfMap.create({ type: 'array_of_maps', keySize: 4, valueSize: 4, maxEntries: 2, inner });
    await inner.set(0, 2n ** 60n);
    expect(await inner.get(0)).toBe(2n ** 60n);
    await outer.set(1, inner);
    expect(await outer.get(1)).toBe(inner.info.id);
    expect(mapIds()).toContain(inner.info.id);
    using again = BpfMap.fromId(inner.info.id);
    expect(again.info).toMatchObject({ name: 'uwt_inner', type: 'array', frozen: false });
    expect(again.info.memoryBytes).toBeGreaterThan(0);
  });

  it('takes no write once it is frozen', async () => {
    using map = BpfMap.create({ type: 'array', keySize: 4, valueSize: 4, maxEntries: 1 });
    await map.set(0, 1);
    await map.freeze();
    await expect(map.set(0, 2)).rejects.toMatchObject({ errnoName: 'EPERM', missingCapabilities: [] });
    expect(await map.get(0)).toBe(1);
    expect(map.info.frozen).toBe(true);
  });

  it('refuses raw keys and values of another size', async () => {
    using hits = object.map('hits');
    await expect(hits.getRaw(new Uint8Array(3))).rejects.toThrow('expected 4 bytes, got 3');
    await expect(hits.setRaw(new Uint8Array(4), new Uint8Array(8 * possibleCpus() - 1))).rejects.toThrow(
      'expected',
    );
  });

  it('names the errors of the kernel', async () => {
    using table = object.map('hits');
    await expect(table.delete(0)).rejects.toMatchObject({
      errnoName: 'EINVAL',
      call: 'bpf_map_delete_elem',
      on: 'map hits',
    });
    expect(() => BpfMap.fromId(0xffffffff)).toThrow(expect.objectContaining({ errnoName: 'ENOENT' }));
    expect(() => BpfMap.create({ type: 'hsh', keySize: 4, valueSize: 4, maxEntries: 1 })).toThrow(
      "no map type 'hsh'",
    );
  });
});
