// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A distributed router: the gateway of its segments, on every host under the same addresses. An instance is on what a
 * port sends, before the switch. What is for the router's Ethernet address is routed right there, from tables that are
 * written before the instance joins a chain, and goes on in the segment of its target: to a port of this host without
 * leaving XDP, to another host in VXLAN. All else is the switch's. README.md has the path.
 */
#include <stddef.h>

#include "uw_deliver.h"
#include "uw_arp.h"
#include "uw_checksum.h"
#include "uw_icmp.h"
#include "uw_ipv4.h"
#include "uw_ipv6.h"
#include "uw_neighbour.h"
#include "uw_tunnel.h"
#include "router.h"

#define HOP_LIMIT 64
#define UW_FAMILY_IPV6 10
/* No verdict of the kernel's: to the host's stack, and to nobody in the chain behind. */
#define TO_HOST 100
#define MORE_FRAGMENTS 0x2000
/* Errors that are due may come this much early, in nanoseconds: a short burst is let through. */
#define ERROR_BURST 100000000ull
/* As much of the packet as an error quotes, in 32-bit words: it is 576 and 1280 bytes long at most. */
#define QUOTED_IPV4_WORDS 137
#define QUOTED_IPV6_WORDS 308
/* Header and the eight bytes behind it that tell who sent it. */
#define LEAST_IPV4_QUOTE 28
#define LEAST_IPV6_QUOTE 48

#define ICMP_ECHO_REPLY 0
#define ICMP_UNREACHABLE 3
#define ICMP_ECHO 8
#define ICMP_TIME_EXCEEDED 11
#define ICMPV6_UNREACHABLE 1
#define ICMPV6_TOO_BIG 2
#define ICMPV6_TIME_EXCEEDED 3
#define ICMPV6_ECHO 128
#define ICMPV6_ECHO_REPLY 129

const volatile struct router_config router_config = {};

/* By index: the segments that the router serves. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ROUTER_SEGMENTS);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct router_segment);
} segments SEC(".maps");

/* Stations of these segments by IP address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ROUTER_STATIONS);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct router_address);
	__type(value, struct router_station);
} stations SEC(".maps");

/* The router's own addresses, each with the index of its segment. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ROUTER_GATEWAYS);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct router_address);
	__type(value, __u32);
} gateways SEC(".maps");

/* The longest prefix that matches decides. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, ROUTER_ROUTES);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct router_prefix);
	__type(value, struct router_route);
} routes SEC(".maps");

/* Stations that routes lead to, in buckets: a flow's hash picks one of its route's. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ROUTER_NEXT_HOPS);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct router_address);
} next_hops SEC(".maps");

/* By index: devices that packets may leave the segments by. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ROUTER_UPLINKS);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct uw_port_name);
} uplinks SEC(".maps");

/* When the next error is due. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} errors SEC(".maps");

/* By enum router_counter. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ROUTER_COUNTERS);
	__type(key, __u32);
	__type(value, struct uw_counter);
} counters SEC(".maps");

/* What is to be said of a packet to its sender; type 0 of no family: nothing. */
struct error {
	__be16 family;	/* as in Ethernet */
	__u8 type;
	__u8 code;
	__u32 mtu;
};

struct error_ipv4 {
	struct ethhdr eth;
	struct iphdr ip;
	struct uw_icmp icmp;
} __attribute__((packed));

struct error_ipv6 {
	struct ethhdr eth;
	struct ipv6hdr ip;
	struct uw_icmp icmp;
} __attribute__((packed));

/* A packet that is for the router, by what routing asks of it. */
struct routed {
	struct ethhdr *eth;
	const void *end;
	struct router_address source;
	struct router_address destination;
	__u32 bytes;	/* of the IP packet */
	__u8 hop_limit;
	bool may_fragment;
	const struct router_station *station;	/* that the packet is for, where no route has to be asked */
};

static __always_inline int count(struct xdp_md *ctx, enum router_counter counter, int action)
{
	uw_count(&counters, counter, ctx->data_end - ctx->data);
	return action;
}

/* Back to where it came from. Not XDP_TX: see the switch. */
static __always_inline int answer(struct xdp_md *ctx, enum router_counter counter)
{
	return count(ctx, counter, bpf_redirect(ctx->ingress_ifindex, 0));
}

static __always_inline struct router_address from_ipv4(const void *bytes)
{
	struct router_address address = { .bytes = { [10] = 0xff, [11] = 0xff } };

	__builtin_memcpy(address.bytes + 12, bytes, 4);
	return address;
}

static __always_inline struct router_address from_ipv6(const void *bytes)
{
	struct router_address address;

	__builtin_memcpy(address.bytes, bytes, sizeof(address.bytes));
	return address;
}

/* ETH_ALEN rounds over an address of the settings, which are volatile. */
static __always_inline bool is_mac(const __u8 *bytes, const volatile __u8 *mac)
{
	__u8 differs = 0;

	for (int i = 0; i < ETH_ALEN; i++)
		differs |= bytes[i] ^ mac[i];
	return !differs;
}

static __always_inline void copy_mac(__u8 *to, const volatile __u8 *mac)
{
	for (int i = 0; i < ETH_ALEN; i++)
		to[i] = mac[i];
}

static __always_inline const struct router_segment *segment_at(__u32 index)
{
	return bpf_map_lookup_elem(&segments, &index);
}

static __always_inline bool is_same_address(const struct router_address *a, const volatile struct router_address *b)
{
	const __u32 *left = (const void *)a;
	const volatile __u32 *right = (const volatile void *)b;

	return !((left[0] ^ right[0]) | (left[1] ^ right[1]) | (left[2] ^ right[2]) | (left[3] ^ right[3]));
}

/* Whether the port's station sends under its own addresses, where it must. */
static __always_inline bool is_own(const struct ethhdr *eth, const struct router_address *source)
{
	const struct router_station *station;

	if (!router_config.anti_spoofing)
		return true;
	if (!is_mac(eth->h_source, router_config.port_mac))
		return false;
	if (is_same_address(source, &router_config.source_ipv4) || is_same_address(source, &router_config.source_ipv6))
		return true;
	station = bpf_map_lookup_elem(&stations, source);
	return station && is_mac(station->mac, router_config.port_mac);
}

/* Whether it is the router's address on the port's own segment. */
static __always_inline bool is_gateway_here(const struct router_address *address)
{
	const __u32 *segment = bpf_map_lookup_elem(&gateways, address);

	return segment && *segment == router_config.segment;
}

/* ARP that asks for the router is answered; all other is the switch's, what is spoofed too. */
static __always_inline int judge_arp(struct xdp_md *ctx, struct ethhdr *eth)
{
	struct uw_cursor cursor = uw_cursor_xdp(ctx);
	struct router_address asked, sender;
	struct uw_arp *arp;
	__u8 mac[ETH_ALEN];

	cursor.at = eth + 1;
	cursor.left -= sizeof(*eth);
	if (uw_parse_arp(&cursor, &arp) != ARPOP_REQUEST)
		return count(ctx, ROUTER_SWITCHED, XDP_PASS);
	asked = from_ipv4(arp->target_address);
	sender = from_ipv4(arp->sender_address);
	if (!is_gateway_here(&asked) || !is_own(eth, &sender))
		return count(ctx, ROUTER_SWITCHED, XDP_PASS);
	copy_mac(mac, router_config.mac);
	uw_answer_arp(eth, arp, mac);
	return answer(ctx, ROUTER_ARP_ANSWERED);
}

static __always_inline int judge_solicitation(struct xdp_md *ctx, struct ethhdr *eth, struct ipv6hdr *ip)
{
	struct uw_neighbour_message *message = uw_solicitation(ip, (void *)(long)ctx->data_end);
	struct router_address asked, sender;
	__u8 mac[ETH_ALEN];

	if (!message)
		return count(ctx, ROUTER_SWITCHED, XDP_PASS);
	asked = from_ipv6(&message->target);
	sender = from_ipv6(&ip->saddr);
	if (!is_gateway_here(&asked) || !is_own(eth, &sender))
		return count(ctx, ROUTER_SWITCHED, XDP_PASS);
	copy_mac(mac, router_config.mac);
	uw_answer_solicitation(eth, ip, message, mac);
	return answer(ctx, ROUTER_ND_ANSWERED);
}

static __always_inline void turn_round(struct ethhdr *eth)
{
	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	copy_mac(eth->h_source, router_config.mac);
}

/* An echo request in one piece becomes its reply; anything else that is for the router itself is refused. */
static __always_inline int to_router_ipv4(struct xdp_md *ctx, struct ethhdr *eth, struct iphdr *ip, struct error *error)
{
	struct uw_icmp *icmp = (void *)(ip + 1);
	__be32 destination = ip->daddr;
	__be16 before;

	if ((void *)(icmp + 1) > (void *)(long)ctx->data_end || ip->protocol != IPPROTO_ICMP ||
	    icmp->type != ICMP_ECHO || ip->ihl != 5 || ip->frag_off & bpf_htons(MORE_FRAGMENTS | UW_IPV4_OFFSET_MASK)) {
		if (ip->protocol == IPPROTO_UDP)
			*error = (struct error){ bpf_htons(ETH_P_IP), ICMP_UNREACHABLE, 3, 0 };
		return count(ctx, ROUTER_TO_ROUTER, XDP_DROP);
	}
	turn_round(eth);
	ip->daddr = ip->saddr;
	ip->saddr = destination;
	before = *(__be16 *)&ip->ttl;
	ip->ttl = HOP_LIMIT;
	ip->check = uw_checksum_change(ip->check, before, *(__be16 *)&ip->ttl);
	before = *(__be16 *)icmp;
	icmp->type = ICMP_ECHO_REPLY;
	icmp->checksum = uw_checksum_change(icmp->checksum, before, *(__be16 *)icmp);
	/* Both are zero to who adds them up, but of a message of zeros alone this is the one that holds. */
	if (!icmp->checksum)
		icmp->checksum = 0xffff;
	return answer(ctx, ROUTER_ECHO_ANSWERED);
}

static __always_inline int to_router_ipv6(struct xdp_md *ctx, struct ethhdr *eth, struct ipv6hdr *ip,
					  struct error *error)
{
	struct uw_icmp *icmp = (void *)(ip + 1);
	struct in6_addr destination = ip->daddr;
	__be16 before;

	if ((void *)(icmp + 1) > (void *)(long)ctx->data_end || ip->nexthdr != IPPROTO_ICMPV6 ||
	    icmp->type != ICMPV6_ECHO) {
		if (ip->nexthdr == IPPROTO_UDP)
			*error = (struct error){ bpf_htons(ETH_P_IPV6), ICMPV6_UNREACHABLE, 4, 0 };
		return count(ctx, ROUTER_TO_ROUTER, XDP_DROP);
	}
	turn_round(eth);
	ip->daddr = ip->saddr;
	ip->saddr = destination;
	ip->hop_limit = HOP_LIMIT;
	before = *(__be16 *)icmp;
	icmp->type = ICMPV6_ECHO_REPLY;
	icmp->checksum = uw_checksum_change(icmp->checksum, before, *(__be16 *)icmp);
	return answer(ctx, ROUTER_ECHO_ANSWERED);
}

/* The packet's own station, if the table of routes would say nothing else of it. */
static __always_inline const struct router_station *direct_station(const struct router_address *destination)
{
	const struct router_station *station = bpf_map_lookup_elem(&stations, destination);

	return station && station->direct ? station : 0;
}

/* Which station the packet goes to next; NULL: none, and `why`. */
static __always_inline const struct router_station *next_station(const struct routed *packet, enum router_counter *why)
{
	struct router_prefix prefix = { .bits = 128, .address = packet->destination };
	const struct router_route *route = bpf_map_lookup_elem(&routes, &prefix);
	const struct router_address *hop;
	__u32 bucket;

	*why = ROUTER_NO_ROUTE;
	if (!route)
		return 0;
	*why = ROUTER_NO_HOST;
	if (route->kind == ROUTER_CONNECTED)
		return bpf_map_lookup_elem(&stations, &packet->destination);
	if (route->kind == ROUTER_DISCARD) {
		*why = ROUTER_DISCARDED;
		return 0;
	}
	bucket = route->first + (uw_flow_hash(packet->eth, packet->end) & route->mask);
	hop = bpf_map_lookup_elem(&next_hops, &bucket);
	return hop ? bpf_map_lookup_elem(&stations, hop) : 0;
}

/* What the sender is told about a packet that goes nowhere. */
static __always_inline struct error error_of(__be16 family, enum router_counter why, __u32 mtu)
{
	bool is_ipv4 = family == bpf_htons(ETH_P_IP);
	struct error none = {};

	switch (why) {
	case ROUTER_EXPIRED:
		return (struct error){ family, is_ipv4 ? ICMP_TIME_EXCEEDED : ICMPV6_TIME_EXCEEDED, 0, 0 };
	case ROUTER_NO_ROUTE:
		return (struct error){ family, is_ipv4 ? ICMP_UNREACHABLE : ICMPV6_UNREACHABLE, 0, 0 };
	case ROUTER_NO_HOST:
		return (struct error){ family, is_ipv4 ? ICMP_UNREACHABLE : ICMPV6_UNREACHABLE, is_ipv4 ? 1 : 3, 0 };
	case ROUTER_TOO_LONG:
		return (struct error){ family, is_ipv4 ? ICMP_UNREACHABLE : ICMPV6_TOO_BIG, is_ipv4 ? 4 : 0, mtu };
	default:
		return none;
	}
}

/* Into the segment of the station, by its port or its host. */
static __always_inline int send_to(struct xdp_md *ctx, const struct router_station *station,
				   const struct router_segment *segment, struct uw_port_name *to)
{
	if (!*(const __be32 *)station->host.address) {
		*to = station->port;
		return count(ctx, ROUTER_LOCAL, XDP_REDIRECT);
	}
	switch (uw_tunnel_wrap(ctx, &segment->tunnel, &station->host)) {
	case UW_TUNNEL_WRAPPED:
		*to = segment->tunnel.port;
		return count(ctx, ROUTER_REMOTE, XDP_REDIRECT);
	case UW_TUNNEL_TOO_LONG:
		return count(ctx, ROUTER_TOO_LONG, XDP_DROP);
	case UW_TUNNEL_UNREACHABLE:
		return count(ctx, ROUTER_UNREACHABLE, XDP_DROP);
	default:
		return count(ctx, ROUTER_MALFORMED, XDP_ABORTED);
	}
}

static __always_inline int refuse(struct xdp_md *ctx, __be16 family, enum router_counter why, __u32 mtu,
				  struct error *error)
{
	*error = error_of(family, why, mtu);
	return count(ctx, why, XDP_DROP);
}

/* The uplink with this index, if the router may send by it. */
static __always_inline bool is_uplink(__u32 ifindex, struct uw_port_name *to)
{
	/* ROUTER_UPLINKS rounds at most. */
	for (__u32 i = 0; i < ROUTER_UPLINKS && i < router_config.uplinks; i++) {
		const struct uw_port_name *name = bpf_map_lookup_elem(&uplinks, &i);
		const struct uw_port *port = name ? bpf_map_lookup_elem(&uw_ports, name) : 0;

		if (port && port->ifindex == ifindex) {
			*to = *name;
			return true;
		}
	}
	return false;
}

/* The hop limit; the header's checksum is over it in IPv4. */
static __always_inline void count_hop(__be16 family, struct ethhdr *eth)
{
	struct iphdr *ip = (void *)(eth + 1);
	__be16 before;

	if (family == bpf_htons(ETH_P_IPV6)) {
		((struct ipv6hdr *)(eth + 1))->hop_limit--;
		return;
	}
	before = *(__be16 *)&ip->ttl;
	ip->ttl--;
	ip->check = uw_checksum_change(ip->check, before, *(__be16 *)&ip->ttl);
}

/*
 * Out of the segments, the host's own way. What the host knows a neighbour for, on an uplink, leaves from here; all else
 * is its stack's to send: to find the neighbour, to cut, to deliver to the host itself or to a port that it routes to.
 * The stack takes it as it is: the host's end of the port has the router's Ethernet address.
 */
static __always_inline int leave(struct xdp_md *ctx, __be16 family, const struct routed *packet,
				 struct uw_port_name *to, struct error *error)
{
	struct bpf_fib_lookup way = {
		.tot_len = packet->bytes,
		.ifindex = ctx->ingress_ifindex,
	};

	if (family == bpf_htons(ETH_P_IP)) {
		way.family = UW_FAMILY_IPV4;
		__builtin_memcpy(&way.ipv4_src, packet->source.bytes + 12, sizeof(way.ipv4_src));
		__builtin_memcpy(&way.ipv4_dst, packet->destination.bytes + 12, sizeof(way.ipv4_dst));
	} else {
		way.family = UW_FAMILY_IPV6;
		__builtin_memcpy(way.ipv6_src, &packet->source, sizeof(way.ipv6_src));
		__builtin_memcpy(way.ipv6_dst, &packet->destination, sizeof(way.ipv6_dst));
	}
	switch (bpf_fib_lookup(ctx, &way, sizeof(way), 0)) {
	case BPF_FIB_LKUP_RET_SUCCESS:
		if (!is_uplink(way.ifindex, to))
			break;
		count_hop(family, packet->eth);
		__builtin_memcpy(packet->eth->h_dest, way.dmac, ETH_ALEN);
		__builtin_memcpy(packet->eth->h_source, way.smac, ETH_ALEN);
		return count(ctx, ROUTER_OUT, XDP_REDIRECT);
	case BPF_FIB_LKUP_RET_BLACKHOLE:
		return count(ctx, ROUTER_DISCARDED, XDP_DROP);
	case BPF_FIB_LKUP_RET_UNREACHABLE:
	case BPF_FIB_LKUP_RET_PROHIBIT:
		return refuse(ctx, family, ROUTER_NO_ROUTE, 0, error);
	case BPF_FIB_LKUP_RET_FRAG_NEEDED:
		if (packet->may_fragment)
			break;
		return refuse(ctx, family, ROUTER_TOO_LONG, way.mtu_result, error);
	default:
		break;
	}
	return count(ctx, ROUTER_HOST, TO_HOST);
}

static __always_inline int route(struct xdp_md *ctx, __be16 family, const struct routed *packet,
				 struct uw_port_name *to, struct error *error)
{
	const struct router_station *station;
	const struct router_segment *segment;
	enum router_counter why = ROUTER_NO_HOST;

	if (packet->hop_limit <= 1)
		return refuse(ctx, family, ROUTER_EXPIRED, 0, error);
	station = packet->station ? packet->station : next_station(packet, &why);
	if (!station && why == ROUTER_NO_ROUTE && router_config.leaves)
		return leave(ctx, family, packet, to, error);
	if (!station)
		return refuse(ctx, family, why, 0, error);
	segment = segment_at(station->segment);
	if (!segment)
		return refuse(ctx, family, ROUTER_NO_HOST, 0, error);
	if (segment->isolated && station->segment == router_config.segment)
		return count(ctx, ROUTER_ISOLATED, XDP_DROP);
	/* Nothing is cut into fragments here: who allowed it is not told. */
	if (packet->bytes > segment->mtu)
		return packet->may_fragment ? count(ctx, ROUTER_TOO_LONG, XDP_DROP)
				    : refuse(ctx, family, ROUTER_TOO_LONG, segment->mtu, error);
	count_hop(family, packet->eth);
	__builtin_memcpy(packet->eth->h_dest, station->mac, ETH_ALEN);
	copy_mac(packet->eth->h_source, router_config.mac);
	return send_to(ctx, station, segment, to);
}

/* Of IPv4: this network, loopback, link-local, multicast and above. */
static __always_inline bool stays_ipv4(__be32 address)
{
	__u32 host = bpf_ntohl(address);

	return host >> 24 == 0 || host >> 24 == 127 || host >> 16 == 0xa9fe || host >> 24 >= 224;
}

/* Of IPv6: unspecified, loopback, IPv4-mapped, link-local, multicast. */
static __always_inline bool stays_ipv6(const struct in6_addr *address)
{
	return !(address->s6_addr32[0] | address->s6_addr32[1]) ||
	       (address->s6_addr32[0] & bpf_htonl(0xffc00000)) == bpf_htonl(0xfe800000) ||
	       address->s6_addr[0] == 0xff;
}

static __always_inline int judge_ipv4(struct xdp_md *ctx, struct ethhdr *eth, struct uw_port_name *to,
				      struct error *error)
{
	struct iphdr *ip = (void *)(eth + 1);
	struct routed packet = { .eth = eth, .end = (void *)(long)ctx->data_end };

	if ((const void *)(ip + 1) > packet.end)
		return count(ctx, ROUTER_MALFORMED, XDP_DROP);
	packet.bytes = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || ip->ihl < 5 || packet.bytes < ip->ihl * 4u ||
	    packet.bytes + sizeof(*eth) > ctx->data_end - ctx->data)
		return count(ctx, ROUTER_MALFORMED, XDP_DROP);
	packet.source = from_ipv4(&ip->saddr);
	packet.destination = from_ipv4(&ip->daddr);
	if (!is_own(eth, &packet.source))
		return count(ctx, ROUTER_SPOOFED, XDP_DROP);
	if (stays_ipv4(ip->daddr) || stays_ipv4(ip->saddr))
		return count(ctx, ROUTER_NOT_ROUTED, XDP_DROP);
	packet.station = direct_station(&packet.destination);
	if (!packet.station && bpf_map_lookup_elem(&gateways, &packet.destination))
		return to_router_ipv4(ctx, eth, ip, error);
	packet.hop_limit = ip->ttl;
	packet.may_fragment = !(ip->frag_off & bpf_htons(UW_DO_NOT_FRAGMENT));
	return route(ctx, bpf_htons(ETH_P_IP), &packet, to, error);
}

static __always_inline int judge_ipv6(struct xdp_md *ctx, struct ethhdr *eth, struct uw_port_name *to,
				      struct error *error)
{
	struct ipv6hdr *ip = (void *)(eth + 1);
	struct routed packet = { .eth = eth, .end = (void *)(long)ctx->data_end };

	if ((const void *)(ip + 1) > packet.end)
		return count(ctx, ROUTER_MALFORMED, XDP_DROP);
	packet.bytes = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	if (ip->version != 6 || packet.bytes + sizeof(*eth) > ctx->data_end - ctx->data)
		return count(ctx, ROUTER_MALFORMED, XDP_DROP);
	packet.source = from_ipv6(&ip->saddr);
	packet.destination = from_ipv6(&ip->daddr);
	if (!is_own(eth, &packet.source))
		return count(ctx, ROUTER_SPOOFED, XDP_DROP);
	if (stays_ipv6(&ip->daddr) || stays_ipv6(&ip->saddr))
		return count(ctx, ROUTER_NOT_ROUTED, XDP_DROP);
	packet.station = direct_station(&packet.destination);
	if (!packet.station && bpf_map_lookup_elem(&gateways, &packet.destination))
		return to_router_ipv6(ctx, eth, ip, error);
	packet.hop_limit = ip->hop_limit;
	return route(ctx, bpf_htons(ETH_P_IPV6), &packet, to, error);
}

/*
 * What a port sends: for the router's Ethernet address, or neighbour discovery that asks for it. Neighbour discovery is
 * also sent to the router itself, by who has asked before and wants to know whether it is still there.
 */
static __always_inline int judge(struct xdp_md *ctx, struct uw_port_name *to, struct error *error)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	const void *end = (void *)(long)ctx->data_end;
	struct ipv6hdr *ip6 = (void *)(eth + 1);

	if ((const void *)(eth + 1) > end)
		return count(ctx, ROUTER_SWITCHED, XDP_PASS);
	if (eth->h_proto == bpf_htons(ETH_P_ARP))
		return judge_arp(ctx, eth);
	if (eth->h_proto == bpf_htons(ETH_P_IPV6) && (const void *)(ip6 + 1) <= end && uw_is_solicitation(ip6, end))
		return judge_solicitation(ctx, eth, ip6);
	if (!is_mac(eth->h_dest, router_config.mac))
		return count(ctx, ROUTER_SWITCHED, XDP_PASS);
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		return judge_ipv4(ctx, eth, to, error);
	if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		return judge_ipv6(ctx, eth, to, error);
	return count(ctx, ROUTER_SWITCHED, XDP_PASS);
}

/* One compare and swap: where two CPUs want to send at once, one of them does. */
static __always_inline bool is_error_due(void)
{
	__u32 only = 0;
	__u64 *next = bpf_map_lookup_elem(&errors, &only);
	__u64 interval = router_config.icmp_interval;
	__u64 now, due;

	if (!next || !interval)
		return false;
	now = bpf_ktime_get_ns();
	due = *(volatile __u64 *)next;
	if (due > now + ERROR_BURST)
		return false;
	return __sync_val_compare_and_swap(next, due, (due > now ? due : now) + interval) == due;
}

/* The sum over what is quoted; `most` is constant and bounds the loop. */
static __always_inline __u64 sum_of(const __be32 *words, const void *end, int most)
{
	__u64 sum = 0;

	for (int i = 0; i < most; i++) {
		if ((const void *)(words + i + 1) > end)
			break;
		sum += words[i];
	}
	return sum;
}

/* Cuts the frame behind what is quoted, whole words, and makes room for `more` bytes before. */
static __always_inline bool make_room(struct xdp_md *ctx, __u32 packet_bytes, __u32 most, int more)
{
	__u32 quoted = (packet_bytes < most ? packet_bytes : most) & ~3u;
	__u64 bytes = ctx->data_end - ctx->data;

	/* The compiler would reorder it into sums with pointers, which the verifier does not take. */
	barrier_var(bytes);
	return !bpf_xdp_adjust_tail(ctx, (int)(sizeof(struct ethhdr) + quoted) - (int)bytes) &&
	       !bpf_xdp_adjust_head(ctx, -more);
}

/* No errors about errors, about what is no first fragment, or to who may not be one host. */
static __always_inline int send_error_ipv4(struct xdp_md *ctx, const struct error *error)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	struct uw_icmp *icmp = (void *)(ip + 1);
	struct error_ipv4 *headers;
	__u8 to[ETH_ALEN];
	__be32 own = *(const volatile __be32 *)router_config.ipv4, source;
	__u32 bytes;

	if ((void *)(icmp + 1) > (void *)(long)ctx->data_end || !own || ip->ihl != 5 ||
	    ip->frag_off & bpf_htons(UW_IPV4_OFFSET_MASK))
		return XDP_DROP;
	if (ip->protocol == IPPROTO_ICMP && icmp->type != ICMP_ECHO && icmp->type != ICMP_ECHO_REPLY)
		return XDP_DROP;
	bytes = bpf_ntohs(ip->tot_len);
	source = ip->saddr;
	__builtin_memcpy(to, eth->h_source, ETH_ALEN);
	if (bytes < LEAST_IPV4_QUOTE || !is_error_due() ||
	    !make_room(ctx, bytes, QUOTED_IPV4_WORDS * 4, sizeof(*headers) - sizeof(headers->eth)))
		return XDP_DROP;
	headers = (void *)(long)ctx->data;
	if ((void *)(headers + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	bytes = ctx->data_end - ctx->data - sizeof(headers->eth);
	__builtin_memset(headers, 0, sizeof(*headers));
	__builtin_memcpy(headers->eth.h_dest, to, ETH_ALEN);
	copy_mac(headers->eth.h_source, router_config.mac);
	headers->eth.h_proto = bpf_htons(ETH_P_IP);
	*(__u8 *)&headers->ip = UW_VERSION_AND_LENGTH;
	headers->ip.tot_len = bpf_htons(bytes);
	headers->ip.ttl = HOP_LIMIT;
	headers->ip.protocol = IPPROTO_ICMP;
	headers->ip.saddr = own;
	headers->ip.daddr = source;
	headers->ip.check = uw_checksum_fold(bpf_csum_diff(0, 0, (void *)headers + sizeof(headers->eth), sizeof(headers->ip), 0));
	headers->icmp.type = error->type;
	headers->icmp.code = error->code;
	headers->icmp.rest = bpf_htonl(error->mtu);
	headers->icmp.checksum = uw_checksum_fold(
		sum_of((void *)&headers->icmp, (void *)(long)ctx->data_end, QUOTED_IPV4_WORDS + 2));
	return bpf_redirect(ctx->ingress_ifindex, 0);
}

static __always_inline int send_error_ipv6(struct xdp_md *ctx, const struct error *error)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct ipv6hdr *ip = (void *)(eth + 1);
	struct uw_icmp *icmp = (void *)(ip + 1);
	struct error_ipv6 *headers;
	struct in6_addr source;
	__u8 to[ETH_ALEN];
	__u32 bytes;
	__u64 sum;

	if ((void *)(icmp + 1) > (void *)(long)ctx->data_end || uw_is_ipv6_extension(ip->nexthdr) ||
	    !router_config.ipv6.bytes[0])
		return XDP_DROP;
	if (ip->nexthdr == IPPROTO_ICMPV6 && icmp->type < ICMPV6_ECHO)
		return XDP_DROP;
	bytes = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	source = ip->saddr;
	__builtin_memcpy(to, eth->h_source, ETH_ALEN);
	if (bytes < LEAST_IPV6_QUOTE || !is_error_due() ||
	    !make_room(ctx, bytes, QUOTED_IPV6_WORDS * 4, sizeof(*headers) - sizeof(headers->eth)))
		return XDP_DROP;
	headers = (void *)(long)ctx->data;
	if ((void *)(headers + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	bytes = ctx->data_end - ctx->data - sizeof(headers->eth) - sizeof(headers->ip);
	__builtin_memset(headers, 0, sizeof(*headers));
	__builtin_memcpy(headers->eth.h_dest, to, ETH_ALEN);
	copy_mac(headers->eth.h_source, router_config.mac);
	headers->eth.h_proto = bpf_htons(ETH_P_IPV6);
	*(__u8 *)&headers->ip = 0x60;
	headers->ip.payload_len = bpf_htons(bytes);
	headers->ip.nexthdr = IPPROTO_ICMPV6;
	headers->ip.hop_limit = HOP_LIMIT;
	for (int i = 0; i < 16; i++)
		headers->ip.saddr.s6_addr[i] = router_config.ipv6.bytes[i];
	headers->ip.daddr = source;
	headers->icmp.type = error->type;
	headers->icmp.code = error->code;
	headers->icmp.rest = bpf_htonl(error->mtu);
	/* The pseudo header: both addresses, the length, the protocol. */
	sum = bpf_csum_diff(0, 0, (void *)headers + sizeof(headers->eth) + offsetof(struct ipv6hdr, saddr),
			    2 * sizeof(headers->ip.saddr), 0);
	sum += (__u64)bpf_htonl(bytes) + bpf_htonl(IPPROTO_ICMPV6);
	sum += sum_of((void *)&headers->icmp, (void *)(long)ctx->data_end, QUOTED_IPV6_WORDS + 2);
	headers->icmp.checksum = uw_checksum_fold(sum);
	return bpf_redirect(ctx->ingress_ifindex, 0);
}

/* Tells the sender, where that may be. Counts the packet as it came. */
static __always_inline int tell(struct xdp_md *ctx, const struct error *error)
{
	__u64 bytes = ctx->data_end - ctx->data;
	int action = error->family == bpf_htons(ETH_P_IP) ? send_error_ipv4(ctx, error) : send_error_ipv6(ctx, error);

	if (action == XDP_REDIRECT)
		uw_count(&counters, ROUTER_ERROR_SENT, bytes);
	uw_count(&uw_verdicts, uw_verdict_of_xdp(action), bytes);
	return action;
}

SEC("xdp")
int router_xdp(struct xdp_md *ctx)
{
	struct uw_port_name to = {};
	struct error error = {};
	int action = judge(ctx, &to, &error);

	if (error.family)
		return tell(ctx, &error);
	if (action == TO_HOST)
		return uw_xdp_to_host(ctx);
	/* An answer goes back as it is; for no port, nothing is delivered. */
	return action == XDP_REDIRECT && to.name[0] ? uw_xdp_deliver(ctx, &to) : uw_xdp_continue(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
