import type { Benchmark } from '../benchmark.js';
import { measureIn, withPair } from '../in-host.js';
import { lessIsBetter, quantile } from '../result.js';
import { withStack } from '../stack/lab.js';
import { deployOnce, descriptor } from '../stack/service.js';
import type { Deployment } from '../stack/service.js';
import type { BpftoolTimes } from './measure-bpftool.js';

const INSTANCES = 10;
const ROUNDS = 20;
/** What conditioning a host may take, 99 times of 100. */
const TARGET_P99_MS = 100;
const KERNEL_STEPS = new Set(['load-instance', 'attach-root', 'set-next']);

export const condition: Benchmark = {
  name: 'condition',
  measures: `condition a host with ${INSTANCES} chained instances by its agent, against the same steps by bpftool`,
  async *run(signal) {
    const ours: number[] = [];
    const peer: BpftoolTimes[] = [];
    await withStack(signal, ({ client }) =>
      withPair(async (near) => {
        for (let round = -1; round < ROUNDS; round++) {
          const deployment = await deployOnce(client, descriptor(INSTANCES), signal, async () => undefined);
          const request = { device: 'eth0', instances: INSTANCES };
          const times = await measureIn<BpftoolTimes>(near, 'bpftool', request, signal);
          // The first round warms both ways up.
          if (round < 0) continue;
          ours.push(kernelTime(deployment));
          peer.push(times);
        }
      }),
    );
    const about = { bench: 'condition', unit: 'ms' };
    yield lessIsBetter(
      { ...about, case: 'ten-instances-vs-bpftool', peerName: 'bpftool, a process per step' },
      ours,
      peer.map(({ processes }) => processes),
    );
    yield lessIsBetter(
      { ...about, case: 'ten-instances-vs-bpftool-batch', peerName: 'bpftool batch, one process' },
      ours,
      peer.map(({ batch }) => batch),
    );
    const p99 = quantile(ours, 0.99);
    yield lessIsBetter({ ...about, case: 'ten-instances-p99', peerName: 'target' }, [p99], [TARGET_P99_MS]);
  },
};

/**
 * From the beginning of the first load to the end of the last change of the chain, journal included. A step whose report is
 * missing in between changes nothing.
 */
function kernelTime({ steps }: Deployment): number {
  const ofKernel = steps.filter(({ kind, done }) => KERNEL_STEPS.has(kind) && !Number.isNaN(done));
  if (ofKernel[0]?.kind !== 'load-instance' || ofKernel.at(-1)?.kind !== 'set-next')
    throw new Error(
      `the chain was not built from load to link: ${ofKernel.map(({ kind }) => kind).join(' ')}`,
    );
  return Math.max(...ofKernel.map(({ done }) => done)) - ofKernel[0].started;
}
