/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the load balancer reads of a packet. */
#ifndef BALANCER_PACKET_H
#define BALANCER_PACKET_H

#include "uw_arp.h"
#include "uw_ethernet.h"
#include "uw_icmp.h"
#include "uw_ipv4.h"
#include "uw_ipv6.h"
#include "uw_tcp.h"
#include "uw_udp.h"
#include "load-balancer.h"

#define ICMP_ECHO_REPLY 0
#define ICMP_ECHO_REQUEST 8
#define ICMPV6_ECHO_REQUEST 128
#define ICMPV6_ECHO_REPLY 129
/* Destination unreachable, time exceeded, parameter problem. */
#define ICMP_ERRORS (1U << 3 | 1U << 11 | 1U << 12)
#define ICMPV6_LAST_ERROR 4
#define MORE_FRAGMENTS 0x2000

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10
#define TCP_FLAG_BYTE 13

/* More headers before the transport are malformed. */
#define MOST_HEADER_BYTES 1024

/* IPv4 is in its IPv4-mapped form. */
union address {
	__be32 words[4];
	__u64 halves[2];
	__u8 bytes[16];
};

struct ends {
	union address source;
	union address destination;
	__u16 source_port;	/* host order */
	__u16 destination_port;
	__u8 family;		/* enum balancer_family */
	__u8 protocol;
};

struct packet {
	struct ends ends;
	__u8 tcp_flags;
	__u8 icmp_type;
	bool has_ports;
	bool is_icmp;
	bool later_fragment;
	bool first_fragment;
	__u32 identification;	/* of a fragment's datagram */
	__u32 network;		/* where the IP header begins, from the start of the frame */
	__u32 transport;	/* and what is behind it and its extensions */
	__u32 left;		/* bytes from there on, as the packet says */
};

enum reading {
	READ_MALFORMED = -1,
	READ_OTHER,	/* neither of the below */
	READ_ARP,
	READ_IP,
};

static __always_inline union address map_ipv4(__be32 address)
{
	union address mapped = { .words = { 0, 0, bpf_htonl(0xffff), address } };

	return mapped;
}

static __always_inline bool is_same_address(const union address *a, const union address *b)
{
	return a->halves[0] == b->halves[0] && a->halves[1] == b->halves[1];
}

/* Keeps the compiler from adding the pointer up anew behind a check: to the verifier that would be another pointer. */
static __always_inline void *one_pointer(void *pointer)
{
	asm volatile("" : "+r"(pointer));
	return pointer;
}

static __always_inline int read_transport(const struct uw_cursor *frame, struct packet *packet)
{
	struct ends *ends = &packet->ends;
	/* Read back, lest the compiler hands on what the verifier knows of each way that led here. */
	__u32 transport = *(volatile __u32 *)&packet->transport;
	struct uw_cursor cursor;
	struct uw_icmp *icmp;
	struct tcphdr *tcp;
	struct udphdr *udp;

	if (packet->later_fragment)
		return 0;
	if (transport > MOST_HEADER_BYTES)
		return -1;
	cursor.at = one_pointer(frame->at + transport);
	cursor.end = frame->end;
	cursor.left = packet->left;
	if (ends->protocol == IPPROTO_TCP) {
		if (uw_parse_tcp(&cursor, &tcp) < 0)
			return -1;
		ends->source_port = bpf_ntohs(tcp->source);
		ends->destination_port = bpf_ntohs(tcp->dest);
		packet->tcp_flags = ((__u8 *)tcp)[TCP_FLAG_BYTE];
		packet->has_ports = true;
	} else if (ends->protocol == IPPROTO_UDP) {
		if (uw_parse_udp(&cursor, &udp) < 0)
			return -1;
		ends->source_port = bpf_ntohs(udp->source);
		ends->destination_port = bpf_ntohs(udp->dest);
		packet->has_ports = true;
	} else if (ends->protocol == (ends->family == BALANCER_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)) {
		if (uw_parse_icmp(&cursor, &icmp) < 0)
			return -1;
		packet->icmp_type = icmp->type;
		packet->is_icmp = true;
	}
	return 0;
}

static __always_inline int read_network(const struct uw_cursor *frame, struct packet *packet)
{
	__u32 network = *(volatile __u32 *)&packet->network;
	void *at;

	if (network > MOST_HEADER_BYTES)
		return -1;
	at = one_pointer(frame->at + network);
	if (packet->ends.family == BALANCER_IPV4) {
		struct iphdr *ip = at;

		if ((void *)(ip + 1) > frame->end)
			return -1;
		packet->ends.source = map_ipv4(ip->saddr);
		packet->ends.destination = map_ipv4(ip->daddr);
		packet->first_fragment = !packet->later_fragment && ip->frag_off & bpf_htons(MORE_FRAGMENTS);
		packet->identification = ip->id;
	} else {
		struct ipv6hdr *ip = at;
		struct uw_ipv6_extension *fragment = (void *)(ip + 1);

		if ((void *)(ip + 1) > frame->end)
			return -1;
		__builtin_memcpy(&packet->ends.source, &ip->saddr, sizeof(ip->saddr));
		__builtin_memcpy(&packet->ends.destination, &ip->daddr, sizeof(ip->daddr));
		/* Right behind the fixed header, as systems send it: elsewhere it is not told which datagram it is of. */
		if (ip->nexthdr == IPPROTO_FRAGMENT && (void *)(fragment + 1) <= frame->end) {
			packet->first_fragment = !packet->later_fragment && fragment->field & bpf_htons(1);
			packet->identification = fragment->identification;
		}
	}
	return 0;
}

/*
 * Reads into `packet`, header by header. Where ways through the headers join, the next reader begins anew from the frame by
 * what `packet` says: see `works`.
 */
static __always_inline enum reading read_packet(const struct uw_cursor *frame, struct packet *packet)
{
	struct uw_cursor cursor = *frame;
	struct ethhdr *eth;
	int type = uw_parse_ethernet(&cursor, &eth);
	int protocol;

	__builtin_memset(packet, 0, sizeof(*packet));
	if (type < 0)
		return READ_MALFORMED;
	if (type != ETH_P_IP && type != ETH_P_IPV6)
		return type == ETH_P_ARP ? READ_ARP : READ_OTHER;
	packet->network = cursor.at - frame->at;
	if (type == ETH_P_IP) {
		struct iphdr *ip;

		packet->ends.family = BALANCER_IPV4;
		protocol = uw_parse_ipv4(&cursor, &ip, &packet->later_fragment);
	} else {
		struct ipv6hdr *ip;

		packet->ends.family = BALANCER_IPV6;
		protocol = uw_parse_ipv6(&cursor, &ip, &packet->later_fragment);
	}
	if (protocol < 0)
		return READ_MALFORMED;
	packet->ends.protocol = protocol;
	packet->transport = cursor.at - frame->at;
	packet->left = cursor.left;
	if (read_network(frame, packet) < 0)
		return READ_MALFORMED;
	return read_transport(frame, packet) < 0 ? READ_MALFORMED : READ_IP;
}

static __always_inline bool is_icmp_error(const struct packet *packet)
{
	if (!packet->is_icmp)
		return false;
	if (packet->ends.family == BALANCER_IPV6)
		return packet->icmp_type && packet->icmp_type <= ICMPV6_LAST_ERROR;
	return packet->icmp_type < 32 && ICMP_ERRORS >> packet->icmp_type & 1;
}

/*
 * Reads the packet that an ICMP error quotes, and where its transport begins. Returns -1 where it cannot be told what it
 * was: later fragments and IPv6 extension headers among them.
 */
static __always_inline int read_quoted(const struct uw_cursor *frame, const struct packet *packet, struct ends *quoted,
				       __u32 *quoted_transport)
{
	__u32 offset = *(volatile const __u32 *)&packet->transport + sizeof(struct uw_icmp);
	__be16 *ports;

	if (offset > MOST_HEADER_BYTES)
		return -1;
	quoted->family = packet->ends.family;
	if (quoted->family == BALANCER_IPV4) {
		struct iphdr *ip = one_pointer(frame->at + offset);

		if ((void *)(ip + 1) > frame->end || ip->version != 4 || ip->ihl < 5)
			return -1;
		if (ip->frag_off & bpf_htons(UW_IPV4_OFFSET_MASK))
			return -1;
		quoted->source = map_ipv4(ip->saddr);
		quoted->destination = map_ipv4(ip->daddr);
		quoted->protocol = ip->protocol;
		*quoted_transport = offset + ip->ihl * 4;
		ports = one_pointer((void *)ip + ip->ihl * 4);
	} else {
		struct ipv6hdr *ip = one_pointer(frame->at + offset);

		if ((void *)(ip + 1) > frame->end || ip->version != 6)
			return -1;
		__builtin_memcpy(&quoted->source, &ip->saddr, sizeof(ip->saddr));
		__builtin_memcpy(&quoted->destination, &ip->daddr, sizeof(ip->daddr));
		quoted->protocol = ip->nexthdr;
		*quoted_transport = offset + sizeof(*ip);
		ports = (void *)(ip + 1);
	}
	if (quoted->protocol != IPPROTO_TCP && quoted->protocol != IPPROTO_UDP)
		return -1;
	if ((void *)(ports + 2) > frame->end)
		return -1;
	quoted->source_port = bpf_ntohs(ports[0]);
	quoted->destination_port = bpf_ntohs(ports[1]);
	return 0;
}

#endif /* BALANCER_PACKET_H */
