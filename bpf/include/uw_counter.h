/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A counter of packets and bytes, kept in a per-CPU array: no atomics, no shared cache lines. Readers add up the CPUs.
 */
#ifndef UW_COUNTER_H
#define UW_COUNTER_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct uw_counter {
	__u64 packets;
	__u64 bytes;
};

/* `counters` is a BPF_MAP_TYPE_PERCPU_ARRAY of struct uw_counter; an index beyond its end counts nothing. */
static __always_inline void uw_count(void *counters, __u32 index, __u64 bytes)
{
	struct uw_counter *counter = bpf_map_lookup_elem(counters, &index);

	if (!counter)
		return;
	counter->packets++;
	counter->bytes += bytes;
}

#endif /* UW_COUNTER_H */
