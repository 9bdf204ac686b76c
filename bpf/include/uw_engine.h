/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The engine's ABI: what a plugin is written against.
 *
 * A plugin is one C file that includes this header once. Its entries are plain functions, one per hook it serves:
 *
 *	SEC("xdp")
 *	int firewall_xdp(struct xdp_md *ctx)
 *	{
 *		return uw_xdp_continue(ctx, judge_xdp(ctx));
 *	}
 *
 * The author judges the packet in the hook's own verdicts. The engine counts packet and bytes under that verdict and,
 * where it is a pass, hands the packet to the next instance of the chain. It costs two map lookups and a tail call.
 *
 * "tc" programs serve both directions of TCX: SEC("tc"). Programs that are "xdp.frags" cannot share a chain with
 * those that are not; the engine's root is not.
 */
#ifndef UW_ENGINE_H
#define UW_ENGINE_H

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "uw_chain.h"
#include "uw_counter.h"

/* Verdicts in the words of an operator; index into `uw_verdicts`. */
enum uw_verdict {
	UW_VERDICT_PASS,
	UW_VERDICT_DROP,
	UW_VERDICT_ABORTED,
	UW_VERDICT_REDIRECT,
	UW_VERDICT_TRANSMIT,
	UW_VERDICTS,
};

/*
 * Who this instance is. Written at load, frozen with .rodata, read back from the pinned program: the kernel holds the
 * identity, no file beside it.
 */
struct uw_identity {
	__u8 plugin_digest[32];
	__u8 instance[8];
	__u8 revision[4];
};

const volatile struct uw_identity uw_identity __attribute__((used)) = {};

/* 1: the instance is on xdp/egress, where the engine's exit is behind the last of a chain. Written at load. */
const volatile __u32 uw_delivered __attribute__((used)) = 0;

/* What this instance decided. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, UW_VERDICTS);
	__type(key, __u32);
	__type(value, struct uw_counter);
} uw_verdicts SEC(".maps");

static __always_inline enum uw_verdict uw_verdict_of_xdp(int action)
{
	switch (action) {
	case XDP_PASS:
		return UW_VERDICT_PASS;
	case XDP_DROP:
		return UW_VERDICT_DROP;
	case XDP_REDIRECT:
		return UW_VERDICT_REDIRECT;
	case XDP_TX:
		return UW_VERDICT_TRANSMIT;
	default: /* the kernel aborts what it does not know */
		return UW_VERDICT_ABORTED;
	}
}

static __always_inline enum uw_verdict uw_verdict_of_tc(int action)
{
	switch (action) {
	case TC_ACT_SHOT:
		return UW_VERDICT_DROP;
	case TC_ACT_REDIRECT:
		return UW_VERDICT_REDIRECT;
	default: /* TC_ACT_OK too: a plugin that is content must not shut out the ones behind it */
		return UW_VERDICT_PASS;
	}
}

/*
 * Counts `action` and, where it is XDP_PASS, continues the chain. Returns the chain's verdict. A packet on xdp/egress comes
 * back from there only where the kernel's tail calls have run out: it has not met the rest of the chain, and goes nowhere.
 */
static __always_inline int uw_xdp_continue(struct xdp_md *ctx, int action)
{
	__u64 bytes = ctx->data_end - ctx->data;

	uw_count(&uw_verdicts, uw_verdict_of_xdp(action), bytes);
	if (action != XDP_PASS)
		return action;
	bpf_tail_call(ctx, &uw_next, 0);
	if (!uw_delivered)
		return XDP_PASS;
	uw_count(&uw_verdicts, UW_VERDICT_ABORTED, bytes);
	return XDP_ABORTED;
}

/*
 * Counts `action` and, where it is a pass, continues the chain. Returns the chain's verdict. A packet is an skb here:
 * a segmentation offload's super-packet counts once, with all its bytes.
 */
static __always_inline int uw_tc_continue(struct __sk_buff *ctx, int action)
{
	enum uw_verdict verdict = uw_verdict_of_tc(action);

	uw_count(&uw_verdicts, verdict, ctx->len);
	if (verdict != UW_VERDICT_PASS)
		return action;
	bpf_tail_call(ctx, &uw_next, 0);
	return UW_TC_PASS;
}

#endif /* UW_ENGINE_H */
