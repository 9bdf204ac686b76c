import { UnderwareError } from '@underware/core';
import { runCommand, waitFor } from '@underware/testkit';
import { importImage } from '@underware/workload';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isRunning, startProcess, SYSTEM_PATH } from './lab-processes.js';
import type { LabLayout } from './layout.js';
import { DEMO_IMAGE, DEMO_PROGRAM, demoRootfs } from './demo-program.js';
import { hasPodmanParent, removePodmanParent } from './control-groups.js';

const START_TIMEOUT_MS = 10_000;
const REMOVAL_MS = 10_000;

/** The socket of the engine that the hosts of the lab share, or why there is none. */
export type Containers = { socket: string } | { unavailable: string };

interface EnginePlaces {
  /** Images, layers, containers and their logs. */
  root: string;
  run: string;
  config: string;
  storage: string;
  socket: string;
  /** There when podman's control group was not there before us. */
  madeParent: string;
}

function placesOf(layout: LabLayout): EnginePlaces {
  const root = join(layout.data, 'containers');
  return {
    root,
    run: join(layout.run, 'containers'),
    config: join(root, 'containers.conf'),
    storage: join(root, 'storage.conf'),
    socket: join(layout.run, 'podman.sock'),
    madeParent: join(root, 'made-control-group'),
  };
}

/**
 * Starts a podman service of the lab's own, with the demonstration's image: storage, locks and settings are in the lab's
 * directories, so that the user's containers and images are neither seen nor touched. Says why where it cannot.
 */
export async function startContainerEngine(layout: LabLayout): Promise<Containers> {
  if (!(await isInstalled('podman'))) return { unavailable: 'podman is not installed' };
  const places = placesOf(layout);
  try {
    await writeSettings(places);
    const argv = ['podman', 'system', 'service', '--time', '0', `unix://${places.socket}`];
    const pid = await startProcess(layout, {
      role: 'podman',
      argv,
      env: { ...SYSTEM, ...settingsOf(places) },
    });
    await waitFor(
      'podman to answer',
      async () => {
        if (await accepts(places.socket)) return true;
        if (!(await isRunning(pid))) throw new Error(`it ended; see ${join(layout.logs, 'podman.log')}`);
        return false;
      },
      { deadlineMs: START_TIMEOUT_MS },
    );
    await importImage(places.socket, { name: DEMO_IMAGE, rootfs: await demoRootfs(layout) });
    // A container that cannot be run (a refused control group, a missing runtime) is known before a VNF needs it.
    // Not waited for: where nobody reaps the monitor, podman holds that for a running container for 20 seconds.
    await podman(places, [
      'run',
      '--detach',
      '--name',
      'trial',
      '--network',
      'none',
      DEMO_IMAGE,
      DEMO_PROGRAM,
      'version',
    ]);
    await podman(places, ['rm', '--force', '--time', '0', 'trial']);
    return { socket: places.socket };
  } catch (error) {
    return { unavailable: `podman does not work here: ${reasonOf(error)}` };
  }
}

/**
 * Removes the lab's containers with their mounts and control groups, also after a crash. While a container ends, its own
 * clean-up may still hold its mounts.
 */
export async function removeContainers(layout: LabLayout): Promise<void> {
  const places = placesOf(layout);
  if (!(await exists(places.config)) || !(await isInstalled('podman'))) return;
  const remove = (): Promise<unknown> => podman(places, ['rm', '--all', '--force', '--time', '0']);
  await again(remove, REMOVAL_MS).catch((cause: unknown) => {
    throw new UnderwareError(
      {
        code: 'WORKLOAD_FAILED',
        attempted: 'remove the containers',
        on: `the lab ${layout.prefix}`,
        why: reasonOf(cause),
        remedy: 'Run it again; what is gone already stays gone',
      },
      { cause },
    );
  });
  if (await exists(places.madeParent)) await removePodmanParent();
}

/** Names of the containers that a lab still has. */
export async function leftContainers(layout: LabLayout): Promise<string[]> {
  const places = placesOf(layout);
  if (!(await exists(places.config)) || !(await isInstalled('podman'))) return [];
  return (await podman(places, ['ps', '--all', '--format', '{{.Names}}'])).split('\n').filter(Boolean);
}

/** Until it does not throw, for so long at most. */
export async function again(attempt: () => Promise<unknown>, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const SYSTEM = {
  PATH: SYSTEM_PATH,
  HOME: '/root',
  LC_ALL: 'C',
};

function settingsOf(places: EnginePlaces): Record<string, string> {
  return { CONTAINERS_CONF: places.config, CONTAINERS_STORAGE_CONF: places.storage };
}

async function writeSettings(places: EnginePlaces): Promise<void> {
  await mkdir(places.root, { recursive: true, mode: 0o700 });
  await mkdir(places.run, { recursive: true, mode: 0o700 });
  await rm(places.socket, { force: true });
  if (!(await hasPodmanParent())) await writeFile(places.madeParent, '');
  // runc where there is one: crun refuses hosts that mix both versions of control groups.
  const runtime = (await isInstalled('runc')) ? ['runtime = "runc"'] : [];
  const config = [
    '[containers]',
    'default_ulimits = ["nofile=20000:20000", "nproc=1000:1000"]',
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    'lock_type = "file"',
    ...runtime,
    // conmon starts podman again when a container ends; without these settings it would look for it elsewhere.
    `conmon_env_vars = [${Object.entries({ PATH: SYSTEM_PATH, ...settingsOf(places) })
      .map(([name, value]) => `"${name}=${value}"`)
      .join(', ')}]`,
    `tmp_dir = "${join(places.run, 'libpod')}"`,
    `static_dir = "${join(places.root, 'libpod')}"`,
    `volume_path = "${join(places.root, 'volumes')}"`,
  ];
  // vfs needs no mounts of its own, so that a crash leaves none; the image is below a megabyte.
  const storage = [
    '[storage]',
    'driver = "vfs"',
    `graphroot = "${join(places.root, 'storage')}"`,
    `runroot = "${join(places.run, 'storage')}"`,
  ];
  await writeFile(places.config, `${config.join('\n')}\n`);
  await writeFile(places.storage, `${storage.join('\n')}\n`);
}

async function podman(places: EnginePlaces, args: string[]): Promise<string> {
  const settings = Object.entries({ ...SYSTEM, ...settingsOf(places) }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const { stdout } = await runCommand(['env', ...settings, 'podman', ...args], { timeoutMs: 60_000 });
  return stdout;
}

async function isInstalled(program: string): Promise<boolean> {
  const found = await Promise.all(
    SYSTEM.PATH.split(':').map((directory) => exists(join(directory, program))),
  );
  return found.includes(true);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function accepts(socket: string): Promise<boolean> {
  if (!(await exists(socket))) return false;
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}

/** The last line of what a program said is the one that tells; the rest is warnings. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const why = error instanceof UnderwareError ? error.report.why : message;
  return why.trim().split('\n').at(-1) ?? why;
}
