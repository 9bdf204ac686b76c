import { afterEach, beforeEach, expect } from '@jest/globals';
import type { PacketSpec } from '@underware/core';
import { buildPacket } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance, withBytes } from '@underware/testkit';

const OWNER = '02:00:00:00:00:01';
const GATEWAY = '02:00:00:00:00:02';
const [FIN, SYN, RST, ACK] = [1, 2, 4, 16];
const SEQUENCE = 0xffff_ffff;
/** Of the first handshake: the one behind it wraps around. */
const ANSWER = 0;
const BUCKETS = 32;

const ends = {
  4: { source: '10.60.0.2', destination: '192.0.2.9' },
  6: { source: 'fd60::2', destination: '2001:db8::9' },
} as const;
const ask = (family: 4 | 6): PacketSpec => ({
  protocol: 'tcp',
  ...ends[family],
  sourcePort: 40000,
  destinationPort: 443,
});
const answer = (family: 4 | 6): PacketSpec => ({
  protocol: 'tcp',
  source: ends[family].destination,
  destination: ends[family].source,
  sourcePort: 443,
  destinationPort: 40000,
});

function segment(
  spec: PacketSpec,
  mac: [string, string],
  flags: number,
  numbers: [number, number],
): Uint8Array {
  const bytes = buildPacket(spec, { sourceMac: mac[0], destinationMac: mac[1] });
  const tcp = spec.source?.includes(':') === true ? 54 : 34;
  const words = Buffer.alloc(8);
  words.writeUInt32BE(numbers[0], 0);
  words.writeUInt32BE(numbers[1], 4);
  return withBytes(withBytes(bytes, tcp + 4, [...words]), tcp + 13, [flags]);
}

const settings = (outbound: number) => ({ rodata: { probe_config: { rtt: 1, outbound } } });

describeKernel('probe, TCP handshakes', () => {
  let out: PluginInstance;
  let back: PluginInstance;

  beforeEach(async () => {
    out = await PluginInstance.load('probe', 'probe_xdp', settings(1));
    back = await PluginInstance.load('probe', 'probe_tcx', settings(0), { of: out, maps: ['handshakes'] });
  });
  afterEach(() => {
    for (const each of [out, back]) each.close();
  });

  const sends = (flags: number, numbers: [number, number], family: 4 | 6 = 4, mac = OWNER) =>
    out.run(segment(ask(family), [mac, GATEWAY], flags, numbers));
  const gets = (flags: number, numbers: [number, number], family: 4 | 6 = 4, mac = OWNER) =>
    back.run(segment(answer(family), [GATEWAY, mac], flags, numbers));
  const handshake = async (family: 4 | 6 = 4): Promise<void> => {
    await sends(SYN, [SEQUENCE, 0], family);
    await gets(SYN | ACK, [9, ANSWER], family);
    await sends(ACK, [ANSWER, 10], family);
  };

  for (const family of [4, 6] as const) {
    itKernel(`times both ways of a handshake over IPv${family}, for the flow and in all`, async () => {
      const before = process.hrtime.bigint();
      await handshake(family);
      const took = Number(process.hrtime.bigint() - before) / 1000;
      await sends(ACK, [1, 10], family);
      const [flow] = await flowsOf(out);
      expect(flow).toMatchObject({ packets: 3, tcp_flags: SYN | ACK, handshake: 2 });
      const trips = await roundTrips(out);
      for (const [end, name] of ['destination_rtt_us', 'source_rtt_us'].entries()) {
        const us = Number(flow?.[name]);
        expect(us).toBeGreaterThan(0);
        expect(us).toBeLessThan(took);
        const bucket = end * BUCKETS + 32 - Math.clz32(us);
        expect(trips.get(bucket)).toEqual({ handshakes: 1, microseconds: us });
      }
      expect(trips.size).toBe(2);
      expect((await roundTrips(back)).size).toBe(0);
      expect(await sizeOf(out, 'handshakes')).toBe(0);
    });
  }

  itKernel('does not guess where a segment came twice', async () => {
    await sends(SYN, [SEQUENCE, 0]);
    await handshake();
    await sends(SYN, [5, 0]);
    for (let i = 0; i < 2; i += 1) await gets(SYN | ACK, [9, 6]);
    await sends(ACK, [6, 10]);
    expect((await roundTrips(out)).size).toBe(0);
    expect((await flowsOf(out))[0]).toMatchObject({ destination_rtt_us: 0, source_rtt_us: 0 });
  });

  itKernel('does not take an answer to something else, at another port, or a refusal, for one', async () => {
    await sends(SYN, [100, 0]);
    await gets(SYN | ACK, [9, 100]);
    await gets(SYN | ACK, [9, 101], 4, '02:00:00:00:00:09');
    await gets(RST | ACK, [0, 101]);
    await sends(ACK, [101, 10]);
    await sends(SYN, [200, 0]);
    await gets(SYN | ACK, [9, 201]);
    await sends(RST, [201, 0]);
    expect((await roundTrips(out)).size).toBe(0);
  });

  itKernel('times the next connection of the same ends, and shows its flags alone', async () => {
    await handshake();
    await sends(FIN | ACK, [1, 10]);
    expect((await flowsOf(out))[0]).toMatchObject({ tcp_flags: SYN | ACK | FIN });
    await sends(SYN, [7, 0]);
    expect((await flowsOf(out))[0]).toMatchObject({ tcp_flags: SYN });
    await gets(SYN | ACK, [9, 8]);
    await sends(ACK, [8, 10]);
    const trips = [...(await roundTrips(out)).values()];
    expect(trips.reduce((sum, { handshakes }) => sum + handshakes, 0)).toBe(4);
  });

  itKernel('keeps nothing of handshakes where it is not asked to time them', async () => {
    out.close();
    out = await PluginInstance.load('probe', 'probe_xdp', { rodata: { probe_config: { outbound: 1 } } });
    await handshake();
    expect(await sizeOf(out, 'handshakes')).toBe(0);
    expect((await flowsOf(out))[0]).toMatchObject({ handshake: 0, tcp_flags: SYN | ACK });
  });
});

async function flowsOf(probe: PluginInstance): Promise<Record<string, unknown>[]> {
  const flows: Record<string, unknown>[] = [];
  for await (const [, value] of probe.map('flows').entries()) {
    const fields = Object.entries(value as Record<string, unknown>);
    flows.push(
      Object.fromEntries(
        fields.map(([name, field]) => [name, typeof field === 'bigint' ? Number(field) : field]),
      ),
    );
  }
  return flows;
}

async function roundTrips(
  probe: PluginInstance,
): Promise<Map<number, { handshakes: number; microseconds: number }>> {
  const trips = new Map<number, { handshakes: number; microseconds: number }>();
  for await (const [key, values] of probe.map('round_trips').entries()) {
    const perCpu = values as { handshakes: number | bigint; microseconds: number | bigint }[];
    const sum = { handshakes: 0, microseconds: 0 };
    for (const each of perCpu) {
      sum.handshakes += Number(each.handshakes);
      sum.microseconds += Number(each.microseconds);
    }
    if (sum.handshakes > 0) trips.set(Number(key), sum);
  }
  return trips;
}

async function sizeOf(probe: PluginInstance, map: string): Promise<number> {
  let size = 0;
  for await (const _ of probe.map(map).entries()) size += 1;
  return size;
}
