/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the switch shares with user space: its settings, its tables, and the indexes of its counters. */
#ifndef SWITCH_H
#define SWITCH_H

#include <linux/types.h>

#include "uw_tunnel.h"

#define SWITCH_STATIONS 65536
#define SWITCH_HOSTS 4096
#define SWITCH_REPLICAS 8192
#define SWITCH_LEARNED_MOST 65536

enum switch_role {
	SWITCH_PORT,	/* what a port of the segment sends */
	SWITCH_UPLINK,	/* what other hosts send to the segment, in VXLAN */
};

/* Key of `stations`. */
struct switch_mac {
	__u8 bytes[6];
	__u8 reserved[2];	/* zero: the table hashes every byte */
} __attribute__((aligned(8)));

/* `const volatile` settings of an instance. */
struct switch_config {
	__u32 role;		/* enum switch_role */
	__u32 anti_spoofing;	/* 1: a port sends under its own addresses alone */
	__u32 isolated;		/* 1: ports do not reach one another */
	__u32 replicates;	/* 1: frames to many are copied to `ports`, `hosts` and `endpoints` */
	__u32 pace;		/* frames a second that are copied at most */
	__u32 ageing;		/* seconds that a silent station of an endpoint is known for; 0: none is learned */
	__u32 ports;		/* entries of `replicas` */
	__u32 hosts;
	__u32 endpoints;
	__u8 port_ipv4[4];	/* SWITCH_PORT: first address of the port's station, or zero */
	__u8 port_ipv6[16];	/* the same */
	struct switch_mac port_mac;	/* the same */
	struct uw_tunnel tunnel;
};

/* Where a station is: behind a port of this host, on another host, or on all. */
struct switch_station {
	struct uw_tunnel_end host;	/* that has it; zero: this one */
	__u8 everywhere;		/* 1: a router, which every one of `hosts` is */
	__u8 reserved[5];
	struct uw_port_name port;	/* of this host */
};

/* Who gets copies. */
struct switch_replica {
	struct uw_tunnel_end host;	/* zero: a port of this host */
	__u8 reserved[6];
	struct uw_port_name port;
};

/* Key of `learned`. */
struct switch_learned_key {
	struct switch_mac mac;
	__u32 vni;
	__u8 reserved[4];
};

struct switch_learned {
	struct uw_tunnel_end end;	/* the endpoint, and the Ethernet address that it came under */
	__u8 reserved[6];
	__u64 seen;			/* nanoseconds of the host's monotonic clock */
};

/* Key of `hosts` and `endpoints`: IPv4 address. */
struct switch_host {
	__u8 address[4];
};

/* Key of `addresses`: IPv6, or IPv4 in its IPv4-mapped form (::ffff:10.0.0.1). */
struct switch_address {
	__u8 bytes[16];
};

/* Index into `counters`. Every packet is in exactly one of those up to SWITCH_LIMITED. */
enum switch_counter {
	SWITCH_LOCAL,		/* to a port of this host */
	SWITCH_REMOTE,		/* to another host, in VXLAN */
	SWITCH_ARP_ANSWERED,
	SWITCH_ND_ANSWERED,
	SWITCH_REPLICATED,	/* to be copied by the instance on tcx/ingress, where each copy is local or remote */
	SWITCH_NOT_OURS,	/* SWITCH_UPLINK: passed, no VXLAN of this segment */
	/* Dropped: */
	SWITCH_SPOOFED,		/* under an address that is not the sender's */
	SWITCH_UNKNOWN,		/* to a station or address that the segment does not have */
	SWITCH_ISOLATED,	/* from one isolated port to another */
	SWITCH_MULTICAST,	/* to many, where these are not carried */
	SWITCH_TAGGED,		/* with a VLAN tag */
	SWITCH_UNREACHABLE,	/* to another host whose way, or whose Ethernet address, the host does not know */
	SWITCH_TOO_LONG,	/* more than the way to the other host takes */
	SWITCH_MALFORMED,
	SWITCH_LIMITED,		/* to many, more of them than `pace` */
	/* Beside these: */
	SWITCH_LEARNED,		/* stations of endpoints */
	SWITCH_MOVED,		/* stations from one endpoint to another */
	SWITCH_COUNTERS,
};

#endif /* SWITCH_H */
