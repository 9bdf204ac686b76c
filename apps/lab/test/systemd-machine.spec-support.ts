import { runCommand, waitFor } from '@underware/testkit';
import type { NetnsHost } from '@underware/testkit';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { REPOSITORY } from '../src/stack/layout.js';

const SYSTEMD = '/lib/systemd/systemd';
const BOOT_MS = 30_000;

/** What booting a machine needs of this one; the name of the first thing that is missing. */
export function missingForSystemd(): string | undefined {
  const places = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const programs = ['podman', 'runc'].find((name) => !places.some((place) => existsSync(join(place, name))));
  return programs ?? (existsSync(SYSTEMD) ? undefined : 'systemd');
}

/** Units that would reach through to the machine itself: its settings, its modules, its clock, its terminals. */
const MASKED = [
  'systemd-sysctl.service',
  'systemd-modules-load.service',
  'systemd-remount-fs.service',
  'systemd-binfmt.service',
  'systemd-random-seed.service',
  'systemd-timesyncd.service',
  'proc-sys-fs-binfmt_misc.automount',
  'getty.target',
  'console-getty.service',
];

export interface MachineSettings {
  /** The host of a lab whose network and BPF file system the machine has. */
  network: NetnsHost;
  /** Directories that it shares with this machine, at the same path: where the stack's sockets are. */
  shared: string[];
}

/**
 * A machine that systemd runs, as process 1 of a container: this machine's root file system under an overlay, of which nothing
 * stays, on the network of a host of the lab. The checkout is in /opt/underware, and Node.js where packages put it.
 */
export class SystemdMachine {
  private readonly directory: string;
  readonly root: string;
  private readonly podman: string[];

  private constructor(readonly name: string) {
    this.directory = join(tmpdir(), `${name}-machine`);
    this.root = join(this.directory, 'root');
    const place = (part: string): string => join(this.directory, 'podman', part);
    this.podman = ['podman', '--root', place('root'), '--runroot', place('run'), '--tmpdir', place('tmp')];
    this.podman.push('--runtime', 'runc', '--cgroup-manager', 'cgroupfs', '--events-backend', 'file');
  }

  /** A file system to put files into; what an earlier machine of the name left is removed first. */
  static async prepare(name: string): Promise<SystemdMachine> {
    const machine = new SystemdMachine(name);
    await machine.remove();
    const layers = join(machine.directory, 'layers');
    for (const directory of [layers, machine.root]) await mkdir(directory, { recursive: true });
    // In memory: the upper layer of an overlay may not lie in its lower one.
    await runCommand(['mount', '-t', 'tmpfs', name, layers]);
    const [upper, work] = [join(layers, 'upper'), join(layers, 'work')];
    for (const directory of [upper, work]) await mkdir(directory);
    const options = `lowerdir=/,upperdir=${upper},workdir=${work}`;
    await runCommand(['mount', '-t', 'overlay', '-o', options, name, machine.root]);
    await machine.#clearUnits();
    return machine;
  }

  /** Copies a file of this machine there. */
  async install(from: string, to: string): Promise<void> {
    await this.write(to, await readFile(from, 'utf8'));
  }

  async write(path: string, text: string): Promise<void> {
    const target = join(this.root, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { mode: 0o600 });
  }

  async boot({ network, shared }: MachineSettings): Promise<void> {
    const volumes = [
      ...shared.map((path) => `${path}:${path}`),
      `${network.bpffs}:/sys/fs/bpf`,
      `${await this.#controlGroups()}:/sys/fs/cgroup:rw`,
      // What the agent names there is to be seen by the test as well.
      '/run/netns:/run/netns:rshared',
      `${REPOSITORY}:/opt/underware:ro`,
      `${process.execPath}:/usr/bin/node:ro`,
    ];
    const options = {
      name: [this.name],
      hostname: [this.name],
      systemd: ['always'],
      'cgroup-parent': [`/${this.name}`],
      network: [`ns:${network.namespacePath}`],
      'cap-add': ['ALL'],
      'security-opt': ['seccomp=unconfined', 'unmask=ALL'],
      ulimit: ['nofile=20000:20000', 'nproc=1000:1000'],
      // What this machine has there is not to be copied.
      tmpfs: ['/run', '/run/lock', '/tmp'].map((path) => `${path}:rw,notmpcopyup`),
      volume: volumes,
    };
    const words = Object.entries(options).flatMap(([name, values]) =>
      values.map((value) => `--${name}=${value}`),
    );
    await runCommand([...this.podman, 'run', '--detach', ...words, '--rootfs', this.root, SYSTEMD], {
      timeoutMs: BOOT_MS,
    });
    await waitFor(
      'the machine to be up',
      async () => ['running', 'degraded'].includes(await this.#said(['systemctl', 'is-system-running'])),
      { deadlineMs: BOOT_MS, everyMs: 100 },
    );
  }

  /** Runs a program in the machine to its end. */
  async run(...argv: string[]): Promise<string> {
    const { stdout } = await runCommand([...this.podman, 'exec', this.name, ...argv], {
      timeoutMs: 90_000,
    });
    return stdout.trim();
  }

  /** One property of a unit. */
  property(unit: string, name: string): Promise<string> {
    return this.run('systemctl', 'show', '--value', '--property', name, unit);
  }

  /** `/proc/<pid>/status` of a unit's main process. */
  async statusOf(unit: string): Promise<string> {
    return this.run('cat', `/proc/${await this.property(unit, 'MainPID')}/status`);
  }

  /** Ends the machine and removes its file system; what mounts a killed run left, too. */
  async remove(): Promise<void> {
    if (existsSync(this.directory))
      await runCommand([...this.podman, 'rm', '--force', '--time', '0', '--ignore', this.name], {
        timeoutMs: BOOT_MS,
      });
    await waitFor('its file systems to be unmounted', async () => {
      const mine = await this.#mounts();
      for (const mount of mine) await runCommand(['umount', '--lazy', mount]).catch(() => undefined);
      return mine.length === 0;
    });
    await rm(this.directory, { recursive: true, force: true });
    await waitFor('its control groups to go', async () => {
      const groups = (await controlGroups()).map((mount) => join(mount, this.name));
      const there = groups.filter((group) => existsSync(group));
      for (const group of there)
        await runCommand(['find', group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']).catch(
          () => undefined,
        );
      return there.length === 0;
    });
  }

  /** None of this machine's own services start there, and nothing that would reach through to it. */
  async #clearUnits(): Promise<void> {
    const units = join(this.root, 'etc/systemd/system');
    await rm(units, { recursive: true, force: true });
    await mkdir(units, { recursive: true });
    for (const unit of MASKED) await symlink('/dev/null', join(units, unit));
    const etc = join(this.root, 'etc');
    for (const name of await readdir(etc))
      if (/^rc.\.d$/.test(name)) await rm(join(etc, name), { recursive: true });
  }

  /** Also of a command that fails, as that of a machine which is not up yet. */
  #said(argv: string[]): Promise<string> {
    return this.run('sh', '-c', '"$@" || true', 'sh', ...argv);
  }

  /**
   * What the machine has at /sys/fs/cgroup. For version 1 a directory of its own with this machine's hierarchies: systemd puts
   * mount points for more of them into it and seals it.
   */
  async #controlGroups(): Promise<string> {
    const hierarchies = await controlGroups();
    if (hierarchies.includes('/sys/fs/cgroup')) return '/sys/fs/cgroup';
    const directory = join(this.directory, 'cgroup');
    await mkdir(directory);
    await runCommand(['mount', '-t', 'tmpfs', this.name, directory]);
    for (const mount of hierarchies) {
      const place = join(directory, basename(mount));
      await mkdir(place);
      await runCommand(['mount', '--bind', mount, place]);
    }
    return directory;
  }

  /** Innermost first. */
  async #mounts(): Promise<string[]> {
    return (await mounts())
      .flatMap(([mount]) => (mount.startsWith(`${this.directory}/`) ? [mount] : []))
      .toReversed();
  }
}

/** Where this machine has control groups: one place of version 2, or one for every hierarchy of version 1. */
async function controlGroups(): Promise<string[]> {
  return (await mounts()).flatMap(([mount, type]) =>
    ['cgroup', 'cgroup2'].includes(type) && /^\/sys\/fs\/cgroup(\/|$)/.test(mount) ? [mount] : [],
  );
}

async function mounts(): Promise<[mount: string, type: string][]> {
  const lines = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  return lines.map(([, mount = '', type = '']) => [mount, type]);
}
