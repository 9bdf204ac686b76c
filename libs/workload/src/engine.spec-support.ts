import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitFor } from '@underware/testkit';
import { connect } from './engine.js';
import { importImage } from './engine-image.js';

/** A container engine of the test's own: socket, images and containers in a directory that goes with it. */
export abstract class TestEngine {
  readonly directory: string;
  readonly socket: string;
  private service: ChildProcess | undefined;

  constructor(
    readonly title: string,
    /** The programs that it needs. */
    readonly tools: readonly string[],
    kind: string,
    name: string,
  ) {
    this.directory = path.join(tmpdir(), `uwt-${kind}-${name}`);
    this.socket = path.join(this.directory, `${kind}.sock`);
  }

  async start(): Promise<void> {
    await this.remove(); // what a test left that was killed
    mkdirSync(this.directory, { recursive: true });
    this.prepare();
    const [program = '', ...args] = this.command();
    const service = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'] },
      // A container's monitor leaves a file `oom` where it stands when the container runs out of memory.
      cwd: this.directory,
    });
    this.service = service;
    let log = '';
    service.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    writeFileSync(path.join(this.directory, 'pid'), String(service.pid));
    await waitFor('the engine to answer', async () => {
      if (service.exitCode !== null) throw new Error(`${program} ended: ${log}`);
      return existsSync(this.socket) && (await connect(this.socket).version());
    });
  }

  /** Imports an image with busybox alone; returns its name. */
  async busyboxImage(): Promise<string> {
    const rootfs = path.join(this.directory, 'rootfs');
    for (const directory of ['bin', 'tmp', 'proc', 'sys', 'dev', 'etc'])
      mkdirSync(path.join(rootfs, directory), { recursive: true });
    const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
    copyFileSync(busybox, path.join(rootfs, 'bin/busybox'));
    const name = 'localhost/uwt-busybox:1';
    await importImage(this.socket, { name, rootfs });
    return name;
  }

  /** Ends the service, removes containers and images, unmounts and deletes the storage. */
  async remove(): Promise<void> {
    if (!existsSync(this.directory)) return;
    await this.removeContainers();
    if (this.service !== undefined) {
      const { service } = this;
      const closed = new Promise((resolve) => service.once('close', resolve));
      if (service.exitCode === null && service.kill('SIGTERM')) await closed;
    } else this.endFormerService();
    // Podman's monitors run a clean-up command once a container has ended, which would make the storage anew.
    await waitFor('the engine to be done', () => !this.isInUse());
    this.cleanUp();
    const mounts = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '');
    for (const mount of mounts.filter((point) => point.startsWith(`${this.directory}/`)).reverse())
      spawnSync('umount', ['--lazy', mount]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** What its service is started with. */
  protected abstract command(): string[];

  protected abstract removeContainers(): Promise<void>;

  /** Before the service is started. */
  protected prepare(): void {}

  /** After the service has ended: what it leaves outside of the directory. */
  protected cleanUp(): void {}

  private isInUse(): boolean {
    return readdirSync('/proc').some((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.directory);
      } catch {
        return false; // it ended meanwhile
      }
    });
  }

  /** Ends the service of a test that was killed, if the process of that number still is it. */
  private endFormerService(): void {
    try {
      const pid = Number(readFileSync(path.join(this.directory, 'pid'), 'utf8'));
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.socket)) process.kill(pid, 'SIGTERM');
    } catch {
      // it is gone, or never was
    }
  }
}
