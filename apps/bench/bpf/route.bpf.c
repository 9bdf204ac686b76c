// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The end of a chain that is measured against the kernel's forwarding: sends IPv4 packets on by a table of neighbours, as
 * the orchestrator knows them, and leaves to the stack what that does not say.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct neighbour {
	__u32 ifindex;
	__u8 source_mac[ETH_ALEN];
	__u8 destination_mac[ETH_ALEN];
};

/* By address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u8[4]);
	__type(value, struct neighbour);
} neighbours SEC(".maps");

static __always_inline void take_hop(struct iphdr *ip)
{
	/* The header's sum of words is one less by 0x0100, so its complement is one more. */
	__u32 check = (__u32)ip->check + bpf_htons(0x0100);

	ip->check = (__u16)(check + (check >> 16));
	ip->ttl--;
}

SEC("xdp")
int route(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	const struct neighbour *neighbour;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->ttl <= 1)
		return XDP_PASS;
	neighbour = bpf_map_lookup_elem(&neighbours, &ip->daddr);
	if (!neighbour)
		return XDP_PASS;
	take_hop(ip);
	__builtin_memcpy(eth->h_dest, neighbour->destination_mac, ETH_ALEN);
	__builtin_memcpy(eth->h_source, neighbour->source_mac, ETH_ALEN);
	return bpf_redirect(neighbour->ifindex, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";
