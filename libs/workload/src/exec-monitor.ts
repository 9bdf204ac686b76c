import { readFile, readdir } from 'node:fs/promises';

/**
 * Ends Podman's monitor (conmon) of an exec session that is over. Podman lets it sleep for five minutes before it
 * forgets a session that came by its API; checks once a second would pile up hundreds, and the last ones would outlive
 * the container. The session's id, 64 hex digits, is on the monitor's command line and on nobody else's.
 */
export async function endExecMonitor(sessionId: string): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (words[0]?.endsWith('conmon') === true && words.includes(sessionId)) terminate(Number(pid), 'SIGTERM');
  }
}

export function terminate(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself, or the engine runs where its processes cannot be reached
  }
}
