import { spawn } from 'node:child_process';
import { mkdir, open, readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LabLayout } from './layout.js';

/**
 * Environment variable that every process of a lab is started with and hands on. It finds them again after any crash, where
 * a file with process ids would be one write late or name a process that is someone else's by now.
 */
const MARK = 'UNDERWARE_LAB';
const ROLE = 'UNDERWARE_LAB_ROLE';

/** The environment of the lab's processes is made for them; nothing of the caller's is handed on. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface LabProcess {
  pid: number;
  /** `orchestrator`, `agent-h1`, …; for what those started, theirs. */
  role: string;
  command: string;
}

export interface ProcessSpec {
  role: string;
  argv: string[];
  env: Record<string, string>;
}

/** Starts a process of the lab in a session of its own, its output appended to `<role>.log`. Returns its id. */
export async function startProcess(layout: LabLayout, spec: ProcessSpec): Promise<number> {
  const [file = '', ...args] = spec.argv;
  await mkdir(layout.logs, { recursive: true });
  const log = await open(join(layout.logs, `${spec.role}.log`), 'a', 0o600);
  try {
    const child = spawn(file, args, {
      env: { ...spec.env, [MARK]: layout.run, [ROLE]: spec.role },
      stdio: ['ignore', log.fd, log.fd],
      // Ctrl-C in the terminal is for who takes the lab down, not for each process of it.
      detached: true,
    });
    child.unref();
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child.pid ?? 0));
    });
  } finally {
    await log.close();
  }
}

/** Every process of the lab: those that carry its mark, its redis-server, and those inside the given namespaces. */
export async function labProcesses(
  layout: LabLayout,
  namespaces: ReadonlySet<string> = new Set(),
): Promise<LabProcess[]> {
  const found: LabProcess[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const one = await look(layout, pid, namespaces);
    if (one) found.push(one);
  }
  return found;
}

async function look(
  layout: LabLayout,
  pid: number,
  namespaces: ReadonlySet<string>,
): Promise<LabProcess | undefined> {
  const [environment, title, namespace] = await Promise.all([
    readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/ns/net`).catch(() => ''),
  ]);
  const variables = environment.split('\0');
  const command = title.replaceAll('\0', ' ').trim();
  // A zombie has no command line; whoever started it reaps it.
  if (command === '') return undefined;
  const marked = variables.includes(`${MARK}=${layout.run}`);
  const redis = command.startsWith('redis-server ') && command.includes(`${layout.run}/`);
  if (!marked && !redis && !namespaces.has(namespace)) return undefined;
  const role = variables.find((variable) => variable.startsWith(`${ROLE}=`))?.slice(ROLE.length + 1);
  return { pid, command, role: redis ? 'redis' : (role ?? 'workload') };
}

/** Whether a process of any lab runs on this machine. */
export async function anyLabRuns(): Promise<boolean> {
  for (const name of await readdir('/proc')) {
    const environment = /^\d+$/.test(name)
      ? await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '')
      : '';
    if (environment.split('\0').some((variable) => variable.startsWith(`${MARK}=`))) return true;
  }
  return false;
}

/** Sends a signal; that the process has ended meanwhile is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // By its code: a test runner's realm has another Error.
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH'))
      throw error;
  }
}

/** Whether a process runs; one that has ended and only waits to be reaped does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return status !== undefined && !/\) [ZX] /.test(status);
}

/** Asks the processes to end, and makes them when they have not after a while. */
export async function endProcesses(list: () => Promise<LabProcess[]>, graceMs: number): Promise<void> {
  for (const { pid } of await list()) signal(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  for (;;) {
    const left = await list();
    if (left.length === 0) return;
    // Also those that were started after the first look.
    if (Date.now() > deadline) for (const { pid } of left) signal(pid, 'SIGKILL');
    await pause(20);
  }
}
