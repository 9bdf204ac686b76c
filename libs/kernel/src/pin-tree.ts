import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { HOOKS, type Hook } from '@underware/core';
import { isInstanceKey } from './keys.js';
import { kernelError } from './kernel-error.js';

const BPF_FS_MAGIC = 0xcafe4a11;

export interface RootPins {
  device: string;
  hook: Hook;
  path: string;
}

/**
 * The directories of ours in one bpffs:
 *
 *     underware/engine/<xdp|tcx-ingress|tcx-egress>/{prog,uw_devices,uw_next,uw_slots}
 *     underware/engine/xdp-egress/{prog,uw_devices,uw_next,uw_exits,uw_packets}
 *     underware/roots/<device>/<xdp|tcx-ingress|tcx-egress>/link
 *     underware/roots/<device>/xdp-egress/
 *     underware/instances/<key>/{prog,rodata,maps/<map name>}, on xdp/egress exit too
 *     underware/instances/<key>/state/<owner>/<map name>-<layout>
 *     underware/staging/<what is being made or taken away>
 *
 * bpffs is memory: its calls take a microsecond, so they are made in place, not on another thread.
 */
export class PinTree {
  private readonly base: string;
  /** Directories below staging that a change in this process is working on. */
  private readonly staged = new Set<string>();
  private lastStage = 0;

  constructor(private readonly mount: string) {
    this.base = join(mount, 'underware');
  }

  /** Throws BPFFS_MISSING unless the mount point is a bpffs. */
  check(): void {
    const remedy = `Run: mkdir -p ${this.mount} && mount -t bpf bpf ${this.mount}`;
    let type: number;
    try {
      type = statfsSync(this.mount).type;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw kernelError('BPFFS_MISSING', 'use bpffs', this.mount, why, remedy, { cause });
    }
    if (type >>> 0 !== BPF_FS_MAGIC)
      throw kernelError('BPFFS_MISSING', 'use bpffs', this.mount, 'no bpffs is mounted there', remedy);
  }

  instance(key: string): string {
    return join(this.base, 'instances', key);
  }

  /** The root program of a hook, which all devices share. */
  engine(hook: Hook): string {
    return join(this.base, 'engine', folderOf(hook));
  }

  root(device: string, hook: Hook): string {
    return join(this.base, 'roots', encodeName(device), folderOf(hook));
  }

  instanceKeys(): string[] {
    return list(join(this.base, 'instances')).filter(isInstanceKey).sort();
  }

  roots(): RootPins[] {
    return list(join(this.base, 'roots'))
      .sort()
      .flatMap((folder) => {
        const device = decodeName(folder);
        const there = new Set(list(join(this.base, 'roots', folder)));
        return HOOKS.filter((hook) => there.has(folderOf(hook))).map((hook) => ({
          device,
          hook,
          path: this.root(device, hook),
        }));
      });
  }

  /** Makes an empty directory in staging, safe from `sweep` until it is published or discarded. */
  stage(...folders: string[]): string {
    this.lastStage += 1;
    const path = join(this.base, 'staging', `${process.pid}-${this.lastStage}`);
    this.staged.add(path);
    // A crashed process of the same pid may have left one.
    rmSync(path, { recursive: true, force: true });
    for (const folder of ['', ...folders]) mkdirSync(join(path, folder), { recursive: true });
    return path;
  }

  /**
   * Makes a staged directory the one at `target`, complete from its first moment. What was there is kept in staging
   * and returned: its programs may still run until `discard`.
   */
  publish(stage: string, target: string): string | undefined {
    mkdirSync(join(target, '..'), { recursive: true });
    const old = `${stage}-old`;
    this.staged.add(old);
    const replaced = renameIfThere(target, old);
    if (!replaced) this.staged.delete(old);
    renameSync(stage, target);
    this.staged.delete(stage);
    return replaced ? old : undefined;
  }

  /** Renames one pin over another: the target is the old or the new one at any moment. */
  replacePin(staged: string, target: string): void {
    renameSync(staged, target);
  }

  /** Takes a published directory out of sight at once; its pins go one by one afterwards. */
  withdraw(target: string): void {
    const old = this.stage();
    rmSync(old, { recursive: true, force: true });
    if (renameIfThere(target, old)) rmSync(old, { recursive: true, force: true });
    this.staged.delete(old);
  }

  discard(stage: string): void {
    rmSync(stage, { recursive: true, force: true });
    this.staged.delete(stage);
  }

  /** Takes away what interrupted changes left: nothing below staging is in use but by this process. */
  sweep(): void {
    const staging = join(this.base, 'staging');
    for (const name of list(staging)) {
      const path = join(staging, name);
      if (!this.staged.has(path)) rmSync(path, { recursive: true, force: true });
    }
  }

  /** Removes the device's directory when it has no root left. */
  forgetDevice(device: string): void {
    const path = join(this.base, 'roots', encodeName(device));
    if (list(path).length === 0) rmSync(path, { recursive: true, force: true });
  }

  removeAll(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

function folderOf(hook: Hook): string {
  return hook.replace('/', '-');
}

/** bpffs refuses dots; names of devices and maps may have them. */
export function encodeName(device: string): string {
  return device.replace(/[%.]/g, (char) => (char === '.' ? '%2e' : '%25'));
}

export function decodeName(folder: string): string {
  return folder.replaceAll('%2e', '.').replaceAll('%25', '%');
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function renameIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

export function isThere(path: string): boolean {
  return existsSync(path);
}

function isAbsent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
