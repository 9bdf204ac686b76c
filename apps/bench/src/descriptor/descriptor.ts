import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Benchmark } from '../benchmark.js';
import { lessIsBetter } from '../result.js';
import type { DescriptorSamples } from './measure-descriptor.js';

const run = promisify(execFile);
const MEASURE = fileURLToPath(new URL('./process.js', import.meta.url));
const PROCESSES = 5;
const TARGET_MS = 300;

export const descriptor: Benchmark = {
  name: 'descriptor',
  measures: 'compile a descriptor of 1 MB to a service graph, and one of 2 MB, against the targets',
  async *run(signal) {
    const samples: DescriptorSamples[] = [];
    const first: number[] = [];
    for (let round = 0; round < PROCESSES; round++) {
      const all = await run(process.execPath, [MEASURE], { signal });
      samples.push(JSON.parse(all.stdout) as DescriptorSamples);
      const warmed = await run(process.execPath, [MEASURE, 'first'], { signal });
      first.push(JSON.parse(warmed.stdout) as number);
    }
    const about = { bench: 'descriptor', unit: 'ms' };
    const one = samples.flatMap(({ oneMs }) => oneMs);
    const cold = samples.map(({ coldMs }) => coldMs);
    yield lessIsBetter({ ...about, case: 'compile-1mb', peerName: 'target' }, one, [TARGET_MS]);
    yield lessIsBetter({ ...about, case: 'compile-1mb-first-of-orchestrator', peerName: 'target' }, first, [
      TARGET_MS,
    ]);
    yield lessIsBetter({ ...about, case: 'compile-1mb-cold', peerName: 'target' }, cold, [TARGET_MS]);
    yield lessIsBetter(
      { ...about, case: 'compile-2mb-vs-twice-1mb', peerName: 'twice the time of 1 MB' },
      samples.flatMap(({ twoMs }) => twoMs),
      one.map((ms) => 2 * ms),
    );
  },
};
