/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* UDP. */
#ifndef UW_UDP_H
#define UW_UDP_H

#include <linux/udp.h>
#include <bpf/bpf_endian.h>

#include "uw_cursor.h"

/* Returns the bytes of the header, or -1. The length field may span fragments, so only its minimum is checked. */
static __always_inline int uw_parse_udp(struct uw_cursor *cursor, struct udphdr **header)
{
	struct udphdr *udp = cursor->at;

	if ((void *)(udp + 1) > cursor->end || cursor->left < sizeof(*udp))
		return -1;
	if (bpf_ntohs(udp->len) < sizeof(*udp))
		return -1;
	*header = udp;
	cursor->at = udp + 1;
	cursor->left -= sizeof(*udp);
	return sizeof(*udp);
}

#endif /* UW_UDP_H */
