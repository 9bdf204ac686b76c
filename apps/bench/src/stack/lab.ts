import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { UnderwareClient } from '@underware/client';
import { NetnsHost } from '@underware/testkit';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const LAB = `${REPOSITORY}apps/lab/dist/main.js`;
/** Names of the stack's namespaces begin so. */
const PREFIX = 'uwb-lab-';
const PLACE = ['--prefix', PREFIX, '--dir', `${REPOSITORY}.underware/bench`];

/** A stack of one host, whose workloads are processes. */
export interface BenchStack {
  client: UnderwareClient;
  host: NetnsHost;
  /** Id of the process that plays `orchestrator` or `agent-h1`. */
  pidOf(role: string): number;
}

/** What `lab status --json` says, as far as it is needed here. */
interface LabStatus {
  stack: {
    socket: string;
    tokenFile: string;
    hosts: { name: string; namespace: string; bpffs: string }[];
  };
  processes: { pid: number; role: string }[];
}

/** The whole of Underware, started as a user starts it, under a name of its own; removed with its data when `work` is done. */
export async function withStack<Result>(
  signal: AbortSignal,
  work: (stack: BenchStack) => Promise<Result>,
): Promise<Result> {
  await clean();
  try {
    signal.throwIfAborted();
    await lab(['up', ...PLACE, '--hosts', '1', '--no-containers'], signal);
    return await work(await runningStack(signal));
  } finally {
    await clean();
  }
}

async function runningStack(signal: AbortSignal): Promise<BenchStack> {
  const { stack, processes } = JSON.parse(await lab(['status', ...PLACE, '--json'], signal)) as LabStatus;
  const [host] = stack.hosts;
  if (host === undefined) throw new Error('the stack has no host');
  const token = (await readFile(stack.tokenFile, 'utf8')).trim();
  return {
    client: new UnderwareClient({ url: `unix:${stack.socket}`, token }),
    host: new NetnsHost(host.name, host.namespace, host.bpffs),
    pidOf: (role) => {
      const found = processes.find((each) => each.role === role);
      if (found === undefined) throw new Error(`the stack has no process ${role}`);
      return found.pid;
    },
  };
}

/** In a session of its own: Ctrl-C in the terminal must not cut the cleaning short. */
async function clean(): Promise<void> {
  await finished(spawn(process.execPath, [LAB, 'clean', ...PLACE], { detached: true }));
}

async function lab(argv: string[], signal: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, [LAB, ...argv]);
  const end = (): void => void child.kill();
  signal.addEventListener('abort', end);
  try {
    const output = await finished(child);
    signal.throwIfAborted();
    return output;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

async function finished(child: ChildProcess): Promise<string> {
  let output = '';
  let errors = '';
  child.stdout?.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (errors += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new Error(`${child.spawnargs.slice(1).join(' ')} ended with ${String(code)}: ${errors}`);
  return output;
}
