import { execFileSync } from 'node:child_process';
import type { PluginManifest } from '@underware/core';

const HEADER = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
char LICENSE[] SEC("license") = "Dual BSD/GPL";
`;

/** Compiles C for BPF as the repository's own objects are compiled. */
export function compile(source: string): Uint8Array {
  const architecture = execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim();
  const flags = ['-O2', '-g', '-target', 'bpf', '-idirafter', `/usr/include/${architecture}-linux-gnu`];
  return new Uint8Array(
    execFileSync('clang', [...flags, '-x', 'c', '-c', '-', '-o', '-'], { input: HEADER + source }),
  );
}

/** Maps of several types, a subprogram, a callback, CO-RE reads, a kernel function and global data. */
export const RICH_SOURCE = `
struct { __uint(type, BPF_MAP_TYPE_LPM_TRIE); __uint(map_flags, BPF_F_NO_PREALLOC); __uint(max_entries, 8);
  __type(key, __u64); __type(value, __u32); } rules SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 4);
  __type(key, __u32); __type(value, __u64); } counts SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");

const volatile __u32 limit = 3;

struct net_device___inner { int ifindex; } __attribute__((preserve_access_index));
struct sk_buff___mini { struct { struct net_device___inner *dev; }; unsigned int mark; } __attribute__((preserve_access_index));
enum bpf_cgroup_iter_order___mini { BPF_CGROUP_ITER_SELF_ONLY___mini = 1 };

extern void bpf_rcu_read_lock(void) __ksym;

static __noinline int shared(__u32 key) {
  __u64 *count = bpf_map_lookup_elem(&counts, &key);
  if (count) *count += bpf_ktime_get_ns();
  return key > limit;
}
static int visit(__u32 index, void *context) { return bpf_get_prandom_u32() > index; }

SEC("xdp") int judge_xdp(struct xdp_md *ctx) {
  __u64 key = ctx->ingress_ifindex;
  __u32 *rule = bpf_map_lookup_elem(&rules, &key);
  return rule && *rule > limit ? XDP_DROP : XDP_PASS;
}
SEC("tc") int judge_tc(struct __sk_buff *ctx) { return shared(ctx->mark) + bpf_get_smp_processor_id(); }
SEC("tcx/egress") int leave_tc(struct __sk_buff *ctx) { bpf_loop(4, visit, 0, 0); return 0; }
SEC("tracepoint/net/netif_rx") int on_receive(void *ctx) {
  struct sk_buff___mini *skb = (void *)bpf_get_current_task();
  bpf_rcu_read_lock();
  return BPF_CORE_READ(skb, dev, ifindex) + BPF_CORE_READ(skb, mark);
}
SEC("cgroup/connect4") int on_connect(struct bpf_sock_addr *ctx) { return 1; }
`;

export const RICH_MANIFEST: PluginManifest = {
  name: 'uwt-rich',
  version: '0.1.0',
  summary: 'A plugin with some of everything',
  license: 'Apache-2.0',
  implements: 'firewall',
  order: 'filter',
  programs: [
    { name: 'judge_xdp', hook: 'xdp' },
    { name: 'judge_tc', hook: 'tcx' },
  ],
  maps: {
    rules: { role: 'config', scope: 'instance', description: 'What to drop' },
    counts: { role: 'telemetry', scope: 'instance', description: 'What was seen' },
  },
  events: { map: 'counts', struct: 'event' },
};
