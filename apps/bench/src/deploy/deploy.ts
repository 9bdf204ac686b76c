import type { Benchmark } from '../benchmark.js';
import { measureIn } from '../in-host.js';
import { lessIsBetter } from '../result.js';
import { withStack } from '../stack/lab.js';
import { ADDRESS, deployOnce, descriptor, PORT } from '../stack/service.js';
import type { Deployment } from '../stack/service.js';
import type { FirstConnection } from './measure-reach.js';

const ROUNDS = 20;
const TARGET_MS = 1000;
/** Steps that take as long as the workload does. */
const WORKLOAD_STEPS = new Set(['start-workload', 'check-health']);

export const deploy: Benchmark = {
  name: 'deploy',
  measures:
    'one service from its request to its first connection, without the time that its workload takes to start',
  async *run(signal) {
    const conditioned: number[] = [];
    const running: number[] = [];
    const reached: number[] = [];
    await withStack(signal, async ({ client, host }) => {
      for (let round = -1; round < ROUNDS; round++) {
        const deployment = await deployOnce(client, descriptor(1), signal, () =>
          measureIn<FirstConnection>(host, 'reach', { address: ADDRESS, port: PORT }, signal),
        );
        if (round < 0) continue;
        const { requested, completed, result } = deployment;
        conditioned.push(conditionedAt(deployment) - requested);
        running.push(completed - requested - workloadTime(deployment, completed));
        reached.push(result.at - requested - workloadTime(deployment, result.at));
      }
    });
    const about = { bench: 'deploy', unit: 'ms', peerName: 'target' };
    yield lessIsBetter({ ...about, case: 'request-to-conditioned' }, conditioned, [TARGET_MS]);
    yield lessIsBetter({ ...about, case: 'request-to-first-connection' }, reached, [TARGET_MS]);
    yield lessIsBetter({ ...about, case: 'request-to-running' }, running, [TARGET_MS]);
  },
};

function conditionedAt({ steps }: Deployment): number {
  return Math.max(...steps.filter(({ kind }) => !WORKLOAD_STEPS.has(kind)).map(({ done }) => done));
}

/** What the workload took until then. */
function workloadTime({ steps }: Deployment, until: number): number {
  return steps
    .filter(({ kind }) => WORKLOAD_STEPS.has(kind))
    .reduce((sum, { started, done }) => sum + Math.max(Math.min(done, until) - started, 0), 0);
}
