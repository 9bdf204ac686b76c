import { runCommand } from '@underware/testkit';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/layout.js';
import type { Stack } from '../stack/stack.js';

/** What `underware show --json` says, as far as the demonstration looks at it. */
export interface ShownService {
  id: string;
  chains: {
    hostName: string;
    port: string;
    direction: string;
    hops: {
      underservice: string;
      plugin: string;
      verdicts: Record<string, { packets: number; bytes: number }>;
      counters: { map: string; name: string; packets: number; bytes: number }[];
    }[];
  }[];
  workloads: { vnf: string; hostName: string; runtime: string; state: string; health: string }[];
}

/** Runs the command line as a user would, on this stack. */
export async function underware(stack: Stack, ...args: string[]): Promise<string> {
  const environment = [`UNDERWARE_URL=${stack.url}`, `UNDERWARE_TOKEN_FILE=${stack.tokenFile}`, 'NO_COLOR=1'];
  const program = [process.execPath, join(REPOSITORY, 'apps/cli/dist/main.js')];
  const { stdout } = await runCommand(['env', ...environment, ...program, ...args], { timeoutMs: 60_000 });
  return stdout;
}

export async function showService(stack: Stack, id: string): Promise<ShownService> {
  return JSON.parse(await underware(stack, 'show', id, '--json')) as ShownService;
}
