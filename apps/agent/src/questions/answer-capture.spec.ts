import { beforeEach, expect, it } from '@jest/globals';
import { InstanceMaps } from '@underware/kernel';
import { waitFor } from '@underware/testkit';
import { MemoryHost, serviceSlice } from '../memory-host.spec-support.js';
import { answerCapture } from './answer-capture.js';
import type { AskedOf } from './asked-of.js';

const slices = [serviceSlice(1)];
const [first] = slices.flatMap(({ slice }) => slice.instances);
const key = first?.key ?? '';
const wish = { instances: [key, 'absent'], every: 3, snap: 64, count: 2, seconds: 30 };
let host: MemoryHost;
let asked: AskedOf;

beforeEach(async () => {
  host = MemoryHost.make();
  asked = { host, maps: new InstanceMaps('/nowhere'), slices: async () => slices };
  if (first)
    await host.perform({ kind: 'load-instance', instance: first }, { host: 'h', generation: 1, slices });
});

const sample = (bytes: number) => ({
  at_ns: Number(process.hrtime.bigint()),
  bytes,
  captured: 3,
  data: `0a0b0c${'00'.repeat(61)}`,
});

it('samples until there are enough, without what an earlier one left, and stops', async () => {
  host.fake.say(key, sample(1));
  const asking = answerCapture(asked, wish);
  await waitFor('the instance to sample', () => host.fake.sampled.get(key)?.every === 3);
  for (const bytes of [100, 200, 300]) host.fake.say(key, sample(bytes));
  const { packets, lost } = await asking;
  const data = Buffer.from([10, 11, 12]).toString('base64');
  expect(packets).toMatchObject([
    { instance: key, bytes: 100, data },
    { instance: key, bytes: 200, data },
  ]);
  expect(lost).toBe(1);
  expect(Math.abs(Date.now() - (packets[0]?.at ?? 0) / 1000)).toBeLessThan(60_000);
  expect(host.fake.sampled.get(key)).toBeNull();
});

it('ends when its time is over', async () => {
  expect(await answerCapture(asked, { ...wish, seconds: 0.1 })).toEqual({ packets: [], lost: 0 });
});

it('refuses a second one at the same instance, and lets the first one go on', async () => {
  const asking = answerCapture(asked, wish);
  await waitFor('the instance to sample', () => host.fake.sampled.has(key));
  await expect(answerCapture(asked, wish)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  for (const bytes of [1, 2]) host.fake.say(key, sample(bytes));
  expect((await asking).packets).toHaveLength(2);
});

it('says that the instance is not there, and forgets that it was asked', async () => {
  await host.kernel.unload(key);
  for (const _ of [1, 2])
    await expect(answerCapture(asked, wish)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
