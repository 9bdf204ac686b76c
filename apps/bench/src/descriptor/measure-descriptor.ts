import { performance } from 'node:perf_hooks';
import { compile, warmUp } from '@underware/descriptor';
import { largeDescriptor } from './large-descriptor.js';

/** Milliseconds from text to service graph. */
export interface DescriptorSamples {
  /** The first compilation of the process, what is built in read along with it. */
  coldMs: number;
  oneMs: number[];
  twoMs: number[];
}

const ROUNDS = 7;
/** Compilations before those that are measured. */
const WARM_UP = 2;
const MEGABYTE = 1_000_000;

export function measureDescriptor(): DescriptorSamples {
  const [one, two] = [largeDescriptor(MEGABYTE), largeDescriptor(2 * MEGABYTE)];
  const coldMs = millisecondsOf(one);
  const samples: DescriptorSamples = { coldMs, oneMs: [], twoMs: [] };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const [oneMs, twoMs] = [millisecondsOf(one), millisecondsOf(two)];
    if (round < 0) continue;
    samples.oneMs.push(oneMs);
    samples.twoMs.push(twoMs);
  }
  return samples;
}

/** The first one that an orchestrator is asked for, which has warmed its compiler up since it started. */
export function measureFirst(): number {
  const text = largeDescriptor(MEGABYTE);
  const steps = warmUp();
  while (steps.next().done !== true);
  return millisecondsOf(text);
}

function millisecondsOf(text: string): number {
  const started = performance.now();
  const { graph, findings } = compile({ file: 'large.yaml', text });
  const ended = performance.now();
  if (graph === undefined) throw new Error(`the descriptor does not compile: ${JSON.stringify(findings[0])}`);
  return ended - started;
}
