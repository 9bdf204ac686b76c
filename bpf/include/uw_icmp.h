/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ICMP and ICMPv6, whose headers begin alike. */
#ifndef UW_ICMP_H
#define UW_ICMP_H

#include <linux/types.h>

#include "uw_cursor.h"

#define UW_ICMPV6_NEIGHBOUR_SOLICITATION 135
#define UW_ICMPV6_NEIGHBOUR_ADVERTISEMENT 136

struct uw_icmp {
	__u8 type;
	__u8 code;
	__sum16 checksum;
	__be32 rest;
};

/* Returns the bytes of the header, or -1. */
static __always_inline int uw_parse_icmp(struct uw_cursor *cursor, struct uw_icmp **header)
{
	struct uw_icmp *icmp = cursor->at;

	if ((void *)(icmp + 1) > cursor->end || cursor->left < sizeof(*icmp))
		return -1;
	*header = icmp;
	cursor->at = icmp + 1;
	cursor->left -= sizeof(*icmp);
	return sizeof(*icmp);
}

#endif /* UW_ICMP_H */
