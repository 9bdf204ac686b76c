/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the firewall shares with user space: its settings, its rules, its connections, its events and its counters. */
#ifndef FIREWALL_H
#define FIREWALL_H

#include <linux/types.h>

/* Sizes as built; a config gives its own. */
#define FIREWALL_RULES 1
#define FIREWALL_CONNECTIONS 32768
#define FIREWALL_PENDING 8192
#define FIREWALL_EVENT_BYTES (64 * 1024)

/* What a descent is bounded by; a config says how much of it is used. */
#define FIREWALL_MAX_TREES 4
#define FIREWALL_MAX_DEPTH 64
#define FIREWALL_MAX_LEAF 256

enum firewall_action {
	FIREWALL_PASS,
	FIREWALL_DROP,
};

/* Of a connection; index into `timeouts`. */
enum firewall_state {
	FIREWALL_UNREPLIED,	/* UDP, ICMP echo: seen one way */
	FIREWALL_REPLIED,	/* the answer was seen */
	FIREWALL_STREAM,	/* the initiator went on after the answer */
	FIREWALL_SYN_SENT,	/* TCP from here on */
	FIREWALL_SYN_RECEIVED,
	FIREWALL_ESTABLISHED,
	FIREWALL_FIN_WAIT,	/* one end has closed */
	FIREWALL_CLOSE_WAIT,	/* and the other has acknowledged it */
	FIREWALL_LAST_ACK,	/* both ends have closed */
	FIREWALL_TIME_WAIT,
	FIREWALL_CLOSED,	/* reset */
	FIREWALL_PICKED_UP,	/* first seen in its midst, from one end */
	FIREWALL_STATES,
};

/* Rules that one descent can find. */
struct firewall_tree {
	__u32 root;		/* node */
	__u32 first_rule;	/* the lowest index of a rule in it; ~0: no such tree */
};

/* `const volatile` settings of an instance. */
struct firewall_config {
	__u32 default_action;	/* enum firewall_action, for packets that no rule matches */
	__u32 loose;		/* 1: a TCP connection may be picked up in its midst, as rules say; 0: a SYN opens it */
	__u32 trees;		/* how many there are at most of a family */
	__u32 depth;		/* steps from a root to the deepest leaf, at most FIREWALL_MAX_DEPTH */
	__u32 timeouts[FIREWALL_STATES];	/* seconds without a packet, by enum firewall_state */
	struct firewall_tree ipv4[FIREWALL_MAX_TREES];	/* by first_rule */
	struct firewall_tree ipv6[FIREWALL_MAX_TREES];
};

/* What a packet is told apart by: its addresses in words, ports and protocol. IPv4 is in the last word. */
enum firewall_field {
	FIREWALL_SOURCE,
	FIREWALL_DESTINATION = 4,
	FIREWALL_PROTOCOL = 8,
	FIREWALL_SOURCE_PORT,
	FIREWALL_DESTINATION_PORT,
	FIREWALL_FIELDS,
	FIREWALL_LEAF = 15,	/* instead of a field */
};

/*
 * A step of the descent: on to `child` where the field is at most `threshold`, else to the node behind it. In a leaf,
 * `child` is the first of `threshold` candidates.
 */
struct firewall_node {
	__u32 field;
	__u32 threshold;
	__u32 child;
};

/* Words in host order; an IPv4 address is 0, 0, 0xffff and itself. address & mask must equal the packet's & mask. */
struct firewall_prefix {
	__u32 address[4];
	__u32 mask[4];
} __attribute__((aligned(8)));

/* First match decides. A field at its "any" value matches every packet. */
struct firewall_rule {
	struct firewall_prefix source;
	struct firewall_prefix destination;
	__u16 source_port_first;	/* host order, both ends included; 0 … 65535 is any */
	__u16 source_port_last;
	__u16 destination_port_first;
	__u16 destination_port_last;
	__u32 id;			/* of the author's rule, the same in every revision: what connections and events say */
	__u32 number;			/* of the author's rule: index into `rule_counters` */
	__u32 log;			/* report every n-th packet that it decides; 0: none */
	__u8 family;			/* 4, 6, or 0 for any */
	__u8 protocol;			/* IP protocol number; 1 is ICMP of either family; 0 is any */
	__u8 action;			/* enum firewall_action */
	__u8 reserved;
};

/*
 * A connection's name, the same for both directions: its ends in the order of their bytes. IPv4 addresses are in their
 * IPv4-mapped form. An ICMP echo has its identifier for both ports.
 */
struct firewall_flow {
	__u8 low[16];
	__u8 high[16];
	__u16 low_port;		/* host order */
	__u16 high_port;
	__u8 family;		/* 4 or 6 */
	__u8 protocol;		/* IP protocol number; 1 is ICMP of either family */
	__u8 echo_from;		/* ICMP: 1 or 2, who asks, low or high; else 0 */
	__u8 reserved;		/* zero: the tables hash every byte */
};

struct firewall_way {
	__u64 packets;
	__u64 bytes;
};

struct firewall_connection {
	__u64 first_ns;		/* CLOCK_MONOTONIC, to the tick */
	__u64 last_ns;
	struct firewall_way asked;	/* from the initiator */
	struct firewall_way answered;
	__u32 rule;		/* id of the rule that allowed it; 0: the default */
	__u32 awaited;		/* TCP: what the initiator acknowledges when it has heard the answer */
	__u8 state;		/* enum firewall_state */
	__u8 initiator;		/* 1 or 2: low or high */
	__u8 closed;		/* TCP: bits of the ends that have sent a FIN */
	__u8 reserved[5];
};

/* A record of the `events` ring buffer: a packet that a rule with `log` decided. */
struct firewall_event {
	__u64 at_ns;		/* CLOCK_MONOTONIC, to the tick */
	__u8 source[16];
	__u8 destination[16];
	__u16 source_port;	/* host order; 0 where the packet has none */
	__u16 destination_port;
	__u8 family;
	__u8 protocol;
	__u8 action;		/* enum firewall_action */
	__u8 reserved;
	__u32 rule;		/* id */
	__u32 bytes;
};

/* Index into `counters`: what rules did not decide. Every packet is in exactly one rule's counter or one of these. */
enum firewall_counter {
	FIREWALL_DEFAULT,	/* no rule matched, or it is neither IP nor ARP */
	FIREWALL_LINK,		/* passed: ARP, or IPv6 neighbour discovery from this link */
	FIREWALL_MALFORMED,	/* dropped: cut short, or lengths that contradict each other */
	/* In addition to the others: later fragments, which carry no ports. */
	FIREWALL_LATER_FRAGMENT,
	FIREWALL_KNOWN,		/* passed: of a connection that has been answered */
	FIREWALL_RELATED,	/* passed: an ICMP error about a connection */
	FIREWALL_INVALID,	/* dropped: TCP flags that contradict each other, or strict and not of a connection */
	/* In addition to the others. */
	FIREWALL_OPENED,	/* a connection began */
	FIREWALL_UNREPORTED,	/* to be reported, but the ring was full */
	FIREWALL_COUNTERS,
};

#endif /* FIREWALL_H */
