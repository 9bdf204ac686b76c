import { mkdir, readFile, readdir, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Attempt, hasCode } from './attempt.js';
import { UnderwareError } from '@underware/core';

const CONTROLLERS = ['memory', 'cpu', 'pids'] as const;
const CPU_PERIOD_US = 100_000;
const REMOVAL_DEADLINE_MS = 5_000;

export interface Hierarchy {
  mount: string;
  version: 1 | 2;
  controllers: string[];
}

export interface Limits {
  cpus: number;
  memoryBytes: number;
  processes: number;
}

/**
 * The hierarchies a workload is put into: those with limits, and those by which systemd tells what belongs to a unit,
 * so that a restart of the agent's unit ends no workload. One on a cgroup v2 machine, several on v1 and hybrids.
 */
export async function hierarchies(): Promise<Hierarchy[]> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [type = '', , options = ''] = right.split(' ');
    const mount = left.split(' ')[4] ?? '';
    return type === 'cgroup' || type === 'cgroup2' ? [{ mount, type, options: options.split(',') }] : [];
  });
  const found: Hierarchy[] = [];
  for (const { mount, type, options } of mounts) {
    if (found.some((known) => known.mount === mount)) continue;
    if (type === 'cgroup2') {
      const controllers = await readFile(`${mount}/cgroup.controllers`, 'utf8');
      found.push({ mount, version: 2, controllers: controllers.trim().split(/\s+/) });
    } else if ([...CONTROLLERS, 'name=systemd'].some((controller) => options.includes(controller)))
      found.push({ mount, version: 1, controllers: options });
  }
  return found;
}

export function missingControllers(all: Hierarchy[]): string[] {
  return CONTROLLERS.filter((name) => !all.some(({ controllers }) => controllers.includes(name)));
}

/**
 * The control group of one workload, in every hierarchy: `underware/<host>/<name>` has the limits and holds the
 * supervisor, `vnf` below it holds what the workload runs.
 */
export class ControlGroup {
  constructor(
    private readonly all: Hierarchy[],
    private readonly host: string,
    readonly name: string,
  ) {}

  /** Names of the groups that a host has. */
  static async list(all: Hierarchy[], host: string): Promise<string[]> {
    const names = await Promise.all(
      all.map(({ mount }) => readdir(`${mount}/underware/${host}`, { withFileTypes: true }).catch(() => [])),
    );
    return [...new Set(names.flat().flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])))].sort();
  }

  /** Directories of the group, one a hierarchy. */
  get directories(): string[] {
    return this.all.map(({ mount }) => path.join(mount, 'underware', this.host, this.name));
  }

  async create(limits: Limits, attempt: Attempt): Promise<void> {
    for (const hierarchy of this.all) {
      const directory = path.join(hierarchy.mount, 'underware', this.host, this.name);
      await this.makeDirectories(hierarchy, directory).catch((error: unknown) => {
        throw groupFailed(attempt, directory, error);
      });
      for (const [file, value] of settings(hierarchy, limits)) {
        await writeFile(path.join(directory, file), value).catch((error: unknown) => {
          if (!isOptional(file) || !hasCode(error, 'ENOENT'))
            throw groupFailed(attempt, path.join(directory, file), error);
        });
      }
    }
  }

  /** Process ids in the group: the workload's own, and the supervisor's. */
  async processes(): Promise<{ workload: number[]; supervisor: number[] }> {
    const [workload, supervisor] = await Promise.all([
      this.read('vnf/cgroup.procs'),
      this.read('cgroup.procs'),
    ]);
    return { workload, supervisor };
  }

  async isEmpty(): Promise<boolean> {
    const { workload, supervisor } = await this.processes();
    return workload.length + supervisor.length === 0;
  }

  /** Removes the group, which must be empty, and what of its parents nobody else uses. */
  async remove(attempt: Attempt): Promise<void> {
    const deadline = Date.now() + REMOVAL_DEADLINE_MS;
    for (const directory of this.directories) {
      for (const each of [path.join(directory, 'vnf'), directory]) {
        // A process that just ended keeps the group busy for a moment.
        while (!(await removed(each))) {
          if (Date.now() > deadline) throw groupBusy(attempt, each);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
      await rmdir(path.dirname(directory)).catch(() => undefined);
      await rmdir(path.dirname(path.dirname(directory))).catch(() => undefined);
    }
  }

  private async read(file: string): Promise<number[]> {
    const read = await Promise.all(
      this.directories.map((directory) => readFile(path.join(directory, file), 'utf8').catch(() => '')),
    );
    return [...new Set(read.flatMap((text) => text.split('\n').filter(Boolean).map(Number)))];
  }

  /** Another host of the machine may remove a shared parent that it finds empty, between two of our calls. */
  private async makeDirectories(hierarchy: Hierarchy, directory: string): Promise<void> {
    for (let attempts = 0; ; attempts++) {
      try {
        await mkdir(path.dirname(directory), { recursive: true });
        if (hierarchy.version === 2) await delegate(hierarchy, path.dirname(directory));
        await mkdir(path.join(directory, 'vnf'), { recursive: true });
        return;
      } catch (error) {
        if (attempts === 5 || !hasCode(error, 'ENOENT')) throw error;
      }
    }
  }
}

/** cgroup v2 hands controllers down level by level. */
async function delegate(hierarchy: Hierarchy, parent: string): Promise<void> {
  const wanted = CONTROLLERS.filter((name) => hierarchy.controllers.includes(name)).map((name) => `+${name}`);
  if (wanted.length === 0) return;
  for (const level of [hierarchy.mount, path.dirname(parent), parent])
    await writeFile(path.join(level, 'cgroup.subtree_control'), wanted.join(' '));
}

function settings({ version, controllers }: Hierarchy, limits: Limits): [file: string, value: string][] {
  const quota = String(Math.max(1_000, Math.round(limits.cpus * CPU_PERIOD_US)));
  const memory = String(Math.floor(limits.memoryBytes));
  const files: Record<(typeof CONTROLLERS)[number], [string, string][]> =
    version === 2
      ? {
          memory: [
            ['memory.max', memory],
            ['memory.swap.max', '0'],
          ],
          cpu: [['cpu.max', `${quota} ${CPU_PERIOD_US}`]],
          pids: [['pids.max', String(limits.processes)]],
        }
      : {
          memory: [
            ['memory.limit_in_bytes', memory],
            ['memory.memsw.limit_in_bytes', memory],
          ],
          cpu: [
            ['cpu.cfs_period_us', String(CPU_PERIOD_US)],
            ['cpu.cfs_quota_us', quota],
          ],
          pids: [['pids.max', String(limits.processes)]],
        };
  return CONTROLLERS.filter((name) => controllers.includes(name)).flatMap((name) => files[name]);
}

/** Kernels without swap accounting lack these. */
function isOptional(file: string): boolean {
  return file.includes('swap') || file.includes('memsw');
}

async function removed(directory: string): Promise<boolean> {
  return rmdir(directory).then(
    () => true,
    async () => (await stat(directory).catch(() => undefined)) === undefined,
  );
}

function groupFailed(attempt: Attempt, file: string, error: unknown): UnderwareError {
  const denied = hasCode(error, 'EACCES') || hasCode(error, 'EPERM');
  return new UnderwareError(
    {
      code: denied ? 'CAPABILITY_MISSING' : 'RUNTIME_UNAVAILABLE',
      ...attempt,
      why: `its limits could not be set in ${file}: ${error instanceof Error ? error.message : String(error)}`,
      remedy: denied
        ? 'Run the agent as root with CAP_DAC_OVERRIDE, as its unit file does, then retry.'
        : 'Make the memory, cpu and pids controllers available to the agent, then retry.',
    },
    { cause: error },
  );
}

function groupBusy(attempt: Attempt, directory: string): UnderwareError {
  return new UnderwareError({
    code: 'WORKLOAD_FAILED',
    ...attempt,
    why: `the control group ${directory} is still busy`,
    remedy: 'See which processes are in its cgroup.procs, end them, then retry.',
  });
}
