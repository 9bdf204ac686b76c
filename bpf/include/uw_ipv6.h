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

/* 1 or 0; arithmetic, here and below, for the reason that `uw_is_zero` gives. */
static __always_inline __u64 uw_is_ipv6_extension(__u8 protocol)
{
	const __u64 extensions = 1ULL << IPPROTO_HOPOPTS | 1ULL << IPPROTO_ROUTING | 1ULL << IPPROTO_FRAGMENT |
				 1ULL << UW_IPPROTO_AUTHENTICATION | 1ULL << IPPROTO_DSTOPTS;

	return extensions >> (protocol & 63) & uw_is_zero(protocol >> 6);
}

/* Eight-byte units less one; an authentication header counts four-byte units less two; a fragment header is 8 bytes. */
static __always_inline __u32 uw_ipv6_extension_bytes(__u8 protocol, const struct uw_ipv6_extension *extension)
{
	__u32 authentication = (1ULL << UW_IPPROTO_AUTHENTICATION) >> (protocol & 63) & 1;
	__u32 sized = ~((1ULL << IPPROTO_FRAGMENT) >> (protocol & 63)) & 1;

	return (extension->units * sized + 1 + authentication) * (8 - 4 * authentication);
}

/* Behind the extension headers that begin at the cursor; `protocol` is the first one's. */
static __always_inline int uw_skip_ipv6_extensions(struct uw_cursor *cursor, __u8 protocol, bool *later_fragment)
{
	__u64 later = 0;

	/* UW_IPV6_EXTENSIONS rounds, which do nothing where there is none any more. */
	for (int i = 0; i < UW_IPV6_EXTENSIONS; i++) {
		__u64 present = uw_is_ipv6_extension(protocol) & ~later;
		/* Where it is not, the bytes before the cursor are read in its place, and count for nothing. */
		struct uw_ipv6_extension *extension = cursor->at - sizeof(*extension) + present * sizeof(*extension);
		__u32 bytes;

		if ((void *)(extension + 1) > cursor->end)
			return -1;
		bytes = uw_ipv6_extension_bytes(protocol, extension) * present;
		if (bytes > cursor->left)
			return -1;
		later |= present & (1ULL << IPPROTO_FRAGMENT) >> (protocol & 63) &
			 ~uw_is_zero(extension->field & bpf_htons(UW_IPV6_OFFSET_MASK));
		protocol ^= (protocol ^ extension->next) * present;
		cursor->at += bytes;
		cursor->left -= bytes;
	}
	*later_fragment = later;
	return uw_is_ipv6_extension(protocol) & ~later ? -1 : protocol;
}

/*
 * Returns the transport's protocol number, behind extension headers, or -1. `later_fragment` says that what follows
 * is not the start of a transport header.
 */
static __always_inline int uw_parse_ipv6(struct uw_cursor *cursor, struct ipv6hdr **header, bool *later_fragment)
{
	struct ipv6hdr *ip = cursor->at;
	__u32 payload_bytes;

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
	cursor->at = ip + 1;
	cursor->left = payload_bytes;
	if (!uw_is_ipv6_extension(ip->nexthdr))
		return ip->nexthdr;
	return uw_skip_ipv6_extensions(cursor, ip->nexthdr, later_fragment);
}

#endif /* UW_IPV6_H */
