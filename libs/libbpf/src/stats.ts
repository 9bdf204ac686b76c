import { call, native } from './native.js';

/** While one of these is open, the kernel counts run time and runs of every program (a few ns per run). */
export interface RunTimeStats {
  close(): void;
}

/** Enables run-time statistics; needs CAP_SYS_ADMIN. Close it, or end the process, to disable them. */
export function enableStats(): RunTimeStats {
  const handle = call('run-time statistics', () => native().RunTimeStats.enable());
  return { close: () => handle.close() };
}
