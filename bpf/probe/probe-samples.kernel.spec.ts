import { afterEach, expect } from '@jest/globals';
import { RingBuffer } from '@underware/libbpf';
import { buildPacket } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance } from '@underware/testkit';

const FOREVER = 2n ** 63n;
const SAMPLE_LOST = 8;
const frame = buildPacket(
  { protocol: 'udp', source: '10.60.0.2', destination: '192.0.2.9', destinationPort: 53 },
  { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' },
);
const allowed = { rodata: { probe_config: { capture: 1 } }, mapSizes: { samples: 65_536 } };

describeKernel('probe, samples', () => {
  let probe: PluginInstance;

  afterEach(() => {
    probe.close();
  });

  const want = (capture: { until_ns?: bigint; every?: number; snap?: number }) =>
    probe.map('capture').set(0, { until_ns: FOREVER, every: 1, snap: 65_535, ...capture });
  const run = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) await probe.run(frame);
  };

  for (const program of ['probe_xdp', 'probe_tcx']) {
    itKernel(`${program} samples packets while it is asked to, to the length asked for`, async () => {
      probe = await PluginInstance.load('probe', program, allowed);
      await run(1);
      expect(samplesOf(probe)).toEqual([]);
      await want({ snap: 20 });
      await run(1);
      await want({});
      await run(1);
      await want({ until_ns: 1n });
      await run(1);
      await want({ every: 0 });
      await run(1);
      await want({ snap: 0 });
      await run(1);
      expect(samplesOf(probe)).toEqual([
        { bytes: frame.length, data: Buffer.from(frame).subarray(0, 20).toString('hex') },
        { bytes: frame.length, data: Buffer.from(frame).toString('hex') },
      ]);
    });
  }

  itKernel('samples about one of so many', async () => {
    probe = await PluginInstance.load('probe', 'probe_xdp', allowed);
    await want({ every: 4, snap: 14 });
    await run(400);
    const { length } = samplesOf(probe);
    // 100 are expected; with an honest generator it is not even once in a million runs outside of these bounds.
    expect(length).toBeGreaterThan(50);
    expect(length).toBeLessThan(160);
  });

  itKernel('counts samples that a full ring refuses', async () => {
    probe = await PluginInstance.load('probe', 'probe_xdp', { ...allowed, mapSizes: { samples: 4096 } });
    await want({});
    await run(100);
    const lost = (await probe.counters('counters'))[SAMPLE_LOST]?.packets ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(lost + samplesOf(probe).length).toBe(100);
  });

  itKernel('samples nothing where captures are not allowed', async () => {
    probe = await PluginInstance.load('probe', 'probe_xdp');
    await want({});
    await run(1);
    expect(samplesOf(probe)).toEqual([]);
  });
});

function samplesOf(probe: PluginInstance): { bytes: number; data: string }[] {
  const ring = new RingBuffer(probe.map('samples'), () => undefined);
  try {
    return ring.consume().map((record) => {
      const bytes = Buffer.from(record as Uint8Array);
      const captured = bytes.readUInt32LE(12);
      expect(bytes).toHaveLength(16 + captured);
      return { bytes: bytes.readUInt32LE(8), data: bytes.subarray(16).toString('hex') };
    });
  } finally {
    ring.close();
  }
}
