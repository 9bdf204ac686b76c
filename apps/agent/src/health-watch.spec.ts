import { describe, expect, it } from '@jest/globals';
import type { DesiredWorkload, ObservedState } from '@underware/core';
import { waitFor } from '@underware/testkit';
import type { Desired } from './desired-state.js';
import { HealthWatch } from './health-watch.js';
import { MemoryHost, serviceSlice, stateOf } from './memory-host.spec-support.js';

async function watchOn(count: number, exited: readonly number[] = []) {
  const slices = Array.from({ length: count }, (_, at) => serviceSlice(at + 1));
  for (const { slice } of slices)
    for (const workload of slice.workloads)
      workload.healthCheck = { kind: 'tcp', port: 80, intervalSeconds: 30, timeoutSeconds: 1, retries: 1 };
  const state = stateOf(1, ...slices);
  const desired: Desired = { accepted: state, target: state, reports: [], settled: true };
  const workloads = slices.map(({ slice }) => slice.workloads[0]).filter((each) => each !== undefined);
  const observed: ObservedState = {
    ...(await MemoryHost.make().observe()),
    workloads: workloads.map(({ key, revision }, at) => ({
      key,
      revision,
      runtime: 'process',
      state: exited.includes(at) ? 'exited' : 'running',
      handle: '',
      health: 'none',
    })),
  };
  const checked: string[] = [];
  const ends: (() => void)[] = [];
  const checkHealth = ({ key }: DesiredWorkload) =>
    new Promise<void>((_, reject) => {
      checked.push(key);
      ends.push(() => reject(new Error('unhealthy')));
    });
  const end = async () => {
    for (const each of ends.splice(0)) each();
    await waitFor('the checks to end', () => ends.length === 0);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const watch = new HealthWatch({ checkHealth }, { desired: async () => desired, lastObserved: observed });
  return { watch, checked, end, keys: workloads.map(({ key }) => key) };
}

describe('HealthWatch', () => {
  it('checks what runs, again at its interval, whatever the last check said', async () => {
    const { watch, checked, end, keys } = await watchOn(2, [1]);
    await watch.look(1_000);
    await end();
    await watch.look(30_999);
    expect(checked).toEqual([keys[0]]);
    await watch.look(31_000);
    expect(checked).toEqual([keys[0], keys[0]]);
    await end();
    await watch.stop();
  });

  it('has two checks under way at most, and every VNF gets its turn', async () => {
    const { watch, checked, end, keys } = await watchOn(5);
    await watch.look(1_000);
    await watch.look(1_001);
    expect(checked).toEqual(keys.slice(0, 2));
    await end();
    await watch.look(1_002);
    await end();
    await watch.look(1_003);
    await end();
    expect(checked).toEqual(keys);
    await watch.stop();
  });
});
