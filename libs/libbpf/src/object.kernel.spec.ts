import { rename, stat } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BpfError } from './error.js';
import { compileFixture, describeAsRoot, mountPrivate, sweep } from './fixture.spec-support.js';
import { BpfLink } from './link.js';
import { BpfMap } from './map.js';
import { BpfObject } from './object.js';
import { BpfProgram } from './program.js';

describeAsRoot('BpfObject', () => {
  let elf: Uint8Array;
  let bpffs: ReturnType<typeof mountPrivate>;

  beforeAll(() => {
    sweep('none');
    elf = compileFixture('basic');
    bpffs = mountPrivate('bpf');
  });
  afterAll(() => bpffs?.unmount());

  const packet = new Uint8Array(64);

  it('lists programs and maps of an object that is only open', async () => {
    using object = await BpfObject.open(elf, { name: 'uwt' });
    expect(object.programs).toContainEqual(
      expect.objectContaining({ name: 'judge', type: 'xdp', section: 'xdp', autoload: true }),
    );
    expect(object.maps).toContainEqual(
      expect.objectContaining({ name: 'table', type: 'hash', keySize: 4, valueSize: 56, maxEntries: 4096 }),
    );
    expect(object.maps.map(({ name }) => name)).toContain('.rodata');
  });

  it('sets read-only variables by name; those not named keep their initial value', async () => {
    using object = await BpfObject.open(elf);
    object.setRodata({ config: { verdict: 3, label: 'set' } });
    await object.load();
    using rodata = object.map('.rodata');
    expect(await rodata.get(0)).toMatchObject({ config: { verdict: 3, label: 'set' }, limit: 5 });
    expect(rodata.info.frozen).toBe(true);
    using judge = object.program('judge');
    expect((await judge.testRun({ data: packet })).retval).toBe(3);
    expect(() => object.setRodata({ limit: 6 })).toThrow(expect.objectContaining({ errnoName: 'EBUSY' }));
  });

  it('binds a map to a program that does not use it', async () => {
    using object = await BpfObject.open(elf);
    await object.load();
    using judge = object.program('judge');
    const label = BpfMap.create({
      type: 'array',
      name: 'uwt_label',
      keySize: 4,
      valueSize: 8,
      maxEntries: 1,
    });
    const { id } = label.info;
    judge.bindMap(label);
    judge.bindMap(label);
    label.close();
    expect(judge.info.mapIds.filter((each) => each === id)).toEqual([id]);
    expect((await judge.testRun({ data: packet })).retval).toBe(2);
    using closed = object.program('judge');
    closed.close();
    using other = BpfMap.create({ type: 'array', keySize: 4, valueSize: 8, maxEntries: 1 });
    expect(() => closed.bindMap(other)).toThrow(expect.objectContaining({ errnoName: 'EBADF' }));
  });

  it('reads them back from a pin, with the types the kernel keeps', async () => {
    using object = await BpfObject.open(elf);
    object.setRodata({ limit: 9 });
    await object.load();
    using rodata = object.map('.rodata');
    await rodata.pin(join(bpffs.path, 'rodata'));
    using pinned = BpfMap.fromPin(join(bpffs.path, 'rodata'));
    expect(await pinned.get(0)).toMatchObject({ limit: 9 });
  });

  it('refuses an unknown variable, program or map with the nearest name', async () => {
    using object = await BpfObject.open(elf);
    expect(() => object.setRodata({ limt: 1 })).toThrow("there is no variable 'limt'; nearest: limit");
    expect(() => object.setAutoload('juge', false)).toThrow("there is no program 'juge'; nearest: judge");
    expect(() => object.setMaxEntries('tabel', 1)).toThrow("there is no map 'tabel'; nearest: table");
  });

  it('does not load what is switched off', async () => {
    using object = await BpfObject.open(elf);
    object.setAutoload('judge', false);
    await object.load();
    expect(() => object.program('judge')).toThrow(BpfError);
    expect(object.program('drop').info.type).toBe('xdp');
  });

  it('resizes and reuses maps', async () => {
    using first = await BpfObject.open(elf);
    first.setMaxEntries('table', 17);
    await first.load();
    using table = first.map('table');
    expect(table.info.maxEntries).toBe(17);

    using second = await BpfObject.open(elf);
    second.reuseMap('table', table);
    await second.load();
    using shared = second.map('table');
    expect(shared.info.id).toBe(table.info.id);

    using third = await BpfObject.open(elf);
    using hits = first.map('hits');
    expect(() => third.reuseMap('table', hits)).toThrow(
      'its type is hash, that of the given map percpu_array',
    );
  });

  it('carries the whole log of the verifier when a program is refused', async () => {
    using object = await BpfObject.open(compileFixture('refused'), { name: 'refused' });
    const error: unknown = await object.load().catch((thrown: unknown) => thrown);
    if (!(error instanceof BpfError)) throw error;
    expect(error).toMatchObject({ errnoName: 'EACCES', call: 'bpf_object__load', missingCapabilities: [] });
    expect(error.verifierLog).toContain('return data[100] == 1');
    expect(error.verifierLog).toContain('processed');
    expect(error.summary).toContain('invalid access to packet');
    expect(error.message).not.toContain('\n');
  });

  it('refuses bytes that are no object', async () => {
    await expect(BpfObject.open(new Uint8Array(100))).rejects.toMatchObject({ call: 'bpf_object__open_mem' });
  });

  it('closes twice; programs and maps taken from it live on', async () => {
    const object = await BpfObject.open(elf);
    await object.load();
    const program = object.program('drop');
    object.close();
    object.close();
    expect(() => object.programs).toThrow(expect.objectContaining({ errnoName: 'EBADF' }));
    expect((await program.testRun({ data: packet })).retval).toBe(1);
    program.close();
    program.close();
    expect(() => program.info).toThrow(expect.objectContaining({ errnoName: 'EBADF' }));
  });

  it('refuses to be used while a load is under way, and a close waits for it', async () => {
    const object = await BpfObject.open(elf);
    const loading = object.load();
    expect(() => object.program('drop')).toThrow(expect.objectContaining({ errnoName: 'EBUSY' }));
    object.close();
    await loading;
  });

  it('pins, and a directory of pins is renamed in one step', async () => {
    using object = await BpfObject.open(elf);
    await object.load();
    using drop = object.program('drop');
    const staging = join(bpffs.path, 'staging');
    mkdirSync(staging);
    await drop.pin(join(staging, 'prog'));
    await rename(staging, join(bpffs.path, 'published'));
    using found = BpfProgram.fromPin(join(bpffs.path, 'published', 'prog'));
    expect(found.info.id).toBe(drop.info.id);
    await expect(stat(staging)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('names errors of pins: absent, taken, not a bpf file system, another kind', async () => {
    using object = await BpfObject.open(elf);
    await object.load();
    using drop = object.program('drop');
    await drop.pin(join(bpffs.path, 'taken'));
    expect(() => BpfMap.fromPin(join(bpffs.path, 'absent'))).toThrow(
      expect.objectContaining({ errnoName: 'ENOENT', call: 'bpf_obj_get' }),
    );
    await expect(drop.pin(join(bpffs.path, 'taken'))).rejects.toMatchObject({ errnoName: 'EEXIST' });
    await expect(drop.pin('/tmp/uwt-bpf-pin')).rejects.toMatchObject({
      errnoName: 'EPERM',
      message: expect.stringContaining('not on a bpf file system'),
    });
    expect(() => BpfMap.fromPin(join(bpffs.path, 'taken'))).toThrow(BpfError);
    expect(() => BpfLink.fromPin(join(bpffs.path, 'taken'))).toThrow(BpfError);
  });

  it('pins where it is told on load, and not where the source says, when that is taken away', async () => {
    using object = await BpfObject.open(elf);
    object.setPinPath('table', join(bpffs.path, 'table'));
    object.setPinPath('hits', join(bpffs.path, 'hits'));
    object.setPinPath('hits', undefined);
    await object.load();
    expect(BpfMap.fromPin(join(bpffs.path, 'table')).info.name).toBe('table');
    expect(() => BpfMap.fromPin(join(bpffs.path, 'hits'))).toThrow(
      expect.objectContaining({ errnoName: 'ENOENT' }),
    );
  });
});
