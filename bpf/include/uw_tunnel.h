/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a frame of a segment goes to another host: in VXLAN over IPv4, by an uplink, the way that the host itself would take. */
#ifndef UW_TUNNEL_H
#define UW_TUNNEL_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>

#include "uw_checksum.h"
#include "uw_deliver.h"
#include "uw_vxlan.h"

#define UW_FAMILY_IPV4 2
#define UW_TUNNEL_HOP_LIMIT 64
#define UW_VERSION_AND_LENGTH 0x45
#define UW_DO_NOT_FRAGMENT 0x4000
/* Source ports of tunnels spread flows over queues and paths (RFC 7348 wants 49152 to 65535). */
#define UW_TUNNEL_SOURCE_PORTS 0xc000

/* This host's end of a segment's tunnels. */
struct uw_tunnel {
	__u32 vni;
	__u8 address[4];		/* zero: the segment is on this host alone */
	__u8 mac[ETH_ALEN];		/* of the uplink that has it */
	__u8 reserved[2];
	struct uw_port_name port;	/* the uplink's device */
};

/* The other end. */
struct uw_tunnel_end {
	__u8 address[4];	/* IPv4 */
	__u8 mac[ETH_ALEN];	/* its uplink's, for as long as this host has not found out by itself; zero: not given */
};

enum uw_tunnel_result {
	UW_TUNNEL_WRAPPED,
	UW_TUNNEL_UNREACHABLE,	/* the host knows no way by that uplink */
	UW_TUNNEL_TOO_LONG,	/* more than the way takes */
	UW_TUNNEL_MALFORMED,
};

struct uw_tunnel_headers {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	struct uw_vxlan vxlan;
} __attribute__((packed));

/* The same for all packets of a flow that are whole, 16 bits. `eth` is a frame without tags. */
static __always_inline __u32 uw_flow_hash(const struct ethhdr *eth, const void *end)
{
	const struct iphdr *ip = (const void *)(eth + 1);
	const struct ipv6hdr *ip6 = (const void *)(eth + 1);
	const __be32 *ports;
	__u32 hash = 0;

	if ((const void *)(eth + 1) > end)
		return 0;
	if (eth->h_proto == bpf_htons(ETH_P_IP) && (const void *)(ip + 1) <= end) {
		hash = ip->saddr ^ ip->daddr ^ ip->protocol;
		ports = (const void *)(ip + 1);
		if (ip->ihl == 5 && !(ip->frag_off & bpf_htons((__u16)~UW_DO_NOT_FRAGMENT)) &&
		    (ip->protocol == IPPROTO_TCP || ip->protocol == IPPROTO_UDP) && (const void *)(ports + 1) <= end)
			hash ^= *ports;
	} else if (eth->h_proto == bpf_htons(ETH_P_IPV6) && (const void *)(ip6 + 1) <= end) {
		hash = ip6->saddr.s6_addr32[2] ^ ip6->saddr.s6_addr32[3] ^ ip6->daddr.s6_addr32[2] ^
		       ip6->daddr.s6_addr32[3] ^ ip6->nexthdr;
		ports = (const void *)(ip6 + 1);
		if ((ip6->nexthdr == IPPROTO_TCP || ip6->nexthdr == IPPROTO_UDP) && (const void *)(ports + 1) <= end)
			hash ^= *ports;
	}
	/* Multiplicative hashing spreads what differs in a few bits; the upper ones are the good ones. */
	return hash * 0x9e3779b1u >> 16;
}

/*
 * The way of a frame to the other end, with the Ethernet addresses that it goes under: where the host does not know the next
 * one's, the end's own, if that is given. From XDP and from TC.
 */
static __always_inline enum uw_tunnel_result uw_tunnel_find(void *ctx, const struct uw_tunnel *tunnel,
							    const struct uw_tunnel_end *end, __u32 frame_bytes,
							    struct bpf_fib_lookup *way)
{
	const struct uw_port *uplink = bpf_map_lookup_elem(&uw_ports, &tunnel->port);
	__be32 own = *(const __be32 *)tunnel->address;
	long found;

	if (!uplink || !own)
		return UW_TUNNEL_UNREACHABLE;
	__builtin_memset(way, 0, sizeof(*way));
	way->family = UW_FAMILY_IPV4;
	way->l4_protocol = IPPROTO_UDP;
	way->tot_len = frame_bytes + sizeof(struct uw_tunnel_headers) - sizeof(struct ethhdr);
	way->ipv4_src = own;
	way->ipv4_dst = *(const __be32 *)end->address;
	way->ifindex = uplink->ifindex;
	found = bpf_fib_lookup(ctx, way, sizeof(*way), BPF_FIB_LOOKUP_OUTPUT);
	if (found == BPF_FIB_LKUP_RET_FRAG_NEEDED)
		return UW_TUNNEL_TOO_LONG;
	if ((found != BPF_FIB_LKUP_RET_SUCCESS && found != BPF_FIB_LKUP_RET_NO_NEIGH) ||
	    way->ifindex != uplink->ifindex)
		return UW_TUNNEL_UNREACHABLE;
	if (found == BPF_FIB_LKUP_RET_NO_NEIGH) {
		if (!(*(const __u16 *)end->mac | *(const __u16 *)(end->mac + 2) | *(const __u16 *)(end->mac + 4)))
			return UW_TUNNEL_UNREACHABLE;
		__builtin_memcpy(way->dmac, end->mac, ETH_ALEN);
		__builtin_memcpy(way->smac, tunnel->mac, ETH_ALEN);
	}
	return UW_TUNNEL_WRAPPED;
}

static __always_inline void uw_tunnel_write(struct uw_tunnel_headers *headers, const struct uw_tunnel *tunnel,
					    const struct uw_tunnel_end *end, const struct bpf_fib_lookup *way,
					    __u32 frame_bytes, __u32 hash)
{
	struct iphdr ip = {
		.tot_len = bpf_htons(frame_bytes + sizeof(*headers) - sizeof(headers->eth)),
		.frag_off = bpf_htons(UW_DO_NOT_FRAGMENT),
		.ttl = UW_TUNNEL_HOP_LIMIT,
		.protocol = IPPROTO_UDP,
		.saddr = *(const __be32 *)tunnel->address,
		.daddr = *(const __be32 *)end->address,
	};

	__builtin_memcpy(headers->eth.h_dest, way->dmac, ETH_ALEN);
	__builtin_memcpy(headers->eth.h_source, way->smac, ETH_ALEN);
	headers->eth.h_proto = bpf_htons(ETH_P_IP);
	*(__u8 *)&ip = UW_VERSION_AND_LENGTH;
	ip.check = uw_checksum_fold(bpf_csum_diff(0, 0, (__be32 *)&ip, sizeof(ip), 0));
	__builtin_memcpy(&headers->ip, &ip, sizeof(ip));
	headers->udp.source = bpf_htons(UW_TUNNEL_SOURCE_PORTS | (hash & ~UW_TUNNEL_SOURCE_PORTS));
	headers->udp.dest = bpf_htons(UW_VXLAN_PORT);
	headers->udp.len = bpf_htons(frame_bytes + sizeof(headers->udp) + sizeof(headers->vxlan));
	headers->udp.check = 0;
	headers->vxlan.flags = bpf_htonl(UW_VXLAN_HAS_VNI);
	headers->vxlan.vni = bpf_htonl(tunnel->vni << 8);
}

/* Wraps the frame; it is to be delivered to the tunnel's port then. Pointers into the packet from before are void. */
static __always_inline enum uw_tunnel_result uw_tunnel_wrap(struct xdp_md *ctx, const struct uw_tunnel *tunnel,
							    const struct uw_tunnel_end *end)
{
	struct bpf_fib_lookup way;
	struct uw_tunnel_headers *headers;
	__u32 frame_bytes = ctx->data_end - ctx->data;
	__u32 hash = uw_flow_hash((void *)(long)ctx->data, (void *)(long)ctx->data_end);
	enum uw_tunnel_result found = uw_tunnel_find(ctx, tunnel, end, frame_bytes, &way);

	if (found != UW_TUNNEL_WRAPPED)
		return found;
	if (bpf_xdp_adjust_head(ctx, -(int)sizeof(*headers)))
		return UW_TUNNEL_UNREACHABLE;
	headers = (void *)(long)ctx->data;
	if ((void *)(headers + 1) > (void *)(long)ctx->data_end)
		return UW_TUNNEL_MALFORMED;
	uw_tunnel_write(headers, tunnel, end, &way, frame_bytes, hash);
	return UW_TUNNEL_WRAPPED;
}

#endif /* UW_TUNNEL_H */
