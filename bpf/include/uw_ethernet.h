/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ethernet II with up to two VLAN tags (802.1Q, 802.1ad). */
#ifndef UW_ETHERNET_H
#define UW_ETHERNET_H

#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>

#include "uw_cursor.h"

#define UW_VLAN_TAGS 2

struct uw_vlan_tag {
	__be16 tci;
	__be16 type;
};

/* 1 or 0; arithmetic for the reason that `uw_is_zero` gives. */
static __always_inline __u64 uw_is_vlan(__be16 type)
{
	return uw_is_zero(type ^ bpf_htons(ETH_P_8021Q)) | uw_is_zero(type ^ bpf_htons(ETH_P_8021AD));
}

/* Returns the type of the payload in host order (ETH_P_IP, …), behind VLAN tags, or -1. */
static __always_inline int uw_parse_ethernet(struct uw_cursor *cursor, struct ethhdr **header)
{
	struct ethhdr *eth = cursor->at;
	__be16 type;

	if ((void *)(eth + 1) > cursor->end)
		return -1;
	*header = eth;
	type = eth->h_proto;
	cursor->at = eth + 1;
	cursor->left -= sizeof(*eth);
	if (type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD))
		return bpf_ntohs(type);

	/* UW_VLAN_TAGS rounds, which do nothing where there is no tag any more; a third tag is a payload of unknown type. */
	for (int i = 0; i < UW_VLAN_TAGS; i++) {
		__u32 bytes = uw_is_vlan(type) * sizeof(struct uw_vlan_tag);

		cursor->at += bytes;
		cursor->left -= bytes;
		if (cursor->at > cursor->end)
			return -1;
		/* What a type is the type of follows it. */
		type = *((__be16 *)cursor->at - 1);
	}
	return bpf_ntohs(type);
}

#endif /* UW_ETHERNET_H */
