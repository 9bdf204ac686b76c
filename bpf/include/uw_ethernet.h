/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ethernet II with up to two VLAN tags (802.1Q, 802.1ad). A packet with more hides what it carries: it is malformed. */
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

/* Returns the type of the payload in host order (ETH_P_IP, …), behind VLAN tags, or -1. */
static __always_inline int uw_parse_ethernet(struct uw_cursor *cursor, struct ethhdr **header)
{
	struct ethhdr *eth = cursor->at;
	__u16 type;

	if ((void *)(eth + 1) > cursor->end)
		return -1;
	*header = eth;
	type = bpf_ntohs(eth->h_proto);
	cursor->at = eth + 1;
	cursor->left -= sizeof(*eth);

	/* UW_VLAN_TAGS rounds. */
	for (int i = 0; i < UW_VLAN_TAGS; i++) {
		struct uw_vlan_tag *tag = cursor->at;

		if (type != ETH_P_8021Q && type != ETH_P_8021AD)
			break;
		if ((void *)(tag + 1) > cursor->end)
			return -1;
		type = bpf_ntohs(tag->type);
		cursor->at = tag + 1;
		cursor->left -= sizeof(*tag);
	}
	return type == ETH_P_8021Q || type == ETH_P_8021AD ? -1 : type;
}

#endif /* UW_ETHERNET_H */
