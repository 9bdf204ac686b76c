/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the router shares with user space: its settings, its tables, and the indexes of its counters. */
#ifndef ROUTER_H
#define ROUTER_H

#include <linux/types.h>

#include "uw_tunnel.h"

#define ROUTER_STATIONS 65536
#define ROUTER_SEGMENTS 64
#define ROUTER_ROUTES 131072
#define ROUTER_NEXT_HOPS 65536
#define ROUTER_GATEWAYS 64
#define ROUTER_UPLINKS 16

/* IPv6, or IPv4 in its IPv4-mapped form (::ffff:10.0.0.1). */
struct router_address {
	__u8 bytes[16];
} __attribute__((aligned(4)));

/* `const volatile` settings of an instance: one on what a port sends. */
struct router_config {
	__u64 icmp_interval;	/* nanoseconds between two errors; 0: none are sent */
	__u32 segment;		/* of the port; index into `segments` */
	__u8 mac[6];		/* the router's, on every host and segment */
	__u8 port_mac[6];	/* of the port's station */
	__u8 leaves;		/* 1: what no route takes goes the host's own way */
	__u8 uplinks;		/* how many there are in `uplinks` */
	__u8 anti_spoofing;	/* 1: the port sends under its own addresses alone */
	__u8 reserved;
	__u8 ipv4[4];		/* errors come from it, the router's address on the port's segment; zero: none are sent */
	struct router_address ipv6;	/* the same */
	/* Addresses of the port, one of each family, as the most usual sources; zero where it has none. More are in `stations`. */
	struct router_address source_ipv4;
	struct router_address source_ipv6;
};

/* Value of `segments`. */
struct router_segment {
	struct uw_tunnel tunnel;	/* this host's end */
	__u32 mtu;
	__u8 isolated;			/* 1: ports of the segment do not reach one another */
	__u8 reserved[3];
};

/* Value of `stations`: who has the address, and where. */
struct router_station {
	__u32 segment;
	__u8 mac[6];
	struct uw_tunnel_end host;	/* that has it; zero: this one */
	__u8 direct;		/* 1: no route is nearer to it than its subnet */
	__u8 reserved[3];
	struct uw_port_name port;	/* of this host */
};

enum router_route_kind {
	ROUTER_CONNECTED,	/* the destination is a station */
	ROUTER_NEXT_HOP,	/* by one of `next_hops` */
	ROUTER_DISCARD,
};

/* Key of `routes`. */
struct router_prefix {
	__u32 bits;		/* IPv4's lengths count from 96 */
	struct router_address address;
};

/* Value of `routes`. */
struct router_route {
	__u32 kind;		/* enum router_route_kind */
	__u32 first;		/* of its buckets in `next_hops` */
	__u32 mask;		/* of a flow's hash: how many buckets it has, less one; 255 at most */
};

/* Index into `counters`. Every packet is in exactly one of the first ones. */
enum router_counter {
	ROUTER_SWITCHED,	/* passed on: not for the router */
	ROUTER_LOCAL,		/* routed to a port of this host */
	ROUTER_REMOTE,		/* routed to another host, in VXLAN */
	ROUTER_OUT,		/* out of the segments, by an uplink */
	ROUTER_HOST,		/* out of the segments, by the host's own stack */
	ROUTER_ARP_ANSWERED,
	ROUTER_ND_ANSWERED,
	ROUTER_ECHO_ANSWERED,
	/* Dropped; where ICMP has an error for it, that is sent: */
	ROUTER_EXPIRED,		/* hop limit */
	ROUTER_NO_ROUTE,
	ROUTER_NO_HOST,		/* the network is known, the address is nobody's */
	ROUTER_TOO_LONG,	/* for its segment, or for the way to the other host */
	ROUTER_TO_ROUTER,	/* for the router itself, which speaks nothing but echo */
	/* Dropped silently: */
	ROUTER_DISCARDED,	/* by a route without next hops */
	ROUTER_SPOOFED,		/* under an address that is not the sender's */
	ROUTER_ISOLATED,	/* from one isolated port to another */
	ROUTER_NOT_ROUTED,	/* to or from an address that stays on its link: multicast, link-local, loopback */
	ROUTER_UNREACHABLE,	/* to another host that this one knows no way to */
	ROUTER_MALFORMED,
	/* Beside the packet's own counter: */
	ROUTER_ERROR_SENT,
	ROUTER_COUNTERS,
};

#endif /* ROUTER_H */
