import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect, removeByForce } from './engine.js';
import { TestEngine } from './engine.spec-support.js';

/** What the engine makes wherever its own places are, inner ones first. */
const FIXED_PLACES = [
  '/etc/docker/key.json',
  '/run/docker/plugins',
  '/run/docker',
  '/run/containerd/s',
  '/run/containerd',
];

/**
 * Docker's engine, with a containerd of its own and no network: it touches neither packet filters nor forwarding. It runs in a
 * mount namespace that sees the host's mounts come and go, as the host does not see its.
 */
export class DockerEngine extends TestEngine {
  private readonly cgroup: string;

  constructor(name: string) {
    super("Docker's engine", ['dockerd', 'containerd', 'runc', 'unshare'], 'docker', name);
    this.cgroup = `uwt-docker-${name}`;
  }

  protected override prepare(): void {
    writeFileSync(this.in('daemon.json'), '{}');
    writeFileSync(this.in('made'), FIXED_PLACES.filter((place) => !existsSync(place)).join('\n'));
  }

  protected command(): string[] {
    const settings = {
      host: `unix://${this.socket}`,
      'config-file': this.in('daemon.json'),
      'data-root': this.in('data'),
      'exec-root': this.in('exec'),
      pidfile: this.in('docker.pid'),
      'storage-driver': 'vfs',
      bridge: 'none',
      iptables: false,
      ip6tables: false,
      'ip-forward': false,
      'ip-masq': false,
      'userland-proxy': false,
      'exec-opt': 'native.cgroupdriver=cgroupfs',
      'cgroup-parent': `/${this.cgroup}`,
      'shutdown-timeout': 1,
      'log-level': 'error',
    };
    const flags = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    return ['unshare', '--mount', '--propagation', 'slave', '--', 'dockerd', ...flags];
  }

  protected async removeContainers(): Promise<void> {
    const docker = connect(this.socket);
    const found = await docker.listContainers({ all: true }).catch(() => []);
    await Promise.all(found.map(({ Id: id }) => removeByForce(docker.getContainer(id))));
  }

  protected override cleanUp(): void {
    const mounts = [
      '/sys/fs/cgroup',
      ...readdirSync('/sys/fs/cgroup').map((name) => `/sys/fs/cgroup/${name}`),
    ];
    for (const mount of mounts) removeDirectory(path.join(mount, this.cgroup));
    const made = existsSync(this.in('made')) ? readFileSync(this.in('made'), 'utf8').split('\n') : [];
    for (const place of FIXED_PLACES.filter((one) => made.includes(one)))
      if (place.endsWith('.json')) rmSync(place, { force: true });
      else removeDirectory(place);
  }

  private in(name: string): string {
    return path.join(this.directory, name);
  }
}

/** One that is used by someone else by now is not empty, and stays. */
function removeDirectory(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // it is not there, or not ours any more
  }
}
