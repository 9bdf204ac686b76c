import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from '@jest/globals';
import { interfaceIndex } from './query.js';

const PREFIX = 'uwt-bpf-';
const FIXTURES = join(dirname(dirname(fileURLToPath(import.meta.url))), 'test', 'fixtures');

interface Runner {
  (name: string, body: () => void): void;
  skip(name: string, body: () => void): void;
}

/** `describe` for tests that need the kernel's consent; without root it says so and skips. */
export function describeAsRoot(name: string, body: () => void): void {
  const runner: Runner = describe;
  if (process.getuid?.() === 0) runner(name, body);
  else runner.skip(`${name} [skipped: the tests do not run as root]`, body);
}

/** Compiles test/fixtures/<name>.bpf.c and gives the object's bytes. */
export function compileFixture(name: string): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  try {
    const out = join(directory, `${name}.o`);
    const machine = execFileSync('cc', ['-dumpmachine'], { encoding: 'utf8' }).trim();
    const source = join(FIXTURES, `${name}.bpf.c`);
    execFileSync('clang', [
      '-O2',
      '-g',
      '-target',
      'bpf',
      `-I/usr/include/${machine}`,
      '-c',
      source,
      '-o',
      out,
    ]);
    return readFileSync(out);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A bpf (or cgroup2) file system of its own, mounted in a temporary directory. */
export function mountPrivate(type: 'bpf' | 'cgroup2'): { path: string; unmount(): void } {
  const path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  execFileSync('mount', ['-t', type, 'none', path]);
  return {
    path,
    unmount: () => {
      execFileSync('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

/** A veth pair that stays down: programs can be attached, no packet flows. */
export function createVeth(tag: string): { ifindex: number; remove(): void } {
  const name = `uwt-${tag}0`;
  execFileSync('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `uwt-${tag}1`]);
  return { ifindex: interfaceIndex(name), remove: () => execFileSync('ip', ['link', 'del', name]) };
}

/** Takes away what a crashed run left: mounts of dead processes, and devices of this tag. */
export function sweep(tag: string): void {
  for (const entry of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(entry)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(tmpdir(), entry);
    if (readFileSync('/proc/self/mounts', 'utf8').includes(` ${path} `)) execFileSync('umount', [path]);
    rmSync(path, { recursive: true, force: true });
  }
  const links = execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' });
  if (links.includes(` uwt-${tag}0@`)) execFileSync('ip', ['link', 'del', `uwt-${tag}0`]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
