import { beforeEach, expect, it } from '@jest/globals';
import { InstanceMaps } from '@underware/kernel';
import { MemoryHost, serviceSlice } from '../memory-host.spec-support.js';
import { answerFlows } from './answer-flows.js';
import type { AskedOf } from './asked-of.js';

const slices = [serviceSlice(1)];
const [first, second] = slices.flatMap(({ slice }) => slice.instances);
let host: MemoryHost;
let asked: AskedOf;

beforeEach(async () => {
  host = MemoryHost.make();
  asked = { host, maps: new InstanceMaps('/nowhere'), slices: async () => slices };
  for (const instance of [first, second])
    if (instance)
      await host.perform({ kind: 'load-instance', instance }, { host: 'h', generation: 1, slices });
});

it('gives the largest flows of the instances that are asked for, with their times', async () => {
  const key = first?.key ?? '';
  const now = process.hrtime.bigint();
  const row = (bytes: number) => ({
    key: { source_port: bytes },
    value: { bytes, first_ns: Number(now - 60_000_000_000n), last_ns: Number(now) },
  });
  host.fake.fill(key, 'flows', [row(10), row(30), row(20)]);
  host.fake.fill(second?.key ?? '', 'flows', [row(40)]);
  const { flows, known } = await answerFlows(asked, { instances: [key, 'absent'], top: 2 });
  expect(known).toBe(3);
  expect(flows).toMatchObject([
    { instance: key, key: { source_port: 30 }, value: { bytes: 30 } },
    { instance: key, value: { bytes: 20 } },
  ]);
  const [{ startedAt, lastAt } = { startedAt: '', lastAt: '' }] = flows;
  expect(Math.round((Date.parse(lastAt) - Date.parse(startedAt)) / 1000)).toBe(60);
});

it('says that an instance is not there', async () => {
  const key = first?.key ?? '';
  await host.kernel.unload(key);
  await expect(answerFlows(asked, { instances: [key], top: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
