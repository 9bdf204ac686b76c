import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark } from '../benchmark.js';
import { lessIsBetter } from '../result.js';
import { withStack } from '../stack/lab.js';
import type { BenchStack } from '../stack/lab.js';
import { deployOnce, descriptor } from '../stack/service.js';

/** Megabytes of resident memory, at rest. */
const TARGETS = { orchestrator: 250, agent: 100 };
/** Enough for what a deployment left to be collected, and for several heartbeats. */
const REST_MS = 30_000;
const SAMPLES = 20;

export const footprint: Benchmark = {
  name: 'footprint',
  measures: 'resident memory of orchestrator and agent at rest, after a service came and went',
  async *run(signal) {
    const orchestrator: number[] = [];
    const agent: number[] = [];
    await withStack(signal, async (stack) => {
      await deployOnce(stack.client, descriptor(1), signal, async () => undefined);
      await rest(REST_MS, signal);
      for (let i = 0; i < SAMPLES; i++) {
        orchestrator.push(await residentMegabytes(stack, 'orchestrator'));
        agent.push(await residentMegabytes(stack, 'agent-h1'));
        await rest(500, signal);
      }
    });
    const about = { bench: 'footprint', unit: 'MB', peerName: 'target' };
    yield lessIsBetter({ ...about, case: 'orchestrator-all' }, orchestrator, [TARGETS.orchestrator]);
    yield lessIsBetter({ ...about, case: 'agent' }, agent, [TARGETS.agent]);
  },
};

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal });
}

async function residentMegabytes({ pidOf }: BenchStack, role: string): Promise<number> {
  const status = await readFile(`/proc/${pidOf(role)}/status`, 'utf8');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`${role} has no resident memory: it ended`);
  return (Number(kibibytes) * 1024) / 1e6;
}
