import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { labNamespaces } from '../stack/namespaces.js';
import { leftovers } from '../stack/leftovers.js';
import type { Belongings } from '../stack/leftovers.js';
import { countOf, pinnedObjects } from '../stack/kernel-objects.js';
import { layoutOf } from '../stack/layout.js';
import type { LabLayout } from '../stack/layout.js';
import { Stack } from '../stack/stack.js';
import type { StackOptions } from '../stack/stack.js';
import type { Screen } from './screen.js';
import type { Showcase } from './showcase.js';
import { showDeployment, showTermination } from './show.js';

export interface DemoOptions extends Omit<StackOptions, 'onProgress' | 'mode' | 'signal'> {
  /** Takes it all down when everything was shown, and checks that nothing remains. */
  once: boolean;
  showcase: Showcase;
}

export interface DemoOutcome {
  /** Whether everything was shown: the proof, and with `once` how it is taken down. Staying up may be ended at any time. */
  shown: boolean;
  /** Whether nothing remains of it. */
  clean: boolean;
}

/**
 * Shows a service from nothing to traffic, and takes all of it down again, whatever happens in between. `sweep` takes the lab
 * down and removes its data; it must not be hit by a second Ctrl-C.
 */
export async function demo(
  options: DemoOptions,
  screen: Screen,
  signal: AbortSignal,
  sweep: () => Promise<void>,
): Promise<DemoOutcome> {
  const layout = layoutOf(options.prefix, options.dir);
  let had: Belongings | undefined;
  let failure: unknown;
  let shown = false;
  try {
    screen.title('Starting the embedded stack and the lab');
    await sweep();
    const onProgress = (what: string): void => screen.line(what);
    const stack = await Stack.start({ ...options, mode: 'demo', onProgress, signal });
    const service = await showDeployment(stack, options.showcase, screen, signal);
    had = await belongingsOf(layout);
    if (options.once) await showTermination(stack, screen, service, signal);
    shown = true;
    if (!options.once) await stay(stack, screen, signal);
  } catch (error) {
    failure = error;
  }
  screen.title('Taking everything down');
  had ??= await belongingsOf(layout);
  await sweep();
  const left = await leftovers(layout, had);
  for (const thing of left) screen.bad(`remains: ${thing}`);
  if (left.length === 0)
    screen.good(`nothing remains: ${describe(had)}, namespaces, containers, processes, mounts`);
  // Ctrl-C is how it ends; anything else that ended it is told once all is clean.
  if (failure !== undefined && !signal.aborted) throw failure;
  return { shown, clean: left.length === 0 };
}

/** Ids are noted while everything runs: afterwards the kernel is asked for exactly these. */
async function belongingsOf(layout: LabLayout): Promise<Belongings> {
  const { hosts, vnfs, links } = await labNamespaces(layout.prefix);
  const directories = await readdir(layout.run).catch((): string[] => []);
  const objects = await pinnedObjects(directories.map((name) => join(layout.run, name, 'bpf')));
  return { objects, links, namespaces: [...hosts, ...vnfs] };
}

function describe({ objects }: Belongings): string {
  return objects.programs.size === 0 ? 'BPF objects' : `BPF objects (of ${countOf(objects)})`;
}

async function stay(stack: Stack, screen: Screen, signal: AbortSignal): Promise<void> {
  screen.title('The stack stays up until Ctrl-C');
  screen.line(`Console  ${stack.url}`);
  screen.line(`Token    cat ${stack.tokenFile}`);
  screen.line(
    'Try      ./underware show demo · ./underware watch demo · ./underware logs demo client · ./underware hosts',
  );
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    // A pending promise alone does not keep a process alive.
    const alive = setInterval(() => undefined, 1 << 30);
    signal.addEventListener('abort', () => clearInterval(alive), { once: true });
  });
}
