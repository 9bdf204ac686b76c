/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The link of a chain: one slot that holds the next program.
 *
 * Every root program and every plugin instance is an object of its own with its own `uw_next`. A chain is changed by
 * one update of one slot, so a packet sees the old chain or the new one and nothing between. An empty slot ends the
 * chain. The kernel allows 33 tail calls a packet: a root and 33 instances.
 *
 * A prog array binds itself to the type of the first program that uses it, so of an object's programs only the one
 * that the instance runs may be loaded.
 */
#ifndef UW_CHAIN_H
#define UW_CHAIN_H

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

/*
 * "I have no objection": the verdict that hands a packet to the next program of a TCX chain, and at its end to
 * programs that others attached. The same number as TCX_NEXT, which older UAPI headers do not have.
 */
#define UW_TC_PASS TC_ACT_UNSPEC

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} uw_next SEC(".maps");

#endif /* UW_CHAIN_H */
