/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARP for IPv4 over Ethernet; every other kind is malformed. */
#ifndef UW_ARP_H
#define UW_ARP_H

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>

#include "uw_cursor.h"

struct uw_arp {
	__be16 hardware;
	__be16 protocol;
	__u8 hardware_bytes;
	__u8 protocol_bytes;
	__be16 operation;
	__u8 sender_mac[ETH_ALEN];
	__u8 sender_address[4];
	__u8 target_mac[ETH_ALEN];
	__u8 target_address[4];
};

/* Returns the operation in host order (ARPOP_REQUEST, ARPOP_REPLY, …), or -1. */
static __always_inline int uw_parse_arp(struct uw_cursor *cursor, struct uw_arp **header)
{
	struct uw_arp *arp = cursor->at;

	if ((void *)(arp + 1) > cursor->end)
		return -1;
	if (arp->hardware != bpf_htons(ARPHRD_ETHER) || arp->protocol != bpf_htons(ETH_P_IP) ||
	    arp->hardware_bytes != ETH_ALEN || arp->protocol_bytes != 4)
		return -1;
	*header = arp;
	cursor->at = arp + 1;
	cursor->left -= sizeof(*arp);
	return bpf_ntohs(arp->operation);
}

#endif /* UW_ARP_H */
