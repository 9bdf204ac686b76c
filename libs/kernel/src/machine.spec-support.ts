import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programHook, type Hook } from '@underware/core';
import { BpfLink, BpfMap, BpfObject, type BpfProgram } from '@underware/libbpf';
import { lend } from './bpf-call.js';
import { TEST_SOURCE, type KernelWorld } from './contract.spec-support.js';
import { indexOf } from './device.js';
import { readEngine } from './engine-pins.js';
import { LibbpfKernel } from './libbpf-kernel.js';
import { setSlot } from './slot.js';
import { statePins } from './state-pins.js';

const REPOSITORY = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const DIRECTORY = join(tmpdir(), 'uwt-kernel-');
const DEVICES = 'uwtk-';

const FOREIGN_SOURCE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("xdp") int uwt_foreign_xdp(struct xdp_md *ctx) { return XDP_PASS; }
SEC("tc") int uwt_foreign_tcx(struct __sk_buff *ctx) { return -1; }
char _license[] SEC("license") = "Dual BSD/GPL";
`;

export function compile(source: string): Uint8Array {
  const architecture = execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim();
  const paths = [
    '-I',
    join(REPOSITORY, 'bpf/include'),
    '-idirafter',
    `/usr/include/${architecture}-linux-gnu`,
  ];
  const flags = ['-O2', '-g', '-target', 'bpf', '-mcpu=v3', ...paths, '-x', 'c', '-c', '-', '-o', '-'];
  return new Uint8Array(execFileSync('clang', flags, { input: source }));
}

/** What a killed test run left: devices, and bpffs mounts with what is pinned in them. */
export function sweepMachine(): void {
  const links = JSON.parse(execFileSync('ip', ['-json', 'link', 'show'], { encoding: 'utf8' })) as {
    ifname: string;
  }[];
  for (const { ifname } of links) if (ifname.startsWith(DEVICES)) deleteDevice(ifname);
  for (const name of readdirSync(tmpdir()))
    if (join(tmpdir(), name).startsWith(DIRECTORY)) unmount(join(tmpdir(), name));
}

function unmount(directory: string): void {
  try {
    execFileSync('umount', [directory], { stdio: 'ignore' });
  } catch {
    // It was not mounted yet.
  }
  rmdirSync(directory);
}

export function createDevice(device: string, type: 'veth' | 'bridge' = 'veth'): void {
  if (indexOf(device) !== undefined) return;
  // Down, so that the machine's own network code sends nothing through it.
  const peer = type === 'veth' ? ['peer', 'name', `${device}p`] : [];
  execFileSync('ip', ['link', 'add', device, 'type', type, ...peer]);
}

export function deleteDevice(device: string): void {
  if (indexOf(device) !== undefined) execFileSync('ip', ['link', 'delete', device]);
}

/** This machine: its kernel, a bpffs of its own, devices of the test's prefix. */
export class Machine implements KernelWorld {
  readonly elf = compile(TEST_SOURCE);
  readonly bpffs: string;
  private readonly engine = {
    root: compile('#include "../engine/root.bpf.c"\n'),
    deliver: compile('#include "../engine/deliver.bpf.c"\n'),
  };
  readonly foreign = compile(FOREIGN_SOURCE);

  constructor() {
    sweepMachine();
    this.bpffs = mkdtempSync(DIRECTORY);
    execFileSync('mount', ['-t', 'bpf', 'bpf', this.bpffs]);
  }

  kernel(): LibbpfKernel {
    return new LibbpfKernel({ bpffs: this.bpffs, engineObject: this.engine });
  }

  async createDevice(device: string): Promise<void> {
    createDevice(device);
  }

  async deleteDevice(device: string): Promise<void> {
    deleteDevice(device);
  }

  async attachForeign(device: string, hook: Hook): Promise<{ programId: number; detach(): Promise<void> }> {
    const { object, program } = await this.loadForeign(hook);
    const ifindex = indexOf(device) ?? 0;
    const link =
      hook === 'xdp'
        ? await program.attachXdp(ifindex, { mode: 'native' })
        : await program.attachTcx(ifindex, hook === 'tcx/ingress' ? 'ingress' : 'egress');
    const programId = program.info.id;
    return {
      programId,
      detach: async () => {
        await link.detach();
        link.close();
        program.close();
        object.close();
      },
    };
  }

  async remember(key: string, map: string, entry: number, value: number): Promise<void> {
    await lend(BpfMap.fromPin(this.stateOf(key, map)), (found) => found.set(entry, value));
  }

  async remembered(key: string, map: string): Promise<Record<string, number>> {
    return lend(BpfMap.fromPin(this.stateOf(key, map)), async (found) => {
      const entries: Record<string, number> = {};
      for await (const [entry, value] of found.entries()) entries[Number(entry)] = Number(value);
      return entries;
    });
  }

  stateOf(key: string, map: string): string {
    return statePins(this.pin('instances', key)).find((each) => each.map === map)?.pin ?? '';
  }

  async damageInstance(key: string): Promise<void> {
    unlinkSync(this.pin('instances', key, 'prog'));
  }

  async detachLink(device: string, hook: Hook): Promise<void> {
    const link = BpfLink.fromPin(this.pin('roots', device, hook.replace('/', '-'), 'link'));
    await link.detach();
    link.close();
  }

  async replaceNext(device: string, hook: Hook): Promise<void> {
    const { object, program } = await this.loadForeign(hook);
    const engine = this.pin('engine', hook.replace('/', '-'));
    const row = (await readEngine(engine, hook)).devices.find((candidate) => candidate.device === device);
    await setSlot({ pin: join(engine, 'uw_next'), number: row?.slot ?? 0 }, program);
    program.close();
    object.close();
  }

  async replaceLinkProgram(device: string, hook: Hook): Promise<void> {
    const { object, program } = await this.loadForeign(hook);
    const link = BpfLink.fromPin(this.pin('roots', device, hook.replace('/', '-'), 'link'));
    await link.update(program);
    link.close();
    program.close();
    object.close();
  }

  async close(): Promise<void> {
    await this.kernel().clear();
    sweepMachine();
  }

  pin(...path: string[]): string {
    return join(this.bpffs, 'underware', ...path);
  }

  private async loadForeign(hook: Hook): Promise<{ object: BpfObject; program: BpfProgram }> {
    const object = await BpfObject.open(this.foreign);
    await object.load();
    return {
      object,
      program: object.program(programHook(hook) === 'xdp' ? 'uwt_foreign_xdp' : 'uwt_foreign_tcx'),
    };
  }
}
