import { readFile, rename, writeFile } from 'node:fs/promises';
import type { LabLayout } from './layout.js';

/** What others need to know of a running stack; the CLI finds the address and the token by it. */
export interface StackState {
  url: string;
  socket: string;
  tokenFile: string;
  data: string;
  queue: 'postgres' | 'redis';
  /** `up` runs until it is taken down; `demo` belongs to the process that shows it. */
  mode: 'up' | 'demo';
  owner: { pid: number; startedAt: string };
  hosts: { name: string; id: string; namespace: string; bpffs: string }[];
  /** What VNFs run as, and why. */
  runtime: string;
}

export async function writeState(layout: LabLayout, state: StackState): Promise<void> {
  const part = `${layout.stateFile}.part`;
  await writeFile(part, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(part, layout.stateFile);
}

/** Undefined when no stack was started, or its start was cut short. */
export async function readState(layout: LabLayout): Promise<StackState | undefined> {
  const text = await readFile(layout.stateFile, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as StackState);
}

/** When a process began, in clock ticks since boot: with its id, this names it for good. */
export async function processStart(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')[19];
}

/** Whether the process that a demo belongs to still runs. */
export async function ownerLives({ owner }: StackState): Promise<boolean> {
  return (await processStart(owner.pid)) === owner.startedAt;
}
