/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the load balancer shares with user space: its settings, its tables, its connections, and the indexes of its counters. */
#ifndef LOAD_BALANCER_H
#define LOAD_BALANCER_H

#include <linux/types.h>

/* Sizes as built; a config gives its own. */
#define BALANCER_CONNECTIONS 65536
#define BALANCER_FRAGMENTS 1024

/* What searches are bounded by. */
#define BALANCER_BACKENDS 1024
#define BALANCER_SERVICES 256
#define BALANCER_ROW 256

enum balancer_direction {
	BALANCER_OUTBOUND,	/* what a client sends */
	BALANCER_INBOUND,	/* what it receives */
};

/* Index into `addresses` and `rings`. */
enum balancer_family {
	BALANCER_IPV4,
	BALANCER_IPV6,
	BALANCER_FAMILIES,
};

/* Of a connection; index into `timeouts`. */
enum balancer_state {
	BALANCER_OPENING,	/* TCP: only SYNs were seen */
	BALANCER_OPEN,
	BALANCER_CLOSING,	/* TCP: an end has sent FIN or RST */
	BALANCER_DATAGRAMS,	/* UDP */
	BALANCER_STATES,
};

/* A ring of one family: its slots are in rows of `ring`. */
struct balancer_ring {
	__u32 first_row;
	__u32 slots;		/* zero: no backend has addresses of the family */
};

/* `const volatile` settings of an instance. */
struct balancer_config {
	__u8 addresses[BALANCER_FAMILIES][16];	/* of the virtual service, IPv4 in its IPv4-mapped form; zero: none */
	__u32 direction;	/* enum balancer_direction */
	__u32 by_source;	/* 1: all of a source stays with one backend; 0: each connection for itself */
	__u32 affinity_timeout;	/* seconds without a packet of the source */
	__u32 drain;		/* seconds that a backend which leaves keeps its connections */
	__u32 timeouts[BALANCER_STATES];	/* seconds without a packet, by enum balancer_state */
	__u32 backends;		/* how many there are */
	__u32 checked;		/* 1: backends are checked, and one serves once a check said so; 0: all serve */
	struct balancer_ring rings[BALANCER_FAMILIES];
	__u8 answer_mac[6];	/* on a segment: what the virtual addresses are said to be at; zero: nobody asks */
	__u8 reserved[2];
} __attribute__((aligned(8)));

/* Key of `services`. */
struct balancer_service_key {
	__u16 port;		/* of the virtual address, host order */
	__u8 protocol;		/* IP protocol number */
	__u8 reserved;
};

struct balancer_service {
	__u16 target_port;	/* of the backends, host order */
	__u16 number;		/* index into `service_counts` */
};

/* A row of slots; each is an index into `backends`. */
struct balancer_row {
	__u16 slots[BALANCER_ROW];
};

/* Value of `backends`. */
struct balancer_backend {
	__u8 addresses[BALANCER_FAMILIES][16];	/* IPv4 in its IPv4-mapped form; zero: none of the family */
	__u8 mac[6];		/* on the client's segment: its Ethernet address; zero: it is elsewhere */
	__u8 draining;		/* 1: it gets no new connections */
	__u8 reserved;
	__u32 id;		/* the same in every revision: what `health` and connections name it by */
} __attribute__((aligned(8)));

/* Value of `health`, written while the instance runs, where backends are checked; one without an entry was not checked yet. */
struct balancer_health {
	__u32 down;		/* 1: it gets no new connections */
};

/* A connection as one of its ends sees it: IPv4 addresses in their IPv4-mapped form, ports in host order. */
struct balancer_flow {
	__u8 client[16];
	__u8 other[16];		/* `connections`: the virtual address; `returns`: the backend's */
	__u16 client_port;
	__u16 other_port;
	__u8 protocol;
	__u8 reserved[3];	/* zero: the tables hash every byte */
} __attribute__((aligned(8)));

struct balancer_connection {
	__u64 last_ns;		/* CLOCK_MONOTONIC, to the tick */
	__u64 renewed_ns;	/* when its entry in `returns` was last seen to */
	__u64 leaving_ns;	/* when its backend was first seen to leave; 0: it stays */
	__u8 backend[16];
	__u32 id;		/* of the backend */
	__u32 index;		/* of the backend when it was last looked up */
	__u16 backend_port;
	__u8 state;		/* enum balancer_state */
	__u8 check;		/* 1: of a health check, made before it begins: it stays with its backend whatever that is */
	__u8 reserved[4];
};

struct balancer_return {
	__u64 renewed_ns;	/* when its entry in `connections` was last seen to */
	__u8 address[16];	/* virtual: what the client knows the backend by */
	__u16 port;
	__u8 reserved[6];
};

/* Key of `affinities`. */
struct balancer_source {
	__u8 address[16];
} __attribute__((aligned(8)));

struct balancer_affinity {
	__u64 last_ns;
	__u32 id;
	__u32 index;
};

/* Key of `fragments`: a datagram in pieces, of which only the first has ports. */
struct balancer_datagram {
	__u8 source[16];
	__u8 destination[16];
	__u32 identification;
	__u8 protocol;
	__u8 reserved[3];
};

/* What its pieces' address becomes. */
struct balancer_piece {
	__u8 address[16];
	__u8 mac[6];
	__u8 reserved[2];
} __attribute__((aligned(8)));

/* Index into `counters`. Every packet is in exactly one of those before BALANCER_OPENED. */
enum balancer_counter {
	BALANCER_FORWARDED,	/* to a backend */
	BALANCER_RETURNED,	/* of a backend, to the client under the virtual address */
	BALANCER_RELATED,	/* ICMP errors about either, translated like it */
	BALANCER_ANSWERED,	/* answered for the virtual address: echo requests, ARP, neighbour solicitations */
	BALANCER_NOT_OURS,	/* passed as they are */
	/* Dropped: */
	BALANCER_NO_SERVICE,	/* to a virtual address, where nothing is served */
	BALANCER_NO_BACKEND,	/* there is none, or it is the client itself */
	BALANCER_FRAGMENT,	/* a later fragment to a virtual address whose first one was not seen */
	BALANCER_COLLIDED,	/* to a backend directly, between ports that a connection to the virtual address has */
	BALANCER_MALFORMED,
	/* In addition to the others: */
	BALANCER_OPENED,	/* a connection began */
	BALANCER_MOVED,		/* a connection went to another backend, since its own left or is down */
	BALANCER_NONE_HEALTHY,	/* opened though no backend is known to serve */
	BALANCER_COUNTERS,
};

#endif /* LOAD_BALANCER_H */
