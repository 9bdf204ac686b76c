import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { BtfValue } from './btf/kinds.js';
import { compileFixture, createVeth, describeAsRoot, sweep } from './fixture.spec-support.js';
import { BpfObject } from './object.js';
import { BpfProgram } from './program.js';
import { programIds } from './query.js';
import { RingBuffer } from './ring-buffer.js';
import { enableStats } from './stats.js';

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let settle: (() => void) | undefined;
  const promise = new Promise<void>((done) => {
    settle = done;
  });
  return { promise, resolve: () => settle?.() };
}

/** How often this process has memory of maps mapped. */
function mappedMaps(): number {
  return readFileSync('/proc/self/maps', 'utf8').split('bpf-map').length - 1;
}

describeAsRoot('running', () => {
  let object: BpfObject;
  const packet = new Uint8Array(60).fill(1);

  beforeAll(async () => {
    sweep('run');
    object = await BpfObject.open(compileFixture('basic'));
    await object.load();
  });
  afterAll(() => object?.close());

  const hits = async () => {
    using map = object.map('hits');
    return ((await map.get(0)) as number[]).reduce((sum, n) => sum + n, 0);
  };

  it('gives the verdict and the packet as the program left it', async () => {
    using grow = object.program('grow');
    const result = await grow.testRun({ data: packet });
    expect(result.retval).toBe(3);
    expect([...result.data]).toEqual([0xab, 0xab, 0xab, 0xab, ...packet]);
    await expect(grow.testRun({ data: packet, dataOutSize: 10 })).rejects.toMatchObject({
      errnoName: 'ENOSPC',
    });
    await expect(grow.testRun({ data: new Uint8Array(4) })).rejects.toMatchObject({ errnoName: 'EINVAL' });
  });

  it('gives TC verdicts as signed numbers, and sets the context', async () => {
    using classify = object.program('classify');
    expect((await classify.testRun({ data: packet })).retval).toBe(-1);
    expect((await classify.testRun({ data: packet, ctx: { mark: 42 } })).retval).toBe(2);
  });

  it('repeats', async () => {
    using judge = object.program('judge');
    const before = await hits();
    await judge.testRun({ data: packet, repeat: 100 });
    expect(await hits()).toBe(before + 100);
  });

  it('runs live frames', async () => {
    using live = await BpfObject.open(compileFixture('basic'));
    live.setRodata({ config: { verdict: 1 } });
    await live.load();
    using judge = live.program('judge');
    await judge.testRun({ data: packet, liveFrames: true, repeat: 1000, batchSize: 32 });
    using map = live.map('hits');
    expect(((await map.get(0)) as number[]).reduce((sum, n) => sum + n, 0)).toBe(1000);
  });

  it('hands ring buffer records to the callback, decoded, with the device the packet came in by', async () => {
    const device = createVeth('run');
    try {
      using judge = object.program('judge');
      using events = object.map('events');
      const seen: BtfValue[] = [];
      const { promise, resolve } = deferred();
      using ring = new RingBuffer(
        events,
        (record) => {
          seen.push(record);
          if ((record as { length: number }).length === 77) resolve();
        },
        { type: 'event' },
      );
      ring.consume();
      await judge.testRun({ data: packet, repeat: 5, ctx: { ingressIfindex: device.ifindex } });
      await judge.testRun({ data: new Uint8Array(77) });
      await promise;
      expect(seen.slice(-6, -1)).toEqual(
        Array.from({ length: 5 }, () => ({ length: 60, ifindex: device.ifindex, who: 'xdp' })),
      );
      ring.close();
      ring.close();
    } finally {
      device.remove();
    }
  });

  it('hands over every record of a burst, and none after close', async () => {
    using judge = object.program('judge');
    using events = object.map('events');
    let count = 0;
    const before = mappedMaps();
    const { promise, resolve } = deferred();
    const ring = new RingBuffer(events, (record) => {
      expect((record as Uint8Array).byteLength).toBe(16);
      if (++count === 2000) resolve();
    });
    ring.consume();
    await judge.testRun({ data: packet, repeat: 2000 });
    await promise;
    expect(mappedMaps()).toBeGreaterThan(before);
    ring.close();
    // At once, not when the collector runs: until then the kernel would keep the map.
    expect(mappedMaps()).toBe(before);
    await judge.testRun({ data: packet, repeat: 10 });
    expect(count).toBe(2000);
    expect(ring.consume()).toEqual([]);
    expect(() => new RingBuffer(object.map('hits'), () => {})).toThrow(
      expect.objectContaining({ call: 'ring_buffer__new' }),
    );
    expect(() => new RingBuffer(events, () => {}, { type: 'evnt' })).toThrow("no type 'evnt'");
  });

  it('counts run time while statistics are enabled', async () => {
    using judge = object.program('judge');
    const stats = enableStats();
    const before = judge.info;
    await judge.testRun({ data: packet, repeat: 50 });
    expect(judge.info.runCount - before.runCount).toBe(50);
    expect(judge.info.runTimeNs).toBeGreaterThan(before.runTimeNs);
    stats.close();
    stats.close();
  });

  it('describes a program by id', () => {
    using judge = object.program('judge');
    using table = object.map('hits');
    const { info } = judge;
    expect(info).toMatchObject({ type: 'xdp', name: 'judge', gplCompatible: true, createdByUid: 0 });
    expect(info.tag).toMatch(/^[0-9a-f]{16}$/);
    expect(info.mapIds).toContain(table.info.id);
    expect(programIds()).toContain(info.id);
    expect(BpfProgram.fromId(info.id).info.tag).toBe(info.tag);
    expect(() => BpfProgram.fromId(0xffffffff)).toThrow(expect.objectContaining({ errnoName: 'ENOENT' }));
  });

  it('finishes a run whose program is closed meanwhile', async () => {
    const judge = object.program('judge');
    const run = judge.testRun({ data: packet, repeat: 1000 });
    judge.close();
    expect((await run).retval).toBe(2);
  });
});
