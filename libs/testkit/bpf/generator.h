/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the traffic generator shares with user space. */
#ifndef GENERATOR_H
#define GENERATOR_H

#include <linux/types.h>

/* Flows that differ by their source port alone; those beyond have the next destination port. */
#define GENERATOR_SOURCE_PORTS 50000

/* `const volatile` settings: one IPv4 UDP frame, sent over and over. */
struct generator_config {
	__u32 ifindex;		/* device to send through, in the namespace of the process that runs this */
	__u32 flows;		/* told apart by their ports, from those below on; at least 1 */
	__u8 source_mac[6];
	__u8 destination_mac[6];
	__u8 source[4];
	__u8 destination[4];
	__u16 source_port;	/* host order */
	__u16 destination_port;
};

#endif /* GENERATOR_H */
