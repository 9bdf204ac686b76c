/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IPv4 with options and fragments. The header checksum is left to the stack. */
#ifndef UW_IPV4_H
#define UW_IPV4_H

#include <stdbool.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>

#include "uw_cursor.h"

#define UW_IPV4_OFFSET_MASK 0x1fff

/*
 * Returns the transport's protocol number, or -1. `later_fragment` says that what follows is not the start of a
 * transport header.
 */
static __always_inline int uw_parse_ipv4(struct uw_cursor *cursor, struct iphdr **header, bool *later_fragment)
{
	struct iphdr *ip = cursor->at;
	__u32 header_bytes, total_bytes;

	if ((void *)(ip + 1) > cursor->end)
		return -1;
	header_bytes = ip->ihl * 4;
	total_bytes = bpf_ntohs(ip->tot_len);
	/* Super-packets beyond 64 KiB say zero: their length is the socket buffer's. */
	if (total_bytes == 0 && cursor->left > 0xffff)
		total_bytes = cursor->left;
	if (ip->version != 4 || header_bytes < sizeof(*ip))
		return -1;
	if (total_bytes < header_bytes || total_bytes > cursor->left)
		return -1;

	*header = ip;
	*later_fragment = ip->frag_off & bpf_htons(UW_IPV4_OFFSET_MASK);
	cursor->at += header_bytes;
	cursor->left = total_bytes - header_bytes;
	return ip->protocol;
}

#endif /* UW_IPV4_H */
