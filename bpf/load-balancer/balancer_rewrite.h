/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writing to packets, in XDP and in TC alike. `layer` is a constant wherever these are called, so of each function only
 * the half for that layer is in a program. In TC the kernel's helpers know what of a checksum is still to be done by a
 * device; in XDP checksums must be complete.
 */
#ifndef BALANCER_REWRITE_H
#define BALANCER_REWRITE_H

#include "balancer_packet.h"

enum layer {
	LAYER_XDP,
	LAYER_TC,
};

/* Which end of a packet is rewritten. */
enum end {
	END_SOURCE,
	END_DESTINATION,
};

/* What covers what was changed. */
#define COVERS_ADDRESSES BPF_F_PSEUDO_HDR
#define ZERO_IS_NONE BPF_F_MARK_MANGLED_0

#define IPV4_CHECKSUM 10
#define IPV4_SOURCE 12
#define IPV6_SOURCE 8
#define TCP_CHECKSUM 16
#define UDP_CHECKSUM 6
#define ICMP_CHECKSUM 2

static __always_inline __u16 fold(__u64 sum)
{
	/* Four rounds: carries of carries. */
	for (int i = 0; i < 4; i++)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* What a checksum over the one must have added to be one over the other. */
static __always_inline __u64 address_difference(const union address *from, const union address *to)
{
	__u64 sum = 0;

	for (int i = 0; i < 4; i++)
		sum += (__u64)(__u32)~from->words[i] + to->words[i];
	return sum;
}

static __always_inline __u64 port_difference(__u16 from, __u16 to)
{
	return (__u16)~bpf_htons(from) + (__u64)bpf_htons(to);
}

/* Bytes of the frame at `offset`, or NULL where it has not so many. */
static __always_inline void *bytes_at(struct xdp_md *ctx, __u32 offset, __u32 size)
{
	void *at;

	if (offset > MOST_HEADER_BYTES)
		return NULL;
	at = one_pointer((void *)(long)ctx->data + offset);
	return at + size > (void *)(long)ctx->data_end ? NULL : at;
}

static __always_inline int put(void *ctx, enum layer layer, __u32 offset, const void *bytes, __u32 size)
{
	void *at;

	if (layer == LAYER_TC)
		return bpf_skb_store_bytes(ctx, offset, bytes, size, 0);
	at = bytes_at(ctx, offset, size);
	if (!at)
		return -1;
	__builtin_memcpy(at, bytes, size);
	return 0;
}

/* Mends the checksum at `offset`, of a header of IPv4 or, with `flags`, of a transport. */
static __always_inline int mend_network(void *ctx, enum layer layer, __u32 offset, __u64 difference)
{
	__u16 *checksum;

	if (layer == LAYER_TC)
		return bpf_l3_csum_replace(ctx, offset, 0, fold(difference), 0);
	checksum = bytes_at(ctx, offset, sizeof(*checksum));
	if (!checksum)
		return -1;
	*checksum = ~fold((__u16)~*checksum + (__u64)fold(difference));
	return 0;
}

static __always_inline int mend_transport(void *ctx, enum layer layer, __u32 offset, __u64 difference, __u32 flags)
{
	__u16 *checksum;

	if (layer == LAYER_TC)
		return bpf_l4_csum_replace(ctx, offset, 0, fold(difference), flags);
	checksum = bytes_at(ctx, offset, sizeof(*checksum));
	if (!checksum)
		return -1;
	if (flags & ZERO_IS_NONE && !*checksum)
		return 0;
	*checksum = ~fold((__u16)~*checksum + (__u64)fold(difference));
	if (flags & ZERO_IS_NONE && !*checksum)
		*checksum = 0xffff;
	return 0;
}

/* Writes an address of the IP header at `network`. */
static __always_inline int put_address(void *ctx, enum layer layer, __u8 family, __u32 network, enum end end,
				       const union address *to)
{
	if (family == BALANCER_IPV4)
		return put(ctx, layer, network + IPV4_SOURCE + (end == END_DESTINATION ? 4 : 0), &to->words[3], 4);
	return put(ctx, layer, network + IPV6_SOURCE + (end == END_DESTINATION ? 16 : 0), to, 16);
}

static __always_inline int put_port(void *ctx, enum layer layer, __u32 transport, enum end end, __u16 to)
{
	__be16 port = bpf_htons(to);

	return put(ctx, layer, transport + (end == END_DESTINATION ? 2 : 0), &port, sizeof(port));
}

/* The address alone, with the checksum of IPv4's header. */
static __always_inline int rewrite_address(void *ctx, enum layer layer, const struct packet *packet, enum end end,
					   const union address *to)
{
	const union address *from = end == END_SOURCE ? &packet->ends.source : &packet->ends.destination;

	if (packet->ends.family == BALANCER_IPV4 &&
	    mend_network(ctx, layer, packet->network + IPV4_CHECKSUM, address_difference(from, to)))
		return -1;
	return put_address(ctx, layer, packet->ends.family, packet->network, end, to);
}

/* Address and port of one end of a TCP or UDP packet, with all checksums. */
static __always_inline int rewrite_end(void *ctx, enum layer layer, const struct packet *packet, enum end end,
				       const union address *to, __u16 port)
{
	const union address *from = end == END_SOURCE ? &packet->ends.source : &packet->ends.destination;
	__u16 from_port = end == END_SOURCE ? packet->ends.source_port : packet->ends.destination_port;
	bool udp = packet->ends.protocol == IPPROTO_UDP;
	__u32 checksum = packet->transport + (udp ? UDP_CHECKSUM : TCP_CHECKSUM);
	__u32 flags = udp ? ZERO_IS_NONE : 0;

	if (mend_transport(ctx, layer, checksum, address_difference(from, to), flags | COVERS_ADDRESSES) ||
	    mend_transport(ctx, layer, checksum, port_difference(from_port, port), flags) ||
	    put_port(ctx, layer, packet->transport, end, port))
		return -1;
	return rewrite_address(ctx, layer, packet, end, to);
}

/*
 * An ICMP error about a packet that went the other way: of the packet that it quotes, the other end is rewritten. Its own
 * `end` becomes the same where it is that one; a router on the way keeps its address. The quoted transport's checksum,
 * of which the error need not have the bytes, is left as it is: nobody looks at it.
 */
static __always_inline int rewrite_error(void *ctx, enum layer layer, const struct packet *packet, enum end end,
					 const struct ends *quoted, __u32 quoted_transport, const union address *to,
					 __u16 port)
{
	enum end other = end == END_SOURCE ? END_DESTINATION : END_SOURCE;
	const union address *outer = end == END_SOURCE ? &packet->ends.source : &packet->ends.destination;
	const union address *inner = other == END_SOURCE ? &quoted->source : &quoted->destination;
	__u16 from_port = other == END_SOURCE ? quoted->source_port : quoted->destination_port;
	__u32 network = packet->transport + sizeof(struct uw_icmp);
	__u32 checksum = packet->transport + ICMP_CHECKSUM;
	__u64 difference = port_difference(from_port, port);
	bool is_end = is_same_address(outer, inner);

	if (packet->ends.family == BALANCER_IPV4) {
		/* With its own checksum mended, what is quoted adds up to the same, but for the port. */
		if (mend_network(ctx, layer, network + IPV4_CHECKSUM, address_difference(inner, to)))
			return -1;
	} else {
		difference += address_difference(inner, to);
		if (is_end && mend_transport(ctx, layer, checksum, address_difference(outer, to), COVERS_ADDRESSES))
			return -1;
	}
	if (mend_transport(ctx, layer, checksum, difference, 0) ||
	    put_address(ctx, layer, packet->ends.family, network, other, to) ||
	    put_port(ctx, layer, quoted_transport, other, port))
		return -1;
	return is_end ? rewrite_address(ctx, layer, packet, end, to) : 0;
}

#endif /* BALANCER_REWRITE_H */
