/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the firewall shares with user space: its settings, its rules, and the indexes of its counters. */
#ifndef FIREWALL_H
#define FIREWALL_H

#include <linux/types.h>

#define FIREWALL_MAX_RULES 256

enum firewall_action {
	FIREWALL_PASS,
	FIREWALL_DROP,
};

/* `const volatile` settings of an instance. */
struct firewall_config {
	__u32 rule_count;	/* rules 0 … rule_count-1 are in force */
	__u32 default_action;	/* enum firewall_action, for packets that no rule matches */
};

/*
 * An IPv6 prefix, or an IPv4 one in its IPv4-mapped form (::ffff:10.0.0.0/104): address AND mask must equal the
 * packet's address AND mask. All zero matches every address.
 */
struct firewall_prefix {
	__u8 address[16];
	__u8 mask[16];
} __attribute__((aligned(8)));

/* First match decides. A field at its "any" value matches every packet. */
struct firewall_rule {
	struct firewall_prefix source;
	struct firewall_prefix destination;
	__u16 source_port_first;	/* host order, both ends included; 0 … 65535 is any */
	__u16 source_port_last;
	__u16 destination_port_first;
	__u16 destination_port_last;
	__u8 family;			/* 4, 6, or 0 for any */
	__u8 protocol;			/* IP protocol number; 1 is ICMP of either family; 0 is any */
	__u8 action;			/* enum firewall_action */
	__u8 reserved[5];
};

/* Index into `counters`: what rules did not decide. Every packet is in exactly one rule's counter or one of these. */
enum firewall_counter {
	FIREWALL_DEFAULT,	/* no rule matched, or it is neither IP nor ARP */
	FIREWALL_LINK,		/* passed: ARP, or IPv6 neighbour discovery from this link */
	FIREWALL_MALFORMED,	/* dropped: cut short, or lengths that contradict each other */
	/* In addition to the above: later fragments, which carry no ports. */
	FIREWALL_LATER_FRAGMENT,
	FIREWALL_COUNTERS,
};

#endif /* FIREWALL_H */
