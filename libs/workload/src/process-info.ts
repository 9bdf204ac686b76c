import { readFile } from 'node:fs/promises';

/** The kernel reports start times in these units to user space, on every architecture. */
const TICKS_PER_SECOND = 100;

/** When a process started, in ISO 8601; undefined when it is gone. */
export async function startedAt(pid: number): Promise<string | undefined> {
  const [stat, system] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined),
    readFile('/proc/stat', 'utf8'),
  ]);
  const boot = /^btime (\d+)$/m.exec(system)?.[1];
  // Fields are counted after the command's name, which may itself contain spaces and parentheses.
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (boot === undefined || ticks === undefined) return undefined;
  return new Date((Number(boot) + Number(ticks) / TICKS_PER_SECOND) * 1000).toISOString();
}
