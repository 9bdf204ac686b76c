// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A distributed Ethernet switch: one segment over any number of hosts. Who is where stands in tables that are written
 * before the instance joins a chain, so nothing is flooded to be found: ARP and neighbour discovery are answered here,
 * stations of this host are delivered to without leaving XDP, those of other hosts get VXLAN. README.md has the path.
 */
#include "uw_deliver.h"
#include "uw_arp.h"
#include "uw_ethernet.h"
#include "uw_icmp.h"
#include "uw_ipv4.h"
#include "uw_ipv6.h"
#include "uw_udp.h"
#include "uw_vxlan.h"
#include "switch.h"

#define FAMILY_IPV4 2
#define TUNNEL_HOP_LIMIT 64
#define VERSION_AND_LENGTH 0x45
#define DO_NOT_FRAGMENT 0x4000
/* Source ports of tunnels spread flows over queues and paths (RFC 7348 wants 49152 to 65535). */
#define TUNNEL_SOURCE_PORTS 0xc000
#define NEIGHBOUR_HOP_LIMIT 255
#define OPTION_TARGET_LINK_ADDRESS 2
#define ADVERTISEMENT_SOLICITED_OVERRIDE 0x60000000

const volatile struct switch_config switch_config = {};

/* Stations of the segment by Ethernet address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SWITCH_STATIONS);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct switch_mac);
	__type(value, struct switch_station);
} stations SEC(".maps");

/* Ethernet addresses of the segment's stations by IP address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SWITCH_STATIONS);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct switch_address);
	__type(value, struct switch_mac);
} addresses SEC(".maps");

/* By enum switch_counter. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SWITCH_COUNTERS);
	__type(key, __u32);
	__type(value, struct uw_counter);
} counters SEC(".maps");

struct neighbour_message {
	struct uw_icmp icmp;
	struct in6_addr target;
	__u8 option;
	__u8 option_units;
	__u8 mac[ETH_ALEN];
};

struct tunnel_headers {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	struct uw_vxlan vxlan;
} __attribute__((packed));

/* What is decided about a packet: the verdict, and the counter that says why. */
static __always_inline int count(struct xdp_md *ctx, enum switch_counter counter, int action)
{
	uw_count(&counters, counter, ctx->data_end - ctx->data);
	return action;
}

static __always_inline struct switch_mac mac_of(const __u8 *bytes)
{
	struct switch_mac mac = {};

	__builtin_memcpy(mac.bytes, bytes, ETH_ALEN);
	return mac;
}

static __always_inline bool is_same_mac(const struct switch_mac *a, const struct switch_mac *b)
{
	return *(const __u64 *)a == *(const __u64 *)b;
}

static __always_inline bool is_multicast(const struct switch_mac *mac)
{
	return mac->bytes[0] & 1;
}

static __always_inline bool is_remote(const struct switch_station *station)
{
	return *(const __be32 *)station->host != 0;
}

static __always_inline const struct switch_mac *holder_of_ipv4(const void *bytes)
{
	struct switch_address address = { .bytes = { [10] = 0xff, [11] = 0xff } };

	__builtin_memcpy(address.bytes + 12, bytes, 4);
	return bpf_map_lookup_elem(&addresses, &address);
}

static __always_inline const struct switch_mac *holder_of_ipv6(const void *bytes)
{
	struct switch_address address;

	__builtin_memcpy(address.bytes, bytes, sizeof(address.bytes));
	return bpf_map_lookup_elem(&addresses, &address);
}

static __always_inline bool is_held_by(const struct switch_mac *holder, const struct switch_mac *sender)
{
	return !switch_config.anti_spoofing || (holder && is_same_mac(holder, sender));
}

/*
 * Back to where it came from. Not XDP_TX, which a veth pair's other end is not woken for unless it has an XDP program.
 */
static __always_inline int answer(struct xdp_md *ctx, enum switch_counter counter)
{
	return count(ctx, counter, bpf_redirect(ctx->ingress_ifindex, 0));
}

/* The request becomes the reply in place. */
static __always_inline int answer_arp(struct xdp_md *ctx, struct ethhdr *eth, struct uw_arp *arp,
				      const struct switch_mac *holder)
{
	__u8 asked[4];

	__builtin_memcpy(asked, arp->target_address, sizeof(asked));
	__builtin_memcpy(arp->target_mac, arp->sender_mac, ETH_ALEN);
	__builtin_memcpy(arp->target_address, arp->sender_address, sizeof(asked));
	__builtin_memcpy(arp->sender_mac, holder->bytes, ETH_ALEN);
	__builtin_memcpy(arp->sender_address, asked, sizeof(asked));
	arp->operation = bpf_htons(ARPOP_REPLY);
	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, holder->bytes, ETH_ALEN);
	return answer(ctx, SWITCH_ARP_ANSWERED);
}

static __always_inline __sum16 fold(__u64 sum)
{
	/* Four rounds: carries of carries. */
	for (int i = 0; i < 4; i++)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static __always_inline int answer_solicitation(struct xdp_md *ctx, struct ethhdr *eth, struct ipv6hdr *ip,
					       struct neighbour_message *message, const struct switch_mac *holder)
{
	__s64 sum;

	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, holder->bytes, ETH_ALEN);
	ip->daddr = ip->saddr;
	ip->saddr = message->target;
	ip->hop_limit = NEIGHBOUR_HOP_LIMIT;
	message->icmp.type = UW_ICMPV6_NEIGHBOUR_ADVERTISEMENT;
	message->icmp.rest = bpf_htonl(ADVERTISEMENT_SOLICITED_OVERRIDE);
	message->option = OPTION_TARGET_LINK_ADDRESS;
	__builtin_memcpy(message->mac, holder->bytes, ETH_ALEN);
	message->icmp.checksum = 0;
	/* The pseudo header: both addresses, the length, the protocol. */
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&ip->saddr, 2 * sizeof(ip->saddr),
			    bpf_htonl(sizeof(*message)) + bpf_htonl(IPPROTO_ICMPV6));
	sum = bpf_csum_diff(NULL, 0, (__be32 *)message, sizeof(*message), sum);
	message->icmp.checksum = fold(sum);
	return answer(ctx, SWITCH_ND_ANSWERED);
}

/*
 * A neighbour solicitation as hosts send it, 72 octets of IPv6 without extension headers, for an address that another
 * station holds. One for an address that nobody holds is not answered, nor one that only asks whether somebody does.
 */
static __always_inline int judge_solicitation(struct xdp_md *ctx, struct ethhdr *eth, struct ipv6hdr *ip,
					      const struct switch_mac *sender)
{
	struct neighbour_message *message = (void *)(ip + 1);
	const struct switch_mac *holder;

	if ((void *)(message + 1) > (void *)(long)ctx->data_end ||
	    bpf_ntohs(ip->payload_len) != sizeof(*message) || message->option_units != 1)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	holder = holder_of_ipv6(&message->target);
	if (!holder || is_same_mac(holder, sender) || switch_config.isolated)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	return answer_solicitation(ctx, eth, ip, message, holder);
}

static __always_inline int judge_arp(struct xdp_md *ctx, struct uw_cursor *cursor, struct ethhdr *eth,
				     const struct switch_mac *sender)
{
	const struct switch_mac *holder;
	struct switch_mac claimed;
	struct uw_arp *arp;
	int operation = uw_parse_arp(cursor, &arp);

	if (operation < 0)
		return count(ctx, SWITCH_MALFORMED, XDP_DROP);
	claimed = mac_of(arp->sender_mac);
	if (switch_config.anti_spoofing && !is_same_mac(&claimed, sender))
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	if (!is_held_by(holder_of_ipv4(arp->sender_address), sender))
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	if (operation != ARPOP_REQUEST)
		return XDP_PASS;
	holder = holder_of_ipv4(arp->target_address);
	/* Nobody holds it, or the sender itself does, which asks whether somebody else does: silence is the answer. */
	if (!holder || is_same_mac(holder, sender) || switch_config.isolated)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	return answer_arp(ctx, eth, arp, holder);
}

static __always_inline __u32 hash_of(const struct ethhdr *eth, const void *end)
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
		if (ip->ihl == 5 && !(ip->frag_off & bpf_htons(~DO_NOT_FRAGMENT)) && (const void *)(ports + 1) <= end)
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

/* Wraps the frame and sends it off by the uplink. `to`: where it goes then is the engine's to do. */
static __always_inline int send_to_host(struct xdp_md *ctx, const struct switch_station *station,
					struct uw_port_name *to)
{
	struct uw_port_name uplink_name;
	const struct uw_port *uplink;
	struct bpf_fib_lookup way = {};
	struct tunnel_headers *headers;
	__u32 frame_bytes = ctx->data_end - ctx->data;
	__u32 packet_bytes = frame_bytes + sizeof(*headers) - sizeof(headers->eth);
	__u32 hash = hash_of((void *)(long)ctx->data, (void *)(long)ctx->data_end);
	__be32 own = *(const volatile __be32 *)switch_config.tunnel_address;
	__be32 host = *(const __be32 *)station->host;
	struct iphdr ip = {
		.tot_len = bpf_htons(packet_bytes),
		.frag_off = bpf_htons(DO_NOT_FRAGMENT),
		.ttl = TUNNEL_HOP_LIMIT,
		.protocol = IPPROTO_UDP,
		.saddr = own,
		.daddr = host,
	};
	long found;

	for (int i = 0; i < UW_PORT_NAME; i++)
		uplink_name.name[i] = switch_config.tunnel_port.name[i];
	uplink = bpf_map_lookup_elem(&uw_ports, &uplink_name);
	if (!uplink || !own)
		return count(ctx, SWITCH_UNREACHABLE, XDP_DROP);
	way.family = FAMILY_IPV4;
	way.l4_protocol = IPPROTO_UDP;
	way.tot_len = packet_bytes;
	way.ipv4_src = own;
	way.ipv4_dst = host;
	way.ifindex = uplink->ifindex;
	found = bpf_fib_lookup(ctx, &way, sizeof(way), BPF_FIB_LOOKUP_OUTPUT);
	if (found == BPF_FIB_LKUP_RET_FRAG_NEEDED)
		return count(ctx, SWITCH_TOO_LONG, XDP_DROP);
	if ((found != BPF_FIB_LKUP_RET_SUCCESS && found != BPF_FIB_LKUP_RET_NO_NEIGH) || way.ifindex != uplink->ifindex)
		return count(ctx, SWITCH_UNREACHABLE, XDP_DROP);
	if (bpf_xdp_adjust_head(ctx, -(int)sizeof(*headers)))
		return count(ctx, SWITCH_UNREACHABLE, XDP_DROP);
	headers = (void *)(long)ctx->data;
	if ((void *)(headers + 1) > (void *)(long)ctx->data_end)
		return count(ctx, SWITCH_UNREACHABLE, XDP_ABORTED);

	if (found == BPF_FIB_LKUP_RET_SUCCESS) {
		__builtin_memcpy(headers->eth.h_dest, way.dmac, ETH_ALEN);
		__builtin_memcpy(headers->eth.h_source, way.smac, ETH_ALEN);
	} else {
		__builtin_memcpy(headers->eth.h_dest, station->host_mac, ETH_ALEN);
		for (int i = 0; i < ETH_ALEN; i++)
			headers->eth.h_source[i] = switch_config.tunnel_mac[i];
	}
	headers->eth.h_proto = bpf_htons(ETH_P_IP);
	*(__u8 *)&ip = VERSION_AND_LENGTH;
	ip.check = fold(bpf_csum_diff(NULL, 0, (__be32 *)&ip, sizeof(ip), 0));
	__builtin_memcpy(&headers->ip, &ip, sizeof(ip));
	headers->udp.source = bpf_htons(TUNNEL_SOURCE_PORTS | (hash & ~TUNNEL_SOURCE_PORTS));
	headers->udp.dest = bpf_htons(UW_VXLAN_PORT);
	headers->udp.len = bpf_htons(frame_bytes + sizeof(headers->udp) + sizeof(headers->vxlan));
	headers->udp.check = 0;
	headers->vxlan.flags = bpf_htonl(UW_VXLAN_HAS_VNI);
	headers->vxlan.vni = bpf_htonl(switch_config.vni << 8);
	*to = uplink_name;
	return count(ctx, SWITCH_REMOTE, XDP_REDIRECT);
}

/* Whether IP sources are the sender's own; hosts that have no address yet ask from the unspecified one. */
static __always_inline bool is_own_source(struct uw_cursor *cursor, __be16 type, const struct switch_mac *sender)
{
	const struct iphdr *ip = cursor->at;
	const struct ipv6hdr *ip6 = cursor->at;

	if (!switch_config.anti_spoofing)
		return true;
	if (type == bpf_htons(ETH_P_IP))
		return (const void *)(ip + 1) <= cursor->end && is_held_by(holder_of_ipv4(&ip->saddr), sender);
	if (type == bpf_htons(ETH_P_IPV6))
		return (const void *)(ip6 + 1) <= cursor->end && is_held_by(holder_of_ipv6(&ip6->saddr), sender);
	return true;
}

static __always_inline int forward(struct xdp_md *ctx, const struct switch_mac *destination, struct uw_port_name *to)
{
	const struct switch_station *station;

	if (is_multicast(destination))
		return count(ctx, SWITCH_MULTICAST, XDP_DROP);
	station = bpf_map_lookup_elem(&stations, destination);
	if (!station)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	if (switch_config.isolated)
		return count(ctx, SWITCH_ISOLATED, XDP_DROP);
	if (is_remote(station))
		return send_to_host(ctx, station, to);
	*to = station->port;
	return count(ctx, SWITCH_LOCAL, XDP_REDIRECT);
}

/* What a port sends. */
static __always_inline int from_port(struct xdp_md *ctx, struct uw_port_name *to)
{
	struct uw_cursor cursor = uw_cursor_xdp(ctx);
	struct ethhdr *eth = cursor.at;
	struct switch_mac sender, own = {}, destination;
	struct ipv6hdr *ip6;
	__be16 type;

	if ((void *)(eth + 1) > cursor.end)
		return count(ctx, SWITCH_MALFORMED, XDP_DROP);
	cursor.at = eth + 1;
	cursor.left -= sizeof(*eth);
	type = eth->h_proto;
	if (type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD))
		return count(ctx, SWITCH_TAGGED, XDP_DROP);
	sender = mac_of(eth->h_source);
	for (int i = 0; i < ETH_ALEN; i++)
		own.bytes[i] = switch_config.port_mac[i];
	if (switch_config.anti_spoofing && !is_same_mac(&sender, &own))
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	destination = mac_of(eth->h_dest);
	if (type == bpf_htons(ETH_P_ARP)) {
		int action = judge_arp(ctx, &cursor, eth, &sender);

		return action == XDP_PASS ? forward(ctx, &destination, to) : action;
	}
	ip6 = (void *)(eth + 1);
	if (type == bpf_htons(ETH_P_IPV6) && (void *)(ip6 + 1) + sizeof(struct uw_icmp) <= cursor.end &&
	    ip6->nexthdr == IPPROTO_ICMPV6 &&
	    ((struct uw_icmp *)(ip6 + 1))->type == UW_ICMPV6_NEIGHBOUR_SOLICITATION)
		return is_own_source(&cursor, type, &sender) ? judge_solicitation(ctx, eth, ip6, &sender)
							      : count(ctx, SWITCH_SPOOFED, XDP_DROP);
	/* Reports of group memberships come from the unspecified address: not spoofed, but not carried either. */
	if (!is_multicast(&destination) && !is_own_source(&cursor, type, &sender))
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	return forward(ctx, &destination, to);
}

/* What other hosts send in VXLAN; all else goes on to the host. */
static __always_inline int from_uplink(struct xdp_md *ctx, struct uw_port_name *to)
{
	struct uw_cursor cursor = uw_cursor_xdp(ctx);
	const struct switch_station *sender, *station;
	struct switch_mac source, destination;
	struct uw_vxlan *vxlan;
	struct udphdr *udp;
	struct iphdr *ip;
	struct ethhdr *eth, *frame;
	bool later_fragment;
	__be32 host;

	if (uw_parse_ethernet(&cursor, &eth) != ETH_P_IP ||
	    uw_parse_ipv4(&cursor, &ip, &later_fragment) != IPPROTO_UDP || later_fragment ||
	    ip->daddr != *(const volatile __be32 *)switch_config.tunnel_address || uw_parse_udp(&cursor, &udp) < 0 ||
	    udp->dest != bpf_htons(UW_VXLAN_PORT) || uw_parse_vxlan(&cursor, &vxlan) != (int)switch_config.vni)
		return count(ctx, SWITCH_NOT_OURS, XDP_PASS);
	frame = cursor.at;
	if ((void *)(frame + 1) > cursor.end || ip->ihl != 5)
		return count(ctx, SWITCH_MALFORMED, XDP_DROP);
	host = ip->saddr;
	source = mac_of(frame->h_source);
	destination = mac_of(frame->h_dest);
	/* A station is believed only from the host that has it. */
	sender = bpf_map_lookup_elem(&stations, &source);
	if (!sender || *(const __be32 *)sender->host != host)
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	if (is_multicast(&destination))
		return count(ctx, SWITCH_MULTICAST, XDP_DROP);
	station = bpf_map_lookup_elem(&stations, &destination);
	if (!station || is_remote(station))
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	*to = station->port;
	if (bpf_xdp_adjust_head(ctx, (void *)frame - (void *)(long)ctx->data))
		return count(ctx, SWITCH_MALFORMED, XDP_DROP);
	return count(ctx, SWITCH_LOCAL, XDP_REDIRECT);
}

SEC("xdp")
int switch_xdp(struct xdp_md *ctx)
{
	struct uw_port_name to = {};
	int action = switch_config.role == SWITCH_UPLINK ? from_uplink(ctx, &to) : from_port(ctx, &to);

	/* An answer goes back as it is; for no port, nothing is delivered. */
	return action == XDP_REDIRECT && to.name[0] ? uw_xdp_deliver(ctx, &to) : uw_xdp_continue(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
