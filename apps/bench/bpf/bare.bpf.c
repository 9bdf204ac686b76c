// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a chain is measured against: an XDP program that does nothing, and one that counts what it sees. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Packets that arrived; pinned by name, so that the count outlives a program that is loaded anew. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

SEC("xdp")
int bare(struct xdp_md *ctx __attribute__((unused)))
{
	return XDP_PASS;
}

SEC("xdp")
int sink(struct xdp_md *ctx __attribute__((unused)))
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&seen, &key);

	if (count)
		(*count)++;
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
