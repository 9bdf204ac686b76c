import { access, readFile } from 'node:fs/promises';
import { arch, release } from 'node:os';
import type { KernelProfile } from '@underware/core';
import {
  BpfObject,
  kernelFunctions,
  mapTypes,
  probeHelpers,
  probeMapType,
  probeProgramType,
  programTypes,
  queryTcx,
  type Probe,
} from '@underware/libbpf';
import { lend } from './bpf-call.js';
import { indexOf } from './device.js';

/** Program types that plugins may have: asking for helpers takes a program load each. */
const PLUGIN_TYPES = ['xdp', 'sched_cls', 'cgroup_skb', 'cgroup_sock_addr', 'sk_lookup', 'tracepoint'];
const KERNEL_BTF = '/sys/kernel/btf/vmlinux';
/** Beside the compiled and the source folder alike; bpf/build.mjs makes it. */
const TRAMPOLINE_PROBE = new URL('../build/trampoline_probe.bpf.o', import.meta.url);

/** Asks the kernel by trying: nothing is attached, nothing stays loaded. */
export async function probeKernel(engine: Uint8Array): Promise<KernelProfile> {
  const notes: string[] = [];
  const note = (what: string) => (error: unknown) => {
    notes.push(`${what}: ${reasonOf(error)}`);
    return false;
  };
  const [supportedTypes, supportedMaps, tcx, trampoline, kfuncs, btf, jit] = await Promise.all([
    supported('program type', programTypes(), probeProgramType, notes),
    supported('map type', mapTypes(), probeMapType, notes),
    probeTcx().catch(note('tcx')),
    probeTrampoline().catch(note('trampoline')),
    kernelFunctions().catch((error: unknown) => {
      note('kfuncs')(error);
      return [];
    }),
    access(KERNEL_BTF).then(() => true, note('btf')),
    probeJit(engine).catch(note('jit')),
  ]);
  const helpers = await Promise.all(
    PLUGIN_TYPES.filter((type) => supportedTypes.includes(type)).map(
      async (type) => [type, await probeHelpers(type)] as const,
    ),
  );
  return {
    release: release(),
    architecture: arch(),
    programTypes: supportedTypes,
    mapTypes: supportedMaps,
    helpers: Object.fromEntries(helpers),
    kfuncs,
    attach: { xdp: supportedTypes.includes('xdp'), tcx, trampoline },
    btf,
    jit,
    notes: notes.sort(),
  };
}

async function supported(
  what: string,
  names: string[],
  probe: (name: string) => Promise<Probe>,
  notes: string[],
): Promise<string[]> {
  const answers = await Promise.all(names.map(async (name) => ({ name, ...(await probe(name)) })));
  for (const { name, reason } of answers) if (reason !== undefined) notes.push(`${what} ${name}: ${reason}`);
  return answers.filter(({ supported }) => supported).map(({ name }) => name);
}

/** A kernel without TCX does not know the question. Every network namespace has a loopback device. */
async function probeTcx(): Promise<boolean> {
  const loopback = indexOf('lo');
  if (loopback === undefined) return false;
  await queryTcx(loopback, 'ingress');
  return true;
}

/** Kernels that know the program types may still refuse every trampoline: only a load tells. */
async function probeTrampoline(): Promise<boolean> {
  return lend(await BpfObject.open(await readFile(TRAMPOLINE_PROBE)), async (object) => {
    await object.load();
    return true;
  });
}

/** The switch in /proc/sys is there in the first network namespace only: a loaded program tells everywhere. */
async function probeJit(engine: Uint8Array): Promise<boolean> {
  return lend(await BpfObject.open(engine), async (object) => {
    for (const { name, type } of object.programs) object.setAutoload(name, type === 'xdp');
    await object.load();
    const name = object.programs.find(({ type }) => type === 'xdp')?.name ?? '';
    return lend(object.program(name), ({ info }) => info.jitedBytes > 0);
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'errnoName' in error) return String(error.errnoName);
  return error instanceof Error ? error.message : String(error);
}
