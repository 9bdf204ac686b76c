/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The Internet checksum (RFC 1071), and its change with what it is over (RFC 1624). */
#ifndef UW_CHECKSUM_H
#define UW_CHECKSUM_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

static __always_inline __sum16 uw_checksum_fold(__u64 sum)
{
	/* Four rounds: carries of carries. */
	for (int i = 0; i < 4; i++)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* The checksum after one of the 16-bit words that it is over has changed. */
static __always_inline __sum16 uw_checksum_change(__sum16 checksum, __be16 before, __be16 after)
{
	return uw_checksum_fold((__u32)(__u16)~checksum + (__u16)~before + after);
}

#endif /* UW_CHECKSUM_H */
