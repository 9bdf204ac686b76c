/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A cursor over a packet. Every protocol has a header of its own with one function, `uw_parse_<protocol>`: it checks
 * bounds, hands out the header, moves the cursor behind it, and returns what comes next, or -1 for a malformed packet.
 */
#ifndef UW_CURSOR_H
#define UW_CURSOR_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Ethernet with two tags, IPv6, two extension headers and TCP with options fit in what is pulled linear. */
#define UW_HEADER_BYTES 256

struct uw_cursor {
	void *at;
	void *end;
	/*
	 * Bytes that the packet still has by its own length fields: less than end - at where a frame is padded, more
	 * where only the first part of a socket buffer is linear.
	 */
	__u32 left;
};

static __always_inline struct uw_cursor uw_cursor_xdp(struct xdp_md *ctx)
{
	struct uw_cursor cursor = {
		.at = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
		.left = ctx->data_end - ctx->data,
	};

	return cursor;
}

/* Makes the headers linear where they are not. Pointers into the packet from before are void. */
static __always_inline struct uw_cursor uw_cursor_tc(struct __sk_buff *ctx)
{
	struct uw_cursor cursor;
	__u32 linear = ctx->data_end - ctx->data;

	/* Failing to pull leaves the packet short, which the parsers see. */
	if (linear < UW_HEADER_BYTES && linear < ctx->len)
		bpf_skb_pull_data(ctx, ctx->len < UW_HEADER_BYTES ? ctx->len : UW_HEADER_BYTES);
	cursor.at = (void *)(long)ctx->data;
	cursor.end = (void *)(long)ctx->data_end;
	cursor.left = ctx->len;
	return cursor;
}

#endif /* UW_CURSOR_H */
