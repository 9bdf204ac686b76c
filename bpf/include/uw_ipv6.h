/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IPv6 with extension headers and fragments. */
#ifndef UW_IPV6_H
#define UW_IPV6_H

#include <stdbool.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>

#include "uw_cursor.h"

/* Real packets carry one or two. A packet with more than these hides its transport header: it counts as malformed. */
#define UW_IPV6_EXTENSIONS 4
#define UW_IPV6_OFFSET_MASK 0xfff8

#define UW_IPPROTO_AUTHENTICATION 51

/* The first eight bytes of every extension header; `field` and `identification` are the fragment header's. */
struct uw_ipv6_extension {
	__u8 next;
	__u8 units;
	__be16 field;
	__be32 identification;
};

/*
 * Membership as bit arithmetic, here and below: every branch in a loop over variable lengths multiplies the states
 * that the verifier must visit.
 */
static __always_inline bool uw_is_ipv6_extension(__u8 protocol)
{
	const __u64 extensions = 1ULL << IPPROTO_HOPOPTS | 1ULL << IPPROTO_ROUTING | 1ULL << IPPROTO_FRAGMENT |
				 1ULL << UW_IPPROTO_AUTHENTICATION | 1ULL << IPPROTO_DSTOPTS;

	return protocol < 64 && (extensions >> protocol & 1);
}

/* Eight-byte units less one; an authentication header counts four-byte units less two; a fragment header is 8 bytes. */
static __always_inline __u32 uw_ipv6_extension_bytes(__u8 protocol, const struct uw_ipv6_extension *extension)
{
	__u32 authentication = (1ULL << UW_IPPROTO_AUTHENTICATION) >> (protocol & 63) & 1;
	__u32 sized = ~((1ULL << IPPROTO_FRAGMENT) >> (protocol & 63)) & 1;

	return (extension->units * sized + 1 + authentication) * (8 - 4 * authentication);
}

/*
 * Returns the transport's protocol number, behind extension headers, or -1. `later_fragment` says that what follows
 * is not the start of a transport header.
 */
static __always_inline int uw_parse_ipv6(struct uw_cursor *cursor, struct ipv6hdr **header, bool *later_fragment)
{
	struct ipv6hdr *ip = cursor->at;
	__u32 payload_bytes;
	__u8 protocol;

	if ((void *)(ip + 1) > cursor->end)
		return -1;
	payload_bytes = bpf_ntohs(ip->payload_len);
	/* Super-packets beyond 64 KiB say zero: their length is the socket buffer's. */
	if (payload_bytes == 0 && cursor->left > 0xffff)
		payload_bytes = cursor->left - sizeof(*ip);
	if (ip->version != 6 || payload_bytes + sizeof(*ip) > cursor->left)
		return -1;

	*header = ip;
	*later_fragment = false;
	protocol = ip->nexthdr;
	cursor->at = ip + 1;
	cursor->left = payload_bytes;

	/* UW_IPV6_EXTENSIONS rounds. */
	for (int i = 0; i < UW_IPV6_EXTENSIONS; i++) {
		struct uw_ipv6_extension *extension = cursor->at;
		__u32 bytes;

		if (!uw_is_ipv6_extension(protocol))
			return protocol;
		if ((void *)(extension + 1) > cursor->end)
			return -1;
		bytes = uw_ipv6_extension_bytes(protocol, extension);
		if (bytes > cursor->left)
			return -1;
		if (protocol == IPPROTO_FRAGMENT)
			*later_fragment = extension->field & bpf_htons(UW_IPV6_OFFSET_MASK);
		protocol = extension->next;
		cursor->at += bytes;
		cursor->left -= bytes;
		if (*later_fragment)
			return protocol;
	}
	return uw_is_ipv6_extension(protocol) ? -1 : protocol;
}

#endif /* UW_IPV6_H */
