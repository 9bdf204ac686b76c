/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TCP. */
#ifndef UW_TCP_H
#define UW_TCP_H

#include <linux/tcp.h>

#include "uw_cursor.h"

/* Returns the bytes of the header with its options, or -1. The cursor stands behind the fixed header. */
static __always_inline int uw_parse_tcp(struct uw_cursor *cursor, struct tcphdr **header)
{
	struct tcphdr *tcp = cursor->at;
	__u32 bytes;

	if ((void *)(tcp + 1) > cursor->end)
		return -1;
	bytes = tcp->doff * 4;
	if (bytes < sizeof(*tcp) || bytes > cursor->left)
		return -1;
	*header = tcp;
	cursor->at = tcp + 1;
	cursor->left -= sizeof(*tcp);
	return bytes;
}

#endif /* UW_TCP_H */
