import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { UnderwareError } from '@underware/core';
import { runCommand } from './command.js';
import { waitFor } from './wait-for.js';

const NAMESPACES = '/run/netns';
/** Too short a prefix would take what others made. */
const SHORTEST_PREFIX = 3;

/**
 * Removes what a lab made, also one that crashed: the processes in its namespaces, the namespaces with all their
 * devices, devices of its prefix on the machine itself, and its directory with BPF file systems and their pins.
 * Removing nothing is no error.
 */
export async function sweep({ prefix, directory }: { prefix: string; directory?: string }): Promise<void> {
  if (prefix.length < SHORTEST_PREFIX) {
    throw new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: 'sweep a lab',
      on: `prefix ${JSON.stringify(prefix)}`,
      why: `it is shorter than ${SHORTEST_PREFIX} characters`,
      remedy: 'Give the prefix of the lab',
    });
  }
  for (const namespace of await namespacesOf(prefix)) await removeNamespace(namespace);
  for (const device of await devicesOf(prefix)) await ignoreMissing(['ip', 'link', 'delete', device]);
  if (directory !== undefined) await removeDirectory(directory);
}

async function namespacesOf(prefix: string): Promise<string[]> {
  try {
    return (await readdir(NAMESPACES)).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

async function removeNamespace(namespace: string): Promise<void> {
  await waitFor(`processes in ${namespace} to end`, async () => {
    const pids = await processesIn(namespace);
    for (const pid of pids) kill(pid);
    return pids.length === 0;
  });
  await ignoreMissing(['ip', 'netns', 'delete', namespace]);
}

async function processesIn(namespace: string): Promise<number[]> {
  try {
    const { stdout } = await runCommand(['ip', 'netns', 'pids', namespace]);
    return stdout.split('\n').filter(Boolean).map(Number);
  } catch {
    return []; // a name without a mounted namespace: a crash between the two
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}

async function devicesOf(prefix: string): Promise<string[]> {
  const { stdout } = await runCommand(['ip', '-json', 'link', 'show']);
  return (JSON.parse(stdout) as { ifname: string }[])
    .map((link) => link.ifname)
    .filter((name) => name.startsWith(prefix));
}

async function removeDirectory(directory: string): Promise<void> {
  for (const mount of await mountsBelow(directory)) await ignoreMissing(['umount', '--lazy', mount]);
  await rm(directory, { recursive: true, force: true });
}

/** Deepest first. A lazy unmount drops the pins as soon as nobody looks. */
async function mountsBelow(directory: string): Promise<string[]> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  return mounts
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((mount) => mount.startsWith(path.resolve(directory) + path.sep))
    .reverse();
}

/** For things that may vanish by themselves; what really stays shows when it is created again. */
async function ignoreMissing(argv: string[]): Promise<void> {
  try {
    await runCommand(argv);
  } catch (error) {
    if (!(error instanceof UnderwareError)) throw error;
  }
}
