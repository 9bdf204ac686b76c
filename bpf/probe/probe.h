/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the probe shares with user space: its settings, flows, events, samples, round trips and counters. */
#ifndef PROBE_H
#define PROBE_H

#include <linux/types.h>

#define PROBE_FLOWS 16384
#define PROBE_EVENT_BYTES (256 * 1024)
#define PROBE_HANDSHAKES 8192
/* Nothing as built: a config that allows captures gives it room. */
#define PROBE_SAMPLE_BYTES 4096
/* The most of a packet that a sample holds. */
#define PROBE_SNAP 2048
/* Round trips of less than 2^n microseconds; the last one has all others. */
#define PROBE_RTT_BUCKETS 32

/* `const volatile` settings of an instance. */
struct probe_config {
	__u32 events;	/* 1: report the first packet of every flow; 0: count only */
	__u32 outbound;	/* 1: packets come from the owner of the port; 0: they go to it */
	__u32 rtt;	/* 1: time TCP handshakes */
	__u32 capture;	/* 1: packets are sampled while `capture` says so */
};

/* Index into `counters`. Every packet is in exactly one up to PROBE_MALFORMED. */
enum probe_counter {
	PROBE_TCP,
	PROBE_UDP,
	PROBE_ICMP,
	PROBE_OTHER_IP,
	PROBE_NOT_IP,
	PROBE_MALFORMED,
	/* In addition: first packets of flows, those whose event found the ring full, and samples that did. */
	PROBE_NEW_FLOW,
	PROBE_EVENT_LOST,
	PROBE_SAMPLE_LOST,
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

/* Of a flow that may be the first half of a TCP connection. */
enum probe_handshake {
	PROBE_NO_HANDSHAKE,
	PROBE_ASKED,	/* a SYN was seen */
	PROBE_SETTLED,	/* and what came of it */
};

struct probe_flow_state {
	__u64 packets;
	__u64 bytes;
	__u64 first_ns;	/* CLOCK_MONOTONIC, to the tick */
	__u64 last_ns;
	__u32 destination_rtt_us;	/* TCP, of who asked: from its SYN to the answer; 0: not known */
	__u32 source_rtt_us;		/* the same: from the answer to its acknowledgement */
	__u8 tcp_flags;	/* all that the connection showed in this direction */
	__u8 handshake;	/* enum probe_handshake */
	__u8 reserved[6];
};

/* A TCP handshake under way: the flow of who asked, at one port. */
struct probe_handshake_key {
	struct probe_flow flow;
	__u8 owner[6];		/* Ethernet address of the port's owner, which both directions know */
	__u8 reserved[2];	/* zero */
};

struct probe_handshake_state {
	__u64 asked_ns;		/* CLOCK_MONOTONIC */
	__u64 answered_ns;	/* 0: not yet */
	__u32 sequence;		/* of the SYN, in network order */
	__u32 repeated;		/* 1: one of them came twice, so that nobody knows which was answered */
};

/* Ends of a handshake; `round_trips` has PROBE_RTT_BUCKETS for each. */
enum probe_rtt_end {
	PROBE_RTT_DESTINATION,	/* from here to who was asked, and back */
	PROBE_RTT_SOURCE,	/* from here to who asked, and back */
	PROBE_RTT_ENDS,
};

struct probe_round_trips {
	__u64 handshakes;
	__u64 microseconds;	/* of all of them */
};

/* A record of the `events` ring buffer: a flow's first packet. */
struct probe_event {
	struct probe_flow flow;
	__u64 at_ns;
	__u32 bytes;
	__u32 reserved;
};

/* What is to be sampled now; written by user space. */
struct probe_capture {
	__u64 until_ns;	/* CLOCK_MONOTONIC */
	__u32 every;	/* one packet of so many; 0: none */
	__u32 snap;	/* bytes of each, at most PROBE_SNAP */
};

/* A record of the `samples` ring buffer; it ends with the last byte that was captured. */
struct probe_sample {
	__u64 at_ns;
	__u32 bytes;	/* of the whole packet */
	__u32 captured;	/* of `data` */
	__u8 data[PROBE_SNAP];
};

#endif /* PROBE_H */
