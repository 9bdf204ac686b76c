/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Answers to who asks for a neighbour's Ethernet address, ARP or neighbour discovery: the request becomes the answer in
 * place. Needs <linux/if_ether.h> frames without tags.
 */
#ifndef UW_NEIGHBOUR_H
#define UW_NEIGHBOUR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>

#include "uw_arp.h"
#include "uw_checksum.h"
#include "uw_icmp.h"

#define UW_NEIGHBOUR_HOP_LIMIT 255
#define UW_OPTION_TARGET_LINK_ADDRESS 2
#define UW_ADVERTISEMENT_SOLICITED_OVERRIDE 0x60000000

/* A neighbour solicitation as hosts send it, with its one option. */
struct uw_neighbour_message {
	struct uw_icmp icmp;
	struct in6_addr target;
	__u8 option;
	__u8 option_units;
	__u8 mac[ETH_ALEN];
};

/*
 * The neighbour solicitation that an IPv6 packet begins with, or NULL. One that is longer or shorter than hosts send it
 * is none: uw_is_solicitation() tells it from other packets.
 */
static __always_inline struct uw_neighbour_message *uw_solicitation(struct ipv6hdr *ip, const void *end)
{
	struct uw_neighbour_message *message = (void *)(ip + 1);

	if ((const void *)(message + 1) > end || bpf_ntohs(ip->payload_len) != sizeof(*message) ||
	    message->option_units != 1)
		return 0;
	return message;
}

static __always_inline bool uw_is_solicitation(const struct ipv6hdr *ip, const void *end)
{
	const struct uw_icmp *icmp = (const void *)(ip + 1);

	return (const void *)(icmp + 1) <= end && ip->nexthdr == IPPROTO_ICMPV6 &&
	       icmp->type == UW_ICMPV6_NEIGHBOUR_SOLICITATION;
}

static __always_inline void uw_answer_arp(struct ethhdr *eth, struct uw_arp *arp, const __u8 *mac)
{
	__u8 asked[4];

	__builtin_memcpy(asked, arp->target_address, sizeof(asked));
	__builtin_memcpy(arp->target_mac, arp->sender_mac, ETH_ALEN);
	__builtin_memcpy(arp->target_address, arp->sender_address, sizeof(asked));
	__builtin_memcpy(arp->sender_mac, mac, ETH_ALEN);
	__builtin_memcpy(arp->sender_address, asked, sizeof(asked));
	arp->operation = bpf_htons(ARPOP_REPLY);
	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, mac, ETH_ALEN);
}

static __always_inline void uw_answer_solicitation(struct ethhdr *eth, struct ipv6hdr *ip,
						   struct uw_neighbour_message *message, const __u8 *mac)
{
	__s64 sum;

	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, mac, ETH_ALEN);
	ip->daddr = ip->saddr;
	ip->saddr = message->target;
	ip->hop_limit = UW_NEIGHBOUR_HOP_LIMIT;
	message->icmp.type = UW_ICMPV6_NEIGHBOUR_ADVERTISEMENT;
	message->icmp.rest = bpf_htonl(UW_ADVERTISEMENT_SOLICITED_OVERRIDE);
	message->option = UW_OPTION_TARGET_LINK_ADDRESS;
	__builtin_memcpy(message->mac, mac, ETH_ALEN);
	message->icmp.checksum = 0;
	/* The pseudo header: both addresses, the length, the protocol. */
	sum = bpf_csum_diff(0, 0, (__be32 *)&ip->saddr, 2 * sizeof(ip->saddr),
			    bpf_htonl(sizeof(*message)) + bpf_htonl(IPPROTO_ICMPV6));
	sum = bpf_csum_diff(0, 0, (__be32 *)message, sizeof(*message), sum);
	message->icmp.checksum = uw_checksum_fold(sum);
}

#endif /* UW_NEIGHBOUR_H */
