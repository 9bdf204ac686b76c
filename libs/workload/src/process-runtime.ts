import type { ChildProcess } from 'node:child_process';
import { access, mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type DesiredWorkload, type ObservedWorkload, UnderwareError } from '@underware/core';
import { type Attempt, hasCode } from './attempt.js';
import { ControlGroup, type Hierarchy, hierarchies, missingControllers } from './cgroup.js';
import { describeWorkload, waitUntilHealthy } from './health.js';
import { type Place, runBeside, supervise, userOf } from './launch.js';
import { LogFiles } from './log-file.js';
import { checkKey, checkWorkload, hostMark } from './names.js';
import { probePort, resultOf } from './probe.js';
import { startedAt } from './process-info.js';
import type { WorkloadRuntime } from './workload-runtime.js';

/** Processes and threads of one workload; room for its supervisor is added. */
const MAX_PROCESSES = 512;
const STOP_TIMEOUT_MS = 10_000;
const KILL_TIMEOUT_MS = 5_000;
const POLL_MS = 20;
const TOOLS = ['nsenter', 'setpriv'];

export interface ProcessRuntimeOptions {
  /** Directory for logs and exit codes; made when absent. */
  stateDir: string;
  /** How long a workload may take to end after SIGTERM before it is killed; default 10 s. */
  stopTimeoutMs?: number;
}

/**
 * Runs a VNF as a process of the host: in its network namespace and its own control group, as a user of its own and
 * without any privilege. It outlives the agent. What runs is told by the control groups alone; the files in the state
 * directory only add exit codes and logs.
 */
export class ProcessRuntime implements WorkloadRuntime {
  readonly runtime = 'process';
  private readonly logFiles: LogFiles;
  /** What the last check of this agent's life said, by key and revision. */
  private readonly health = new Map<string, 'healthy' | 'unhealthy'>();

  constructor(private readonly options: ProcessRuntimeOptions) {
    this.logFiles = new LogFiles(path.join(options.stateDir, 'logs'));
  }

  async describe(): Promise<string | undefined> {
    const all = await hierarchies();
    if (process.getuid?.() !== 0 || missingControllers(all).length > 0) return undefined;
    for (const tool of TOOLS) if (!(await isInstalled(tool))) return undefined;
    return `processes with limits by cgroup v${all.some(({ version }) => version === 1) ? 1 : 2}`;
  }

  async observe(): Promise<ObservedWorkload[]> {
    const groups = await this.groups();
    await this.logFiles.bound(groups.map((group) => partsOf(group.name).key));
    return Promise.all(groups.map((group) => this.observeGroup(group)));
  }

  async start(workload: DesiredWorkload): Promise<void> {
    checkWorkload(workload);
    const attempt = { attempted: 'start workload', on: describeWorkload(workload) };
    const all = await hierarchies();
    await requireStartable(all, workload, attempt);
    const group = new ControlGroup(all, await hostMark(), `${workload.key}-${workload.revision}`);
    const present = await this.groups();
    if (present.some(({ name }) => name === group.name) && !(await group.isEmpty())) return;
    for (const other of present) if (partsOf(other.name).key === workload.key) await this.end(other);
    await this.logFiles.prune(present.map(({ name }) => partsOf(name).key));
    await group.create({ ...workload, processes: MAX_PROCESSES + 1 }, attempt);
    await this.launch(workload, group);
  }

  async stop(key: string): Promise<void> {
    checkKey(key);
    for (const group of await this.groups()) if (partsOf(group.name).key === key) await this.end(group);
  }

  async checkHealth(workload: DesiredWorkload, signal?: AbortSignal): Promise<void> {
    checkWorkload(workload);
    const group = new ControlGroup(
      await hierarchies(),
      await hostMark(),
      `${workload.key}-${workload.revision}`,
    );
    try {
      await waitUntilHealthy(
        workload,
        {
          observe: async () => (await this.observe()).find(({ key }) => key === workload.key),
          log: (lines) => this.logs(workload.key, { tail: lines }),
          probe: (check) =>
            check.kind === 'command'
              ? resultOf(
                  runBeside(workload.environment, check.command ?? [], placeOf(workload, group)),
                  check.timeoutSeconds * 1000,
                )
              : probePort(check, workload.namespace),
        },
        signal,
      );
      this.health.set(group.name, 'healthy');
    } catch (error) {
      if (!signal?.aborted) this.health.set(group.name, 'unhealthy');
      throw error;
    }
  }

  async logs(key: string, options: { tail: number }): Promise<string> {
    return this.logFiles.tail(checkKey(key), options.tail);
  }

  private async groups(): Promise<ControlGroup[]> {
    const [all, host] = await Promise.all([hierarchies(), hostMark()]);
    const names = await ControlGroup.list(all, host);
    return names.map((name) => new ControlGroup(all, host, name));
  }

  private async observeGroup(group: ControlGroup): Promise<ObservedWorkload> {
    const { workload, supervisor } = await group.processes();
    const running = workload.length + supervisor.length > 0;
    const pid = oldest(workload) ?? oldest(supervisor);
    const [exitCode, since] = await Promise.all([
      running ? undefined : this.exitCode(group.name),
      pid === undefined ? undefined : startedAt(pid),
    ]);
    return {
      ...partsOf(group.name),
      runtime: 'process',
      state: running ? 'running' : 'exited',
      handle: pid === undefined ? '' : String(pid),
      ...(exitCode === undefined ? {} : { exitCode }),
      health: this.health.get(group.name) ?? 'none',
      ...(since === undefined ? {} : { startedAt: since }),
    };
  }

  private async launch(workload: DesiredWorkload, group: ControlGroup): Promise<void> {
    const exit = this.exitFile(group.name);
    await mkdir(path.dirname(exit), { recursive: true, mode: 0o700 });
    await rm(exit, { force: true });
    const log = await this.logFiles.begin(workload.key);
    try {
      const child = supervise(workload, placeOf(workload, group), { exit, log: log.fd });
      child.once('error', () => undefined); // without a supervisor, the group stays empty: exited
      // On return the group tells the truth: it is populated, or the workload has come and gone.
      while (isAlive(child) && (await group.processes()).workload.length === 0) await pause(POLL_MS);
    } finally {
      await log.close();
    }
  }

  /** SIGTERM to all that the workload runs, SIGKILL after the deadline, then nothing of the group is left. */
  private async end(group: ControlGroup): Promise<void> {
    const attempt = { attempted: 'stop workload', on: `process ${group.name}` };
    const timeout = this.options.stopTimeoutMs ?? STOP_TIMEOUT_MS;
    for (const pid of (await group.processes()).workload) signal(pid, 'SIGTERM', attempt);
    await waitUntil(() => group.isEmpty(), timeout);
    const deadline = Date.now() + KILL_TIMEOUT_MS;
    // What forks while it is being killed is killed in the next round; the supervisor comes last.
    while (!(await group.isEmpty())) {
      if (Date.now() > deadline) throw unkillable(attempt);
      const { workload, supervisor } = await group.processes();
      for (const pid of workload.length > 0 ? workload : supervisor) signal(pid, 'SIGKILL', attempt);
      await pause(POLL_MS);
    }
    await group.remove(attempt);
    await rm(this.exitFile(group.name), { force: true });
    this.health.delete(group.name);
  }

  private async exitCode(name: string): Promise<number | undefined> {
    const text = await readFile(this.exitFile(name), 'utf8').catch(() => '');
    return /^\d+\n$/.test(text) ? Number(text) : undefined;
  }

  private exitFile(name: string): string {
    return path.join(this.options.stateDir, 'exits', name);
  }
}

function partsOf(name: string): { key: string; revision: string } {
  const [key = '', revision = ''] = name.split('-');
  return { key, revision };
}

function placeOf(workload: DesiredWorkload, group: ControlGroup): Place {
  return { namespace: workload.namespace, user: userOf(workload.key), groups: group.directories };
}

function isAlive({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function oldest(pids: number[]): number | undefined {
  return pids.toSorted((a, b) => a - b)[0];
}

async function requireStartable(
  all: Hierarchy[],
  workload: DesiredWorkload,
  attempt: Attempt,
): Promise<void> {
  const missing = missingControllers(all);
  if (missing.length > 0)
    throw new UnderwareError({
      code: 'RUNTIME_UNAVAILABLE',
      ...attempt,
      why: `limits cannot be enforced: no cgroup hierarchy offers ${missing.join(', ')}`,
      remedy: 'Mount cgroup2 on /sys/fs/cgroup with these controllers, then retry.',
    });
  await requireRights(attempt);
  if (workload.command.length === 0)
    throw new UnderwareError({
      code: 'PAYLOAD_INVALID',
      ...attempt,
      why: 'a process needs a command, and it has none',
      remedy: 'Give the VNF a command in the descriptor.',
    });
  if ((await stat(`/run/netns/${workload.namespace}`).catch(() => undefined)) === undefined)
    throw new UnderwareError({
      code: 'WORKLOAD_FAILED',
      ...attempt,
      why: `its network namespace ${workload.namespace} is not there`,
      remedy: 'Condition the host first: the namespace is made before any workload starts.',
    });
}

const RIGHTS = { CAP_SETGID: 6, CAP_SETUID: 7, CAP_SETPCAP: 8 };

/** Without them, only the exit code of a tool would tell, and it is that of a command that was not found. */
async function requireRights(attempt: Attempt): Promise<void> {
  const held = BigInt(
    `0x${/^CapEff:\t(\w+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1] ?? '0'}`,
  );
  const missing = Object.entries(RIGHTS).filter(([, bit]) => (held & (1n << BigInt(bit))) === 0n);
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name).join(' and ');
  throw new UnderwareError({
    code: 'CAPABILITY_MISSING',
    ...attempt,
    why: `a VNF runs as a user and group of its own without any right, and the agent has no ${names}`,
    remedy: `Run the agent with ${names}, as its unit file does, then retry.`,
  });
}

async function isInstalled(tool: string): Promise<boolean> {
  const places = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const found = places.map((place) => access(path.join(place, tool)));
  return Promise.any(found).then(
    () => true,
    () => false,
  );
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL', attempt: Attempt): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return;
    throw new UnderwareError(
      {
        code: hasCode(error, 'EPERM') ? 'CAPABILITY_MISSING' : 'WORKLOAD_FAILED',
        ...attempt,
        why: `${name} to process ${pid}: ${error instanceof Error ? error.message : error}`,
        remedy: 'Run the agent with CAP_KILL, as its unit file does, then retry.',
      },
      { cause: error },
    );
  }
}

function unkillable(attempt: Attempt): UnderwareError {
  return new UnderwareError({
    code: 'TIMED_OUT',
    ...attempt,
    why: 'some of its processes are still there after SIGKILL: the kernel holds them, e.g. in disk I/O',
    remedy: 'See what they wait for in /proc/<pid>/stack, then retry.',
  });
}

async function waitUntil(holds: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds()) && Date.now() < deadline) await pause(POLL_MS);
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
