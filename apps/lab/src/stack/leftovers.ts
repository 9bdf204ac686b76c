import { access, readFile, readdir } from 'node:fs/promises';
import { leftContainers } from './container-engine.js';
import { leftControlGroups } from './control-groups.js';
import { remaining } from './kernel-objects.js';
import type { KernelObjects } from './kernel-objects.js';
import { labProcesses } from './lab-processes.js';
import type { LabLayout } from './layout.js';
import { labNamespaces } from './namespaces.js';

/** What a lab had while it ran, noted so that it can be looked for by its own identity afterwards. */
export interface Belongings {
  objects: KernelObjects;
  /** Namespaces as `net:[…]`. */
  links: Set<string>;
  namespaces: string[];
}

const BPF_GONE_MS = 5_000;

/** Everything of a lab that is still on the machine, in words; nothing when it was taken down well. */
export async function leftovers(layout: LabLayout, had: Belongings): Promise<string[]> {
  const left: string[] = [];
  const { hosts, vnfs } = await labNamespaces(layout.prefix);
  const names = await readdir('/run/netns').catch((): string[] => []);
  for (const name of new Set([...hosts, ...vnfs, ...names.filter((each) => had.namespaces.includes(each))]))
    left.push(`network namespace ${name}`);
  for (const { pid, command } of await labProcesses(layout, had.links))
    left.push(`process ${pid}: ${command}`);
  for (const container of await leftContainers(layout)) left.push(`container ${container}`);
  for (const group of await leftControlGroups(had.links)) left.push(`control group ${group}`);
  for (const mount of await mountsOf(layout)) left.push(`mount ${mount}`);
  for (const object of await objectsLeft(had.objects)) left.push(`BPF ${object}`);
  if (await exists(layout.run)) left.push(`directory ${layout.run}`);
  return left;
}

/** The kernel frees programs and maps a moment after their last user went. */
async function objectsLeft(objects: KernelObjects): Promise<string[]> {
  const deadline = Date.now() + BPF_GONE_MS;
  for (;;) {
    const left = remaining(objects);
    if (left.length === 0 || Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function mountsOf(layout: LabLayout): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return mounts.filter((mount) => mount.startsWith(`${layout.run}/`) || mount.startsWith(`${layout.data}/`));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
