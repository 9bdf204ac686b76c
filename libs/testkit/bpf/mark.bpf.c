// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The smallest plugin, for tests and benchmarks of the engine: it appends its mark to a trail in the packet, so that
 * the packet that comes out of a chain tells which instances it went through and in which order.
 */
#include <stdbool.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include "uw_engine.h"
#include "mark.h"

#define TRAIL_OFFSET (sizeof(struct ethhdr) + sizeof(struct iphdr) + sizeof(struct udphdr))

const volatile struct mark_config mark_config = {};

/* Returns whether the packet goes on. */
static __always_inline bool leave_mark(void *data, void *end)
{
	struct mark_trail *trail = data + TRAIL_OFFSET;
	__u8 *mark;

	if (mark_config.count_only || (void *)(trail + 1) > end || trail->length >= MARK_TRAIL)
		return !mark_config.stop;
	/* The verifier wants a pointer with a variable part checked by itself. */
	mark = trail->marks + trail->length;
	if ((void *)(mark + 1) <= end) {
		*mark = mark_config.mark;
		trail->length++;
	}
	return !mark_config.stop;
}

SEC("xdp")
int mark_xdp(struct xdp_md *ctx)
{
	bool pass = leave_mark((void *)(long)ctx->data, (void *)(long)ctx->data_end);

	return uw_xdp_continue(ctx, pass ? XDP_PASS : XDP_DROP);
}

SEC("tc")
int mark_tcx(struct __sk_buff *ctx)
{
	bool pass = leave_mark((void *)(long)ctx->data, (void *)(long)ctx->data_end);

	return uw_tc_continue(ctx, pass ? UW_TC_PASS : TC_ACT_SHOT);
}

char _license[] SEC("license") = "Dual BSD/GPL";
