import { readFileSync } from 'node:fs';

const NUMBERS = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_PERFMON: 38, CAP_BPF: 39 } as const;
type Capability = keyof typeof NUMBERS;

/** What each call asks of its caller, by the kernel's checks. CAP_SYS_ADMIN stands in for every other one. */
const NEEDED: [RegExp, Capability[]][] = [
  [/^bpf_object__load$/, ['CAP_BPF', 'CAP_NET_ADMIN', 'CAP_PERFMON']],
  [/^bpf_(link_create|link_update|link_detach|xdp_query|prog_query_opts)$/, ['CAP_BPF', 'CAP_NET_ADMIN']],
  [/^bpf_prog_test_run_opts$/, ['CAP_BPF', 'CAP_NET_ADMIN']],
  [
    /^(bpf_enable_stats|bpf_\*_get_next_id|bpf_(prog|map|link)_get_fd_by_id|btf__load_from_kernel_by_id)$/,
    ['CAP_SYS_ADMIN'],
  ],
  [/^(bpf_|btf_)/, ['CAP_BPF']],
];

/** The capabilities that a refused call needs and the process (by its /proc status) does not have in its effective set. */
export function missingCapabilities(
  errnoName: string,
  call: string,
  status = readFileSync('/proc/self/status', 'utf8'),
): string[] {
  if (errnoName !== 'EPERM' && errnoName !== 'EACCES') return [];
  const needed = NEEDED.find(([pattern]) => pattern.test(call))?.[1] ?? [];
  const held = effectiveCapabilities(status);
  const has = (name: Capability) => ((held >> BigInt(NUMBERS[name])) & 1n) === 1n;
  if (has('CAP_SYS_ADMIN')) return [];
  return needed.filter((name) => !has(name));
}

function effectiveCapabilities(status: string): bigint {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(status);
  return BigInt(`0x${line?.[1] ?? '0'}`);
}
