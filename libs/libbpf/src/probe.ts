import { errnoName } from './error.js';
import { HELPER_NAMES } from './helper-names.js';
import { mapTypeNumber, programTypeNumber } from './names.js';
import { callAsync, native } from './native.js';

/** The kernel does not change while it runs: each question is asked once per process. */
const answers = new Map<string, Promise<unknown>>();

export interface Probe {
  supported: boolean;
  /** Why it cannot be told, e.g. `EPERM`; absent when the kernel gave a clear answer. */
  reason?: string;
}

export async function probeProgramType(type: string): Promise<Probe> {
  const number = programTypeNumber(type);
  return once(`program ${type}`, async () => toProbe(await native().probeProgramType(number)));
}

export async function probeMapType(type: string): Promise<Probe> {
  const number = mapTypeNumber(type);
  return once(`map ${type}`, async () => toProbe(await native().probeMapType(number)));
}

/** Names of the helpers (without `bpf_`) that programs of a type may call; empty where that cannot be probed (tracing types). */
export async function probeHelpers(programType: string): Promise<string[]> {
  const number = programTypeNumber(programType);
  return once(`helpers ${programType}`, async () => {
    const results = await native().probeHelpers(number, HELPER_NAMES.length);
    return HELPER_NAMES.filter((_, id) => results[id] === 1);
  });
}

/** Kernel functions that programs may call (kfuncs), sorted; empty when the kernel tells none. */
export async function kernelFunctions(): Promise<string[]> {
  return once('kfuncs', async () => {
    const names = await callAsync('kernel BTF', () => native().kernelFunctions());
    return [...new Set(names)].sort();
  });
}

function toProbe(result: number): Probe {
  return result >= 0 ? { supported: result === 1 } : { supported: false, reason: errnoName(-result) };
}

function once<T>(question: string, ask: () => Promise<T>): Promise<T> {
  const known = answers.get(question) as Promise<T> | undefined;
  if (known) return known;
  const answer = ask();
  answers.set(question, answer);
  // A failed probe (out of memory, no rights yet) may succeed later.
  answer.catch(() => answers.delete(question));
  return answer;
}
