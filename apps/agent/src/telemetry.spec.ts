import { describe, expect, it } from '@jest/globals';
import type { AgentMessage } from '@underware/core';
import { FakeKernel } from '@underware/kernel';
import type { Desired } from './desired-state.js';
import { DIGEST, failure, serviceSlice, stateOf } from './memory-host.spec-support.js';
import { Telemetry } from './telemetry.js';

type Beat = Omit<Extract<AgentMessage, { type: 'heartbeat' }>, 'type' | 'host' | 'boot' | 'at' | 'sequence'>;

const state = stateOf(3, serviceSlice(1));
const desired: Desired = { accepted: state, target: state, reports: [], settled: true };
const key = serviceSlice(1).slice.workloads[0]?.key ?? '';
const running = {
  key,
  revision: '1',
  runtime: 'container',
  state: 'running',
  handle: 'c',
  health: 'none',
} as const;
const SEEN = { workloads: [running] };

async function telemetryOf(rows = 0) {
  const kernel = new FakeKernel();
  for (const instance of serviceSlice(1).slice.instances)
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
  const read = kernel.telemetry.bind(kernel);
  kernel.telemetry = async (instance, maps) => ({
    ...(await read(instance, maps)),
    maps: { counters: Array.from({ length: rows }, (_, at) => ({ key: at, value: at })) },
  });
  const beats: Beat[] = [];
  const warnings: string[] = [];
  const host: ConstructorParameters<typeof Telemetry>[0] = { kernel, observeWorkloads: async () => SEEN };
  const telemetry = new Telemetry(
    host,
    { telemetryMaps: async (digest) => (digest === DIGEST ? ['counters'] : []) },
    { desired: async () => desired, lastObserved: undefined, restartsOf: () => undefined },
    { heartbeat: (said) => beats.push(said) },
    { rowsOf: () => undefined },
    { warn: (_, message) => warnings.push(message) },
    20,
    100_000,
  );
  return { telemetry, kernel, host, beats, warnings };
}

describe('Telemetry', () => {
  it('beats with what it read last when nothing can be read, and complains once', async () => {
    const { telemetry, kernel, host, beats, warnings } = await telemetryOf(1);
    await telemetry.beat();
    expect(beats[0]).toMatchObject({ generation: 3, workloads: [{ key, service: 'service-1', vnf: 'web' }] });
    expect(beats[0]?.instances).toHaveLength(2);
    kernel.chains = () => Promise.reject(failure('NETWORK_FAILED', 'bpffs'));
    host.observeWorkloads = () => Promise.reject(new Error('broken'));
    await telemetry.beat();
    await telemetry.beat();
    expect(beats.slice(1)).toEqual([beats[0], beats[0]]);
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.length).toBeLessThan(4);
  });

  it('beats while reading hangs, and does not pile up readings', async () => {
    const { telemetry, host, beats } = await telemetryOf();
    let asked = 0;
    const answers: (() => void)[] = [];
    host.observeWorkloads = () => {
      asked += 1;
      return new Promise((resolve) => answers.push(() => resolve(SEEN)));
    };
    await telemetry.beat();
    await telemetry.beat();
    expect(beats.map(({ workloads }) => workloads)).toEqual([[], []]);
    expect(asked).toBe(1);
    for (const answer of answers) answer();
    await telemetry.beat();
    expect(beats.at(-1)?.workloads).toHaveLength(1);
  });

  it('keeps what a runtime ran that cannot be asked now', async () => {
    const { telemetry, host, beats } = await telemetryOf();
    await telemetry.beat();
    host.observeWorkloads = async () => ({ workloads: [], unknownRuntimes: ['container'] });
    await telemetry.beat();
    expect(beats[1]?.workloads).toEqual(beats[0]?.workloads);
    host.observeWorkloads = async () => ({ workloads: [] });
    await telemetry.beat();
    expect(beats[2]?.workloads).toEqual([]);
  });

  it('leaves maps out of a heartbeat that would be too large, and says so', async () => {
    const { telemetry, beats, warnings } = await telemetryOf(10_000);
    await telemetry.beat();
    expect(beats[0]?.instances.map(({ maps }) => maps)).toEqual([{}, {}]);
    expect(beats[0]?.instances[0]?.verdicts).toBeDefined();
    expect(warnings).toHaveLength(1);
  });
});
