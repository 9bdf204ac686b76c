import type { KernelProfile } from '@underware/core';
import type { UnderwareClient } from '@underware/client';
import type { Terminal } from './terminal.js';

/** What every command is given. */
export interface Session {
  terminal: Terminal;
  /** Connects on first use: commands that work on files need no orchestrator. */
  client(): UnderwareClient;
  /** Asks the kernel of this machine what it supports; needs root. */
  probeKernel(): Promise<KernelProfile>;
  /** Aborted by Ctrl-C, once it was asked for: until then Ctrl-C ends the command. */
  signal: AbortSignal;
  /** What the command exits with when it did not throw: 1 where something was refused or failed. */
  exitCode: 0 | 1;
}
