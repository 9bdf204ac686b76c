import type { PluginRequirements } from '@underware/core';

type Attach = PluginRequirements['programs'][string]['attach'];

export interface SectionKind {
  /** libbpf's name of the program type. */
  type: string;
  attach: Attach;
}

/**
 * What a section's name says about the programs in it: libbpf's `section_defs`. A pattern ending in `+` stands for
 * the name alone or followed by `/<target>`.
 */
const SECTIONS: readonly (readonly [pattern: string, type: string, attach?: Attach])[] = [
  ['xdp', 'xdp', 'xdp'],
  // Cannot share a chain with programs that are not: the root is not.
  ['xdp.frags', 'xdp'],
  ['xdp/devmap', 'xdp'],
  ['xdp.frags/devmap', 'xdp'],
  ['xdp/cpumap', 'xdp'],
  ['xdp.frags/cpumap', 'xdp'],
  ['tc', 'sched_cls', 'tcx'],
  ['classifier', 'sched_cls', 'tcx'],
  ['tcx/ingress', 'sched_cls', 'tcx/ingress'],
  ['tcx/egress', 'sched_cls', 'tcx/egress'],
  ['tc/ingress', 'sched_cls', 'tcx/ingress'],
  ['tc/egress', 'sched_cls', 'tcx/egress'],
  ['netkit/primary', 'sched_cls'],
  ['netkit/peer', 'sched_cls'],
  ['action', 'sched_act'],
  ['socket', 'socket_filter'],
  ['sk_reuseport', 'sk_reuseport'],
  ['sk_reuseport/migrate', 'sk_reuseport'],
  ['sk_lookup', 'sk_lookup'],
  ['sk_skb', 'sk_skb'],
  ['sk_skb/stream_parser', 'sk_skb'],
  ['sk_skb/stream_verdict', 'sk_skb'],
  ['sk_skb/verdict', 'sk_skb'],
  ['sk_msg', 'sk_msg'],
  ['sockops', 'sock_ops'],
  ['flow_dissector', 'flow_dissector'],
  ['lirc_mode2', 'lirc_mode2'],
  ['lwt_in', 'lwt_in'],
  ['lwt_out', 'lwt_out'],
  ['lwt_xmit', 'lwt_xmit'],
  ['lwt_seg6local', 'lwt_seg6local'],
  ['cgroup/skb', 'cgroup_skb'],
  ['cgroup_skb/ingress', 'cgroup_skb'],
  ['cgroup_skb/egress', 'cgroup_skb'],
  ['cgroup/sock', 'cgroup_sock'],
  ['cgroup/sock_create', 'cgroup_sock'],
  ['cgroup/sock_release', 'cgroup_sock'],
  ['cgroup/post_bind4', 'cgroup_sock'],
  ['cgroup/post_bind6', 'cgroup_sock'],
  ['cgroup/dev', 'cgroup_device'],
  ['cgroup/sysctl', 'cgroup_sysctl'],
  ['cgroup/getsockopt', 'cgroup_sockopt'],
  ['cgroup/setsockopt', 'cgroup_sockopt'],
  ...['bind', 'connect', 'sendmsg', 'recvmsg', 'getpeername', 'getsockname'].flatMap((call) =>
    ['4', '6', '_unix'].map((family) => [`cgroup/${call}${family}`, 'cgroup_sock_addr'] as const),
  ),
  ['tracepoint+', 'tracepoint'],
  ['tp+', 'tracepoint'],
  ['raw_tracepoint+', 'raw_tracepoint'],
  ['raw_tp+', 'raw_tracepoint'],
  ['raw_tracepoint.w+', 'raw_tracepoint_writable'],
  ['raw_tp.w+', 'raw_tracepoint_writable'],
  ...['kprobe', 'kretprobe', 'uprobe', 'uretprobe', 'ksyscall', 'kretsyscall', 'usdt'].map(
    (probe) => [`${probe}+`, 'kprobe'] as const,
  ),
  ...['uprobe.s', 'uretprobe.s', 'usdt.s', 'kprobe.multi', 'kretprobe.multi', 'kprobe.session'].map(
    (probe) => [`${probe}+`, 'kprobe'] as const,
  ),
  ...['uprobe.multi', 'uretprobe.multi', 'uprobe.multi.s', 'uretprobe.multi.s'].map(
    (probe) => [`${probe}+`, 'kprobe'] as const,
  ),
  ...['tp_btf', 'fentry', 'fexit', 'fmod_ret', 'fentry.s', 'fexit.s', 'fmod_ret.s', 'iter', 'iter.s'].map(
    (kind) => [`${kind}+`, 'tracing'] as const,
  ),
  ['freplace+', 'ext'],
  ['lsm+', 'lsm'],
  ['lsm.s+', 'lsm'],
  ['lsm_cgroup+', 'lsm'],
  ['perf_event', 'perf_event'],
  ['syscall', 'syscall'],
  ['struct_ops+', 'struct_ops'],
  ['struct_ops.s+', 'struct_ops'],
  ['netfilter', 'netfilter'],
];

const EXACT = new Map<string, SectionKind>();
const WITH_TARGET = new Map<string, SectionKind>();
for (const [pattern, type, attach] of SECTIONS) {
  const open = pattern.endsWith('+');
  (open ? WITH_TARGET : EXACT).set(open ? pattern.slice(0, -1) : pattern, { type, attach: attach ?? 'none' });
}

/** Program types that cannot be loaded without the kernel's own BTF, relocations or not. */
export const TYPES_BOUND_TO_KERNEL_BTF: ReadonlySet<string> = new Set(['tracing', 'lsm', 'struct_ops']);

/** What the programs of a section are, or undefined when libbpf would not know either. */
export function sectionKind(section: string): SectionKind | undefined {
  // A leading question mark asks libbpf not to load the program unless told so.
  const name = section.startsWith('?') ? section.slice(1) : section;
  const slash = name.indexOf('/');
  return EXACT.get(name) ?? WITH_TARGET.get(slash < 0 ? name : name.slice(0, slash));
}
