import { accessSync, readFileSync } from 'node:fs';
import { UnderwareError } from '@underware/core';

/** What a test may need of the machine. */
export type MachineFeature = 'root' | 'network-namespaces' | 'bpf' | 'tcx';

const ROOT_AND_BPF: readonly MachineFeature[] = ['root', 'network-namespaces', 'bpf'];

/** Numbers of <linux/capability.h>. */
const CAPABILITY = { netAdmin: 12n, sysAdmin: 21n };

/** Says why a feature is missing, or undefined where it is there. */
const PROBES: Record<MachineFeature, () => string | undefined> = {
  root: () => (process.geteuid?.() === 0 ? undefined : 'the tests do not run as root'),
  'network-namespaces': () =>
    hasCapability(CAPABILITY.netAdmin) && hasCapability(CAPABILITY.sysAdmin) && exists('/proc/self/ns/net')
      ? undefined
      : 'network namespaces need CAP_NET_ADMIN and CAP_SYS_ADMIN',
  bpf: () => (exists('/sys/fs/bpf') ? undefined : 'the kernel has no BPF file system (/sys/fs/bpf)'),
  tcx: () =>
    hasKernelSymbol('tcx_link_attach')
      ? undefined
      : 'the kernel has no TCX (6.6 or later, CONFIG_NET_XGRESS)',
};

interface Runner {
  (name: string, body: () => void): void;
  (name: string, body: () => Promise<void>, timeoutMs?: number): void;
  skip(name: string, body: () => void | Promise<void>): void;
}

/** `describe` for tests on the real kernel: skipped, with the reason in its name, where the machine lacks a feature. */
export function describeKernel(
  name: string,
  body: () => void,
  needs: readonly MachineFeature[] = ROOT_AND_BPF,
): void {
  const missing = missingFeature(name, needs);
  if (missing === undefined) runner('describe')(name, body);
  else runner('describe').skip(`${name} [skipped: ${missing}]`, body);
}

/** `it` for one test on the real kernel. */
export function itKernel(
  name: string,
  body: () => Promise<void>,
  needs: readonly MachineFeature[] = ROOT_AND_BPF,
  timeoutMs?: number,
): void {
  const missing = missingFeature(name, needs);
  if (missing === undefined) runner('it')(name, body, timeoutMs);
  else runner('it').skip(`${name} [skipped: ${missing}]`, body);
}

/** Why the first missing feature is missing. Where CI=true nothing may be skipped: throws KERNEL_FEATURE_MISSING. */
export function missingFeature(test: string, needs: readonly MachineFeature[]): string | undefined {
  const missing = needs.map((feature) => PROBES[feature]()).find((reason) => reason !== undefined);
  if (missing === undefined || process.env['CI'] !== 'true') return missing;
  throw new UnderwareError({
    code: 'KERNEL_FEATURE_MISSING',
    attempted: 'run a kernel test',
    on: test,
    why: missing,
    remedy: 'Run on a machine that has it, or without CI=true to skip the test',
  });
}

/** Jest's own globals: this library is also used outside of it, so it cannot import them. */
function runner(name: 'describe' | 'it'): Runner {
  return (globalThis as unknown as Record<typeof name, Runner>)[name];
}

function hasCapability(bit: bigint): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${effective}`) & (1n << bit)) !== 0n;
}

function hasKernelSymbol(symbol: string): boolean {
  return exists('/proc/kallsyms') && readFileSync('/proc/kallsyms', 'utf8').includes(` ${symbol}\n`);
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
