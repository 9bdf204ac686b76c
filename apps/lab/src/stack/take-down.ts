import { sweep } from '@underware/testkit';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeContainers } from './container-engine.js';
import { removeControlGroups } from './control-groups.js';
import { databaseDirectories, stopDatabase } from './database.js';
import { endProcesses, labProcesses } from './lab-processes.js';
import type { LabProcess } from './lab-processes.js';
import type { LabLayout } from './layout.js';
import { removeDemoProgram } from './demo-program.js';
import { deleteNamespace, labNamespaces, orphanNamespaces } from './namespaces.js';

const GRACE_MS = 8_000;

/**
 * Stops everything that runs of a lab and removes what it made in the kernel: processes, containers, namespaces with their devices,
 * BPF file systems with their pins. Data on disk stays. It asks the system what is there and needs no notes, so it works
 * after any crash, may be interrupted and repeated, and has nothing to do where nothing is.
 */
export async function takeDown(layout: LabLayout): Promise<void> {
  // Daemons first: nothing is started again behind our back, and their connections are closed before the servers go.
  await endProcesses(() => processesOf(layout, isDaemon), GRACE_MS);
  const containersLeft = await isLeft(() => removeContainers(layout));
  const { vnfs, links } = await labNamespaces(layout.prefix);
  await endProcesses(() => labProcesses(layout, links), GRACE_MS);
  for (const namespace of [...vnfs, ...(await orphanNamespaces())]) await deleteNamespace(namespace);
  await removeControlGroups(links);
  await stopDatabase(layout);
  // Once more, now that nothing else is left that could hold them: this time it is said. Their engine's files are needed until then.
  if (containersLeft) await removeContainers(layout);
  await sweep({ prefix: layout.prefix, directory: layout.run });
  await removeDemoProgram();
  await removeEmpty(dirname(layout.run));
}

/** Takes a lab down and removes its data too: database, keys, tokens, logs, images. */
export async function removeAll(layout: LabLayout): Promise<void> {
  await takeDown(layout);
  for (const directory of databaseDirectories(layout)) {
    await rm(directory, { recursive: true, force: true });
    await removeEmpty(dirname(directory));
    await removeEmpty(dirname(dirname(directory)));
  }
  await rm(layout.data, { recursive: true, force: true });
}

/** Whether what was to be done was not. */
async function isLeft(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch {
    return true;
  }
}

async function processesOf(layout: LabLayout, which: (one: LabProcess) => boolean): Promise<LabProcess[]> {
  return (await labProcesses(layout)).filter(which);
}

function isDaemon({ role }: LabProcess): boolean {
  return role === 'orchestrator' || role.startsWith('agent-');
}

/** Other labs may live beside this one. */
async function removeEmpty(directory: string): Promise<void> {
  const entries = await readdir(directory).catch(() => undefined);
  if (entries?.length === 0) await rmdir(join(directory)).catch(() => undefined);
}
