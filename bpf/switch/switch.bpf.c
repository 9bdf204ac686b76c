// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A distributed Ethernet switch: one segment over any number of hosts. Who is where stands in tables that are written
 * before the instance joins a chain, so nothing is flooded to be found: ARP and neighbour discovery are answered here,
 * stations of this host are delivered to without leaving XDP, those of other hosts get VXLAN. README.md has the path.
 */
#include "uw_deliver.h"
#include "uw_arp.h"
#include "uw_ethernet.h"
#include "uw_ipv4.h"
#include "uw_ipv6.h"
#include "uw_neighbour.h"
#include "uw_tunnel.h"
#include "uw_udp.h"
#include "switch.h"

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

/* Hosts that send under the Ethernet address of a station that is everywhere: a router's. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SWITCH_HOSTS);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct switch_host);
	__type(value, __u32);
} hosts SEC(".maps");

/* By enum switch_counter. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SWITCH_COUNTERS);
	__type(key, __u32);
	__type(value, struct uw_counter);
} counters SEC(".maps");

/* What is decided about a packet: the verdict, and the counter that says why. */
static __always_inline int count(struct xdp_md *ctx, enum switch_counter counter, int action)
{
	uw_count(&counters, counter, ctx->data_end - ctx->data);
	return action;
}

/*
 * In words and put together in a register: bytes that are stored one by one and read as a word keep the CPU waiting. The
 * lower half is in the lower bytes, as in memory: BPF programs are built for the byte order of the machine.
 */
static __always_inline struct switch_mac mac_of(const __u8 *bytes)
{
	struct switch_mac mac;

	*(__u64 *)&mac = *(const __u32 *)bytes | (__u64) * (const __u16 *)(bytes + 4) << 32;
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
	return *(const __be32 *)station->host.address != 0;
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

/* The port's first address of the family, which is nearly always the only one, is compared without a look at the table. */
static __always_inline bool is_first_ipv4(const void *bytes)
{
	return *(const __be32 *)bytes == *(const volatile __be32 *)switch_config.port_ipv4;
}

static __always_inline bool is_first_ipv6(const void *bytes)
{
	const __be32 *words = bytes;
	const volatile __be32 *own = (const volatile __be32 *)switch_config.port_ipv6;

	return words[0] == own[0] && words[1] == own[1] && words[2] == own[2] && words[3] == own[3];
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

/*
 * A neighbour solicitation as hosts send it, 72 octets of IPv6 without extension headers, for an address that another
 * station holds. One for an address that nobody holds is not answered, nor one that only asks whether somebody does.
 */
static __always_inline int judge_solicitation(struct xdp_md *ctx, struct ethhdr *eth, struct ipv6hdr *ip,
					      const struct switch_mac *sender)
{
	struct uw_neighbour_message *message = uw_solicitation(ip, (void *)(long)ctx->data_end);
	const struct switch_mac *holder;

	if (!message)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	holder = holder_of_ipv6(&message->target);
	if (!holder || is_same_mac(holder, sender) || switch_config.isolated)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	uw_answer_solicitation(eth, ip, message, holder->bytes);
	return answer(ctx, SWITCH_ND_ANSWERED);
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
	uw_answer_arp(eth, arp, holder->bytes);
	return answer(ctx, SWITCH_ARP_ANSWERED);
}

/* Wraps the frame and sends it off by the uplink. `to`: where it goes then is the engine's to do. */
static __always_inline int send_to_host(struct xdp_md *ctx, const struct switch_station *station,
					struct uw_port_name *to)
{
	/* Read in place. Opaque to the compiler, which would take the zeros that settings are built with. */
	const struct uw_tunnel *tunnel = (const struct uw_tunnel *)&switch_config.tunnel;

	barrier_var(tunnel);
	switch (uw_tunnel_wrap(ctx, tunnel, &station->host)) {
	case UW_TUNNEL_WRAPPED:
		*to = tunnel->port;
		return count(ctx, SWITCH_REMOTE, XDP_REDIRECT);
	case UW_TUNNEL_TOO_LONG:
		return count(ctx, SWITCH_TOO_LONG, XDP_DROP);
	case UW_TUNNEL_UNREACHABLE:
		return count(ctx, SWITCH_UNREACHABLE, XDP_DROP);
	default:
		return count(ctx, SWITCH_MALFORMED, XDP_ABORTED);
	}
}

/* Whether IP sources are the sender's own; hosts that have no address yet ask from the unspecified one. */
static __always_inline bool is_own_source(struct uw_cursor *cursor, __be16 type, const struct switch_mac *sender)
{
	const struct iphdr *ip = cursor->at;
	const struct ipv6hdr *ip6 = cursor->at;

	if (!switch_config.anti_spoofing)
		return true;
	if (type == bpf_htons(ETH_P_IP))
		return (const void *)(ip + 1) <= cursor->end &&
		       (is_first_ipv4(&ip->saddr) || is_held_by(holder_of_ipv4(&ip->saddr), sender));
	if (type == bpf_htons(ETH_P_IPV6))
		return (const void *)(ip6 + 1) <= cursor->end &&
		       (is_first_ipv6(&ip6->saddr) || is_held_by(holder_of_ipv6(&ip6->saddr), sender));
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
	/* The address of a router that does not serve this port. */
	if (station->everywhere)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
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
	struct switch_mac sender, destination;
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
	if (switch_config.anti_spoofing &&
	    *(const __u64 *)&sender != *(const volatile __u64 *)&switch_config.port_mac)
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	destination = mac_of(eth->h_dest);
	if (type == bpf_htons(ETH_P_ARP)) {
		int action = judge_arp(ctx, &cursor, eth, &sender);

		return action == XDP_PASS ? forward(ctx, &destination, to) : action;
	}
	ip6 = (void *)(eth + 1);
	if (type == bpf_htons(ETH_P_IPV6) && (void *)(ip6 + 1) <= cursor.end && uw_is_solicitation(ip6, cursor.end))
		return is_own_source(&cursor, type, &sender) ? judge_solicitation(ctx, eth, ip6, &sender)
							      : count(ctx, SWITCH_SPOOFED, XDP_DROP);
	/* Reports of group memberships come from the unspecified address: not spoofed, but not carried either. */
	if (!is_multicast(&destination) && !is_own_source(&cursor, type, &sender))
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	return forward(ctx, &destination, to);
}

static __always_inline bool is_sent_by(const struct switch_station *sender, __be32 host)
{
	struct switch_host key;

	if (!sender->everywhere)
		return *(const __be32 *)sender->host.address == host;
	__builtin_memcpy(key.address, &host, sizeof(key.address));
	return bpf_map_lookup_elem(&hosts, &key);
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
	    ip->daddr != *(const volatile __be32 *)switch_config.tunnel.address || uw_parse_udp(&cursor, &udp) < 0 ||
	    udp->dest != bpf_htons(UW_VXLAN_PORT) || uw_parse_vxlan(&cursor, &vxlan) != (int)switch_config.tunnel.vni)
		return count(ctx, SWITCH_NOT_OURS, XDP_PASS);
	frame = cursor.at;
	if ((void *)(frame + 1) > cursor.end || ip->ihl != 5)
		return count(ctx, SWITCH_MALFORMED, XDP_DROP);
	host = ip->saddr;
	source = mac_of(frame->h_source);
	destination = mac_of(frame->h_dest);
	/* A station is believed only from the host that has it. */
	sender = bpf_map_lookup_elem(&stations, &source);
	if (!sender || !is_sent_by(sender, host))
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	if (is_multicast(&destination))
		return count(ctx, SWITCH_MULTICAST, XDP_DROP);
	station = bpf_map_lookup_elem(&stations, &destination);
	if (!station || station->everywhere || is_remote(station))
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
