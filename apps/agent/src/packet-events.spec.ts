import { describe, expect, it } from '@jest/globals';
import type { InstanceEvents } from '@underware/core';
import { FakeKernel } from '@underware/kernel';
import type { Desired } from './desired-state.js';
import { DIGEST, failure, serviceSlice, stateOf } from './memory-host.spec-support.js';
import { PacketEvents } from './packet-events.js';

const slices = [serviceSlice(1), serviceSlice(2)];
const state = stateOf(3, ...slices);
const desired: Desired = { accepted: state, target: state, reports: [], settled: true };
const keys = slices.flatMap(({ slice }) => slice.instances.map(({ key }) => key));
const [first = '', second = ''] = keys;

async function reader(most = { ofInstance: 2, ofHost: 3 }) {
  const kernel = new FakeKernel();
  for (const { slice } of slices)
    for (const instance of slice.instances)
      await kernel.load(instance, new Uint8Array(), {
        name: 'firewall',
        version: '0.1.0',
        summary: '',
        license: '',
        implements: 'firewall',
        order: 'guard',
        programs: [{ name: 'firewall_xdp', hook: 'xdp' }],
        maps: {},
      });
  const told: InstanceEvents[][] = [];
  const warnings: string[] = [];
  const packages: ConstructorParameters<typeof PacketEvents>[1] = {
    events: async (digest) => (digest === DIGEST ? { map: 'events', struct: 'event' } : undefined),
  };
  const events = new PacketEvents(
    kernel,
    packages,
    { desired: async () => desired },
    { events: (instances) => told.push(instances) },
    { warn: (_, message) => warnings.push(message) },
    most,
  );
  return { kernel, events, told, warnings };
}

describe('PacketEvents', () => {
  it('tells what plugins said, whose it is and when it was, and nothing where nothing was said', async () => {
    const { kernel, events, told } = await reader();
    await events.look();
    expect(told).toEqual([]);
    const secondAgo = process.hrtime.bigint() - 1_000_000_000n;
    kernel.say(first, { at_ns: Number(secondAgo), bytes: 60 });
    await events.look();
    await events.look();
    expect(told).toMatchObject([
      [
        {
          key: first,
          service: 'service-1',
          underservice: 'guard1',
          lost: 0,
          events: [{ record: { bytes: 60 } }],
        },
      ],
    ]);
    const ago = Date.now() - Date.parse(told[0]?.[0]?.events[0]?.at ?? '');
    expect(ago).toBeGreaterThan(900);
    expect(ago).toBeLessThan(60_000);
  });

  it.each([0, 'soon', -5, 9e18, undefined])('takes a record at %j for one of now', async (at) => {
    const { kernel, events, told } = await reader();
    kernel.say(first, { at_ns: at });
    await events.look();
    expect(Math.abs(Date.now() - Date.parse(told[0]?.[0]?.events[0]?.at ?? ''))).toBeLessThan(60_000);
  });

  it('bounds what one instance and what the host says, and counts the rest', async () => {
    const { kernel, events, told } = await reader();
    for (let i = 0; i < 5; i += 1) for (const key of [first, second]) kernel.say(key, { number: i });
    await events.look();
    const numbers = told[0]?.map(({ events: said, lost }) => [
      said.map(({ record }) => record['number']),
      lost,
    ]);
    expect(numbers).toEqual([
      [[0, 1], 3],
      [[0], 4],
    ]);
  });

  it('passes over what is not there, and complains once about what fails', async () => {
    const { kernel, events, told, warnings } = await reader();
    await kernel.unload(first);
    kernel.say(second, { number: 1 });
    await events.look();
    expect(told[0]?.map(({ key }) => key)).toEqual([second]);
    expect(warnings).toEqual([]);
    kernel.events = () => Promise.reject(failure('TIMED_OUT', second));
    await events.look();
    await events.look();
    expect(told).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });
});
