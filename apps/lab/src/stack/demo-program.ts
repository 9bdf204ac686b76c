import { UnderwareError } from '@underware/core';
import { chmod, copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { anyLabRuns } from './lab-processes.js';
import { REPOSITORY } from './layout.js';
import type { LabLayout } from './layout.js';

/** The image that the examples name. */
export const DEMO_IMAGE = 'localhost/underware-demo:1';

const BUILT = join(REPOSITORY, 'apps/lab/build/underware-demo');

/**
 * The program's place on the machine and in the image, so that the same command starts it as a process and as a container. Not in
 * the checkout: workloads run as users who may not enter it; not below /run, where many machines refuse to execute.
 */
export const DEMO_PROGRAM = '/usr/local/bin/underware-demo';

/** Puts the program where VNFs that are processes find it, while a lab runs. */
export async function installDemoProgram(): Promise<void> {
  const found = await readFile(DEMO_PROGRAM).catch(() => undefined);
  if (found !== undefined && !isOurs(found)) {
    throw new UnderwareError({
      code: 'STATE_CONFLICT',
      attempted: "install the demonstration's program",
      on: DEMO_PROGRAM,
      why: 'another program has this name',
      remedy: 'Move it away and run again',
    });
  }
  await copyProgram(DEMO_PROGRAM);
}

/** Removes it again when no lab is left that could use it; a program of that name that is not ours stays. */
export async function removeDemoProgram(): Promise<void> {
  if (await anyLabRuns()) return;
  const found = await readFile(DEMO_PROGRAM).catch(() => undefined);
  if (found !== undefined && isOurs(found)) await rm(DEMO_PROGRAM, { force: true });
}

/** A root file system with one file, the static program, for the image. */
export async function demoRootfs(layout: LabLayout): Promise<string> {
  const rootfs = join(layout.data, 'rootfs');
  await copyProgram(join(rootfs, DEMO_PROGRAM));
  return rootfs;
}

async function copyProgram(to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const part = `${to}.${process.pid}.part`;
  try {
    await copyFile(BUILT, part);
    await chmod(part, 0o755);
    await rename(part, to);
  } catch (cause) {
    await rm(part, { force: true });
    throw new UnderwareError(
      {
        code: 'NOT_FOUND',
        attempted: "install the demonstration's program",
        on: to,
        why: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Run ./underware setup, which builds it',
      },
      { cause },
    );
  }
}

/** Its own usage line, in the program's bytes. */
function isOurs(program: Buffer): boolean {
  return program.includes('usage: underware-demo ');
}
