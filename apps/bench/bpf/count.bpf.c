// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The plainest plugin, to measure the engine: it passes every packet on, or, as the last of a chain under load, drops it
 * as seen. One program, so that tools which load whole objects can load it too.
 */
#include "uw_engine.h"

struct count_config {
	__u32 sink;
};

const volatile struct count_config count_config = {};

SEC("xdp")
int count_xdp(struct xdp_md *ctx)
{
	return uw_xdp_continue(ctx, count_config.sink ? XDP_DROP : XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
