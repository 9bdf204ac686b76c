import { readFile } from 'node:fs/promises';
import { BpfObject } from '@underware/libbpf';
import type { BpfProgram } from '@underware/libbpf';
import { buildPacket } from '@underware/packet';
import { benchObject, ENGINE_OBJECT } from '../objects.js';

export interface HopRequest {
  rounds: number;
}

/** Nanoseconds per packet and round, by BPF_PROG_TEST_RUN. */
export interface HopSamples {
  /** Of one more hop: a chain of 21 instances less a chain of one, by twenty. */
  hop: number[];
  bare: number[];
}

const HOPS = 20;
const PACKETS = 2_000_000;

export async function measureHop({ rounds }: HopRequest): Promise<HopSamples> {
  const count = await readFile(benchObject('count'));
  const bare = await open(await readFile(benchObject('bare')), 'bare');
  const long = await chain(count, HOPS + 1);
  const short = await chain(count, 1);
  const data = buildPacket(
    {
      protocol: 'udp',
      source: '10.0.0.1',
      destination: '10.0.0.2',
      sourcePort: 1000,
      destinationPort: 2000,
      payloadBytes: 18,
    },
    { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' },
  );
  const samples: HopSamples = { hop: [], bare: [] };
  for (let round = -1; round < rounds; round++) {
    const [none, one, many] = [
      await nanoseconds(bare, data),
      await nanoseconds(short, data),
      await nanoseconds(long, data),
    ];
    if (round < 0) continue;
    samples.bare.push(none);
    samples.hop.push((many - one) / HOPS);
  }
  return samples;
}

/** A root with `length` counting instances behind it. The objects stay open until the process ends. */
async function chain(count: Uint8Array, length: number): Promise<BpfProgram> {
  const root = await BpfObject.open(await readFile(ENGINE_OBJECT), { name: 'root' });
  root.setAutoload('uw_root_tcx', false);
  await root.load();
  let slot = root.map('uw_next');
  for (let n = 0; n < length; n++) {
    const instance = await BpfObject.open(count, { name: 'count' });
    await instance.load();
    await slot.set(0, instance.program('count_xdp'));
    slot = instance.map('uw_next');
  }
  return root.program('uw_root_xdp');
}

async function open(elf: Uint8Array, program: string): Promise<BpfProgram> {
  const object = await BpfObject.open(elf, { name: program });
  for (const { name } of object.programs) object.setAutoload(name, name === program);
  object.setPinPath('seen', undefined);
  await object.load();
  return object.program(program);
}

async function nanoseconds(program: BpfProgram, data: Uint8Array): Promise<number> {
  return (await program.testRun({ data, repeat: PACKETS })).durationNs;
}
