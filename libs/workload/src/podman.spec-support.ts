import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { TestEngine } from './engine.spec-support.js';

export class PodmanEngine extends TestEngine {
  constructor(name: string) {
    super('Podman', ['podman', 'runc'], 'podman', name);
  }

  protected command(): string[] {
    return ['podman', ...this.place(), 'system', 'service', '--time', '0', `unix://${this.socket}`];
  }

  protected async removeContainers(): Promise<void> {
    spawnSync('podman', [...this.place(), 'rm', '--all', '--force', '--time', '0'], { stdio: 'ignore' });
  }

  private place(): string[] {
    const { directory } = this;
    return [
      '--root',
      path.join(directory, 'root'),
      '--runroot',
      path.join(directory, 'run'),
      '--tmpdir',
      path.join(directory, 'tmp'),
      '--runtime',
      'runc',
      '--cgroup-manager',
      'cgroupfs',
      '--events-backend',
      'file',
      '--log-level',
      'error',
    ];
  }
}
