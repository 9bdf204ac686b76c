/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the firewall reads of a packet. */
#ifndef FIREWALL_PACKET_H
#define FIREWALL_PACKET_H

#include "uw_ethernet.h"
#include "uw_icmp.h"
#include "uw_ipv4.h"
#include "uw_ipv6.h"
#include "uw_tcp.h"
#include "uw_udp.h"
#include "firewall.h"

/* Neighbour discovery is only valid with the hop limit that no router has touched (RFC 4861). */
#define NEIGHBOUR_DISCOVERY_HOP_LIMIT 255

#define ICMP_ECHO_REPLY 0
#define ICMP_ECHO_REQUEST 8
#define ICMPV6_ECHO_REQUEST 128
#define ICMPV6_ECHO_REPLY 129
/* Destination unreachable, source quench, time exceeded, parameter problem. */
#define ICMP_ERRORS (1U << 3 | 1U << 4 | 1U << 11 | 1U << 12)
/* All types below 128 are errors; these are in use. */
#define ICMPV6_LAST_ERROR 4

union address {
	__be32 words[4];
	__u64 halves[2];
};

/* One end asks, the other answers: an echo has no ports to tell which. */
enum echo {
	NO_ECHO,
	ECHO_REQUEST,
	ECHO_REPLY,
};

struct ends {
	union address source;
	union address destination;
	__u16 source_port;	/* host order; an echo's identifier in both */
	__u16 destination_port;
	__u8 family;
	__u8 protocol;		/* 1 is ICMP of either family */
	__u8 echo;		/* enum echo */
};

struct packet {
	struct ends ends;
	__u32 sequence;
	__u32 acknowledged;
	__u8 tcp_flags;
	bool later_fragment;
	bool has_ports;
	bool neighbour_discovery;
	bool icmp_error;
	bool trackable;		/* has what connections are told apart by */
	__u8 hop_limit;		/* IPv6 */
	__u32 network;		/* where the IP header begins, from the start of the frame */
	__u32 transport;	/* and what is behind it and its extensions */
	__u32 left;		/* bytes from there on, as the packet says */
};

/* The packet as numbers, by enum firewall_field. */
struct fields {
	__u32 values[FIREWALL_LEAF + 1];
};

/* What a packet is worked on with. */
struct work {
	struct packet packet;
	struct ends quoted;	/* of the packet that an ICMP error quotes */
	struct firewall_flow flow;
	struct fields fields;
};

enum reading {
	READ_MALFORMED = -1,
	READ_OTHER,	/* neither of the below */
	READ_ARP,
	READ_IP,
};

/* More headers before the transport are malformed. */
#define MOST_HEADER_BYTES 1024

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10
#define TCP_FLAG_BYTE 13

static __always_inline union address map_ipv4(__be32 address)
{
	union address mapped = { .words = { 0, 0, bpf_htonl(0xffff), address } };

	return mapped;
}

static __always_inline void read_echo(struct ends *ends, __u8 type, __be32 rest)
{
	if (type == (ends->family == 4 ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST))
		ends->echo = ECHO_REQUEST;
	else if (type == (ends->family == 4 ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY))
		ends->echo = ECHO_REPLY;
	else
		return;
	ends->source_port = ends->destination_port = bpf_ntohl(rest) >> 16;
}

static __always_inline int read_icmp(struct uw_cursor *cursor, struct packet *packet)
{
	struct ends *ends = &packet->ends;
	struct uw_icmp *icmp;

	if (uw_parse_icmp(cursor, &icmp) < 0)
		return -1;
	if (ends->family == 6) {
		packet->neighbour_discovery = packet->hop_limit == NEIGHBOUR_DISCOVERY_HOP_LIMIT &&
					      (icmp->type == UW_ICMPV6_NEIGHBOUR_SOLICITATION ||
					       icmp->type == UW_ICMPV6_NEIGHBOUR_ADVERTISEMENT);
		packet->icmp_error = icmp->type && icmp->type <= ICMPV6_LAST_ERROR;
	} else {
		packet->icmp_error = icmp->type < 32 && ICMP_ERRORS >> icmp->type & 1;
	}
	read_echo(ends, icmp->type, icmp->rest);
	packet->trackable = ends->echo != NO_ECHO;
	return 0;
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
	/* Read back, lest the compiler hands on what the verifier knows. */
	__u32 transport = *(volatile __u32 *)&packet->transport;
	struct uw_cursor cursor;
	struct tcphdr *tcp;
	struct udphdr *udp;

	if (packet->later_fragment)
		return 0;
	if (transport > MOST_HEADER_BYTES)
		return -1;
	cursor.at = one_pointer(frame->at + transport);
	cursor.end = frame->end;
	cursor.left = packet->left;
	switch (ends->protocol) {
	case IPPROTO_TCP:
		if (uw_parse_tcp(&cursor, &tcp) < 0)
			return -1;
		ends->source_port = bpf_ntohs(tcp->source);
		ends->destination_port = bpf_ntohs(tcp->dest);
		packet->sequence = bpf_ntohl(tcp->seq);
		packet->acknowledged = bpf_ntohl(tcp->ack_seq);
		packet->tcp_flags = ((__u8 *)tcp)[TCP_FLAG_BYTE];
		packet->has_ports = packet->trackable = true;
		return 0;
	case IPPROTO_UDP:
		if (uw_parse_udp(&cursor, &udp) < 0)
			return -1;
		ends->source_port = bpf_ntohs(udp->source);
		ends->destination_port = bpf_ntohs(udp->dest);
		packet->has_ports = packet->trackable = true;
		return 0;
	case IPPROTO_ICMP:
		return read_icmp(&cursor, packet);
	default:
		return 0;
	}
}

static __always_inline int read_addresses(const struct uw_cursor *frame, struct packet *packet)
{
	__u32 network = *(volatile __u32 *)&packet->network;
	void *at;

	if (network > MOST_HEADER_BYTES)
		return -1;
	at = one_pointer(frame->at + network);
	if (packet->ends.family == 4) {
		struct iphdr *ip = at;

		if ((void *)(ip + 1) > frame->end)
			return -1;
		packet->ends.source = map_ipv4(ip->saddr);
		packet->ends.destination = map_ipv4(ip->daddr);
	} else {
		struct ipv6hdr *ip = at;

		if ((void *)(ip + 1) > frame->end)
			return -1;
		__builtin_memcpy(&packet->ends.source, &ip->saddr, sizeof(ip->saddr));
		__builtin_memcpy(&packet->ends.destination, &ip->daddr, sizeof(ip->daddr));
		packet->hop_limit = ip->hop_limit;
	}
	return 0;
}

/* Of ICMP, rules and connections know one; that of IPv4 is nothing in IPv6. */
static __always_inline __u8 name_protocol(__u8 family, __u8 protocol)
{
	if (family == 4 || (protocol != IPPROTO_ICMP && protocol != IPPROTO_ICMPV6))
		return protocol;
	return protocol == IPPROTO_ICMPV6 ? IPPROTO_ICMP : IPPROTO_RAW;
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

		packet->ends.family = 4;
		protocol = uw_parse_ipv4(&cursor, &ip, &packet->later_fragment);
	} else {
		struct ipv6hdr *ip;

		packet->ends.family = 6;
		protocol = uw_parse_ipv6(&cursor, &ip, &packet->later_fragment);
	}
	if (protocol < 0)
		return READ_MALFORMED;
	packet->ends.protocol = protocol;
	packet->transport = cursor.at - frame->at;
	packet->left = cursor.left;

	if (read_addresses(frame, packet) < 0)
		return READ_MALFORMED;
	packet->ends.protocol = name_protocol(packet->ends.family, packet->ends.protocol);
	return read_transport(frame, packet) < 0 ? READ_MALFORMED : READ_IP;
}

/*
 * Reads the packet that an ICMP error quotes, of which it may have no more than the first bytes of the transport. Returns
 * -1 where it cannot be told what it was: IPv6 extension headers and later fragments among them. It begins anew from the
 * frame, for the same reason as `works`.
 */
static __always_inline int read_quoted(const struct uw_cursor *frame, __u32 offset, __u8 family, struct ends *ends)
{
	__be32 *transport;

	if (offset > MOST_HEADER_BYTES)
		return -1;
	ends->family = family;
	if (family == 4) {
		struct iphdr *ip = one_pointer(frame->at + offset);

		if ((void *)(ip + 1) > frame->end || ip->version != 4 || ip->ihl < 5)
			return -1;
		if (ip->frag_off & bpf_htons(UW_IPV4_OFFSET_MASK))
			return -1;
		ends->source = map_ipv4(ip->saddr);
		ends->destination = map_ipv4(ip->daddr);
		ends->protocol = ip->protocol;
		transport = one_pointer((void *)ip + ip->ihl * 4);
	} else {
		struct ipv6hdr *ip = one_pointer(frame->at + offset);

		if ((void *)(ip + 1) > frame->end || ip->version != 6)
			return -1;
		__builtin_memcpy(&ends->source, &ip->saddr, sizeof(ip->saddr));
		__builtin_memcpy(&ends->destination, &ip->daddr, sizeof(ip->daddr));
		ends->protocol = ip->nexthdr;
		transport = (void *)(ip + 1);
	}
	if ((void *)(transport + 2) > frame->end)
		return -1;
	if (ends->protocol == IPPROTO_TCP || ends->protocol == IPPROTO_UDP) {
		ends->source_port = bpf_ntohl(*transport) >> 16;
		ends->destination_port = bpf_ntohl(*transport);
		return 0;
	}
	if (ends->protocol != (family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return -1;
	ends->protocol = IPPROTO_ICMP;
	read_echo(ends, *(__u8 *)transport, transport[1]);
	return ends->echo == NO_ECHO ? -1 : 0;
}

#endif /* FIREWALL_PACKET_H */
