/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the probe shares with user space: its settings, its flow table, its events, and the indexes of its counters. */
#ifndef PROBE_H
#define PROBE_H

#include <linux/types.h>

#define PROBE_FLOWS 16384
#define PROBE_EVENT_BYTES (256 * 1024)

/* `const volatile` settings of an instance. */
struct probe_config {
	__u32 events;	/* 1: report the first packet of every flow; 0: count only */
};

/* Index into `counters`. Every packet is in exactly one up to PROBE_MALFORMED. */
enum probe_counter {
	PROBE_TCP,
	PROBE_UDP,
	PROBE_ICMP,
	PROBE_OTHER_IP,
	PROBE_NOT_IP,
	PROBE_MALFORMED,
	/* In addition: first packets of flows, and those whose event found the ring full. */
	PROBE_NEW_FLOW,
	PROBE_EVENT_LOST,
	PROBE_COUNTERS,
};

/* One direction of a conversation. IPv4 addresses are in their IPv4-mapped form (::ffff:10.0.0.1). */
struct probe_flow {
	__u8 source[16];
	__u8 destination[16];
	__u16 source_port;	/* host order; 0 where the packet has none */
	__u16 destination_port;
	__u8 family;		/* 4 or 6 */
	__u8 protocol;		/* IP protocol number */
	__u8 reserved[2];	/* zero: the table hashes every byte */
};

struct probe_flow_state {
	__u64 packets;
	__u64 bytes;
	__u64 first_ns;	/* CLOCK_MONOTONIC, to the tick */
	__u64 last_ns;
};

/* A record of the `events` ring buffer: a flow's first packet. */
struct probe_event {
	struct probe_flow flow;
	__u64 at_ns;
	__u32 bytes;
	__u32 reserved;
};

#endif /* PROBE_H */
