// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The root of a chain: one per device and hook, attached by a pinned bpf_link. It hands every packet to the first
 * instance of the chain. Where there is none, the packet passes as if no program were attached.
 */
#include "uw_chain.h"

SEC("xdp")
int uw_root_xdp(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &uw_next, 0);
	return XDP_PASS;
}

SEC("tc")
int uw_root_tcx(struct __sk_buff *ctx)
{
	bpf_tail_call(ctx, &uw_next, 0);
	return UW_TC_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
