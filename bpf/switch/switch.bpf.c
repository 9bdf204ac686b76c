// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A distributed Ethernet switch: one segment over any number of hosts. Who is where stands in tables that are written
 * before the instance joins a chain, so nothing is flooded to be found: ARP and neighbour discovery are answered here,
 * stations of this host are delivered to without leaving XDP, those of other hosts get VXLAN. Where the model says so, frames
 * to many are copied (switch_flood.h), and stations of VXLAN endpoints that are none of ours are learned. README.md has
 * the path.
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

/* Nothing is decided yet. */
#define GO_ON (-1)

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

/* Who gets a copy of a frame to many: ports of this host, then other hosts, then endpoints that are none of ours. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SWITCH_REPLICAS);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct switch_replica);
} replicas SEC(".maps");

/* VXLAN endpoints that are none of our hosts, and whose stations are learned. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SWITCH_HOSTS);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct switch_host);
	__type(value, __u32);
} endpoints SEC(".maps");

/* Stations of endpoints. The one that was silent the longest makes room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, SWITCH_LEARNED_MOST);
	__type(key, struct switch_learned_key);
	__type(value, struct switch_learned);
} learned SEC(".maps");

/* When the next frame may be copied, in nanoseconds of the host's monotonic clock. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} pace SEC(".maps");

/* By enum switch_counter. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SWITCH_COUNTERS);
	__type(key, __u32);
	__type(value, struct uw_counter);
} counters SEC(".maps");

/* These use the maps above. */
#include "switch_tables.h"
#include "switch_flood.h"

/* What is decided about a packet: the verdict, and the counter that says why. */
static __always_inline int count(struct xdp_md *ctx, enum switch_counter counter, int action)
{
	uw_count(&counters, counter, ctx->data_end - ctx->data);
	return action;
}

/* On to `switch_tcx`, which copies it. */
static __always_inline int flood(struct xdp_md *ctx)
{
	return switch_config.ports + switch_config.hosts + switch_config.endpoints && switch_config.replicates
		       ? count(ctx, SWITCH_REPLICATED, XDP_PASS)
		       : count(ctx, SWITCH_MULTICAST, XDP_DROP);
}

static __always_inline int to_many(struct xdp_md *ctx)
{
	if (switch_config.replicates && !is_due())
		return count(ctx, SWITCH_LIMITED, XDP_DROP);
	return flood(ctx);
}

/* None of ours: to be found behind an endpoint, if at all. */
static __always_inline int to_unknown(struct xdp_md *ctx)
{
	if (!switch_config.ageing || !switch_config.endpoints)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	return is_due() ? count(ctx, SWITCH_REPLICATED, XDP_PASS) : count(ctx, SWITCH_LIMITED, XDP_DROP);
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
	if (!holder)
		return to_unknown(ctx);
	if (is_same_mac(holder, sender) || switch_config.isolated)
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
		return GO_ON;
	holder = holder_of_ipv4(arp->target_address);
	if (!holder)
		return to_unknown(ctx);
	/* The sender itself holds it, and asks whether somebody else does: silence is the answer. */
	if (is_same_mac(holder, sender) || switch_config.isolated)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	uw_answer_arp(eth, arp, holder->bytes);
	return answer(ctx, SWITCH_ARP_ANSWERED);
}

/* Wraps the frame and sends it off by the uplink, counted as `why`. `to`: where it goes then is the engine's to do. */
static __always_inline int send_to_end(struct xdp_md *ctx, const struct uw_tunnel_end *end, struct uw_port_name *to,
				       enum switch_counter why)
{
	/* Read in place. Opaque to the compiler, which would take the zeros that settings are built with. */
	const struct uw_tunnel *tunnel = (const struct uw_tunnel *)&switch_config.tunnel;

	barrier_var(tunnel);
	switch (uw_tunnel_wrap(ctx, tunnel, end)) {
	case UW_TUNNEL_WRAPPED:
		*to = tunnel->port;
		return count(ctx, why, XDP_REDIRECT);
	case UW_TUNNEL_TOO_LONG:
		return count(ctx, SWITCH_TOO_LONG, XDP_DROP);
	case UW_TUNNEL_UNREACHABLE:
		return count(ctx, SWITCH_UNREACHABLE, XDP_DROP);
	default:
		return count(ctx, SWITCH_MALFORMED, XDP_ABORTED);
	}
}

/* Whether IP sources are the sender's own. */
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

static __always_inline bool is_unspecified(struct uw_cursor *cursor, __be16 type)
{
	const struct iphdr *ip = cursor->at;
	const struct ipv6hdr *ip6 = cursor->at;
	const __be32 *words = ip6->saddr.s6_addr32;

	if (type == bpf_htons(ETH_P_IP))
		return (const void *)(ip + 1) <= cursor->end && ip->saddr == 0;
	return (const void *)(ip6 + 1) <= cursor->end && !(words[0] | words[1] | words[2] | words[3]);
}

static __always_inline int forward(struct xdp_md *ctx, const struct switch_mac *destination, struct uw_port_name *to)
{
	const struct switch_station *station;
	const struct uw_tunnel_end *end;

	if (is_multicast(destination))
		return to_many(ctx);
	station = bpf_map_lookup_elem(&stations, destination);
	if (!station) {
		end = learned_end(destination);
		return end ? send_to_end(ctx, end, to, SWITCH_REMOTE) : to_unknown(ctx);
	}
	if (switch_config.isolated)
		return count(ctx, SWITCH_ISOLATED, XDP_DROP);
	/* The address of a router that does not serve this port. */
	if (station->everywhere)
		return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
	if (is_remote(station))
		return send_to_end(ctx, &station->host, to, SWITCH_REMOTE);
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

		return action == GO_ON ? forward(ctx, &destination, to) : action;
	}
	ip6 = (void *)(eth + 1);
	if (type == bpf_htons(ETH_P_IPV6) && (void *)(ip6 + 1) <= cursor.end && uw_is_solicitation(ip6, cursor.end))
		return is_own_source(&cursor, type, &sender) ? judge_solicitation(ctx, eth, ip6, &sender)
							      : count(ctx, SWITCH_SPOOFED, XDP_DROP);
	/* Who has no address yet asks everybody from the unspecified one, and so are memberships of groups reported. */
	if (!is_own_source(&cursor, type, &sender) && !(is_multicast(&destination) && is_unspecified(&cursor, type)))
		return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	return forward(ctx, &destination, to);
}

static __always_inline bool is_endpoint(__be32 host)
{
	struct switch_host key;

	__builtin_memcpy(key.address, &host, sizeof(key.address));
	return bpf_map_lookup_elem(&endpoints, &key);
}

static __always_inline bool is_sent_by(const struct switch_station *sender, __be32 host)
{
	struct switch_host key;

	if (!sender->everywhere)
		return *(const __be32 *)sender->host.address == host;
	__builtin_memcpy(key.address, &host, sizeof(key.address));
	return bpf_map_lookup_elem(&hosts, &key);
}

/* An endpoint's station is none of ours, and speaks under no address of ours: `frame` is what came from there. */
static __always_inline bool is_foreign(const struct ethhdr *frame, const void *end, const struct switch_mac *source)
{
	const struct iphdr *ip = (const void *)(frame + 1);
	const struct ipv6hdr *ip6 = (const void *)(frame + 1);
	const struct uw_arp *arp = (const void *)(frame + 1);
	const struct switch_mac *holder = 0;

	if (is_multicast(source))
		return false;
	if (frame->h_proto == bpf_htons(ETH_P_IP) && (const void *)(ip + 1) <= end)
		holder = holder_of_ipv4(&ip->saddr);
	else if (frame->h_proto == bpf_htons(ETH_P_IPV6) && (const void *)(ip6 + 1) <= end)
		holder = holder_of_ipv6(&ip6->saddr);
	else if (frame->h_proto == bpf_htons(ETH_P_ARP) && (const void *)(arp + 1) <= end)
		holder = holder_of_ipv4(arp->sender_address);
	return !holder || !switch_config.anti_spoofing;
}

/* The station of this host that a question through the tunnel is for, NULL where it is none, or for none of this host. */
static __always_inline const struct switch_mac *asked_for(const struct ethhdr *frame, const void *end)
{
	struct ipv6hdr *ip6 = (void *)(frame + 1);
	const struct uw_arp *arp = (const void *)(frame + 1);
	const struct uw_neighbour_message *message;
	const struct switch_station *station;
	const struct switch_mac *holder = 0;

	if (frame->h_proto == bpf_htons(ETH_P_ARP) && (const void *)(arp + 1) <= end &&
	    arp->operation == bpf_htons(ARPOP_REQUEST)) {
		holder = holder_of_ipv4(arp->target_address);
	} else if (frame->h_proto == bpf_htons(ETH_P_IPV6) && (const void *)(ip6 + 1) <= end &&
		   uw_is_solicitation(ip6, end)) {
		message = uw_solicitation(ip6, end);
		holder = message ? holder_of_ipv6(&message->target) : 0;
	}
	station = holder ? bpf_map_lookup_elem(&stations, holder) : 0;
	return station && !station->everywhere && !is_remote(station) ? holder : 0;
}

/* The question, out of its tunnel, becomes the answer, which goes back through it. */
static __always_inline int answer_through_tunnel(struct xdp_md *ctx, const struct switch_mac *holder,
						 const struct uw_tunnel_end *end, struct uw_port_name *to)
{
	struct uw_cursor cursor = uw_cursor_xdp(ctx);
	struct ethhdr *eth = cursor.at;
	struct ipv6hdr *ip6 = (void *)(eth + 1);
	struct uw_arp *arp = (void *)(eth + 1);
	struct uw_neighbour_message *message;

	if ((void *)(eth + 1) > cursor.end)
		return count(ctx, SWITCH_MALFORMED, XDP_DROP);
	if (eth->h_proto == bpf_htons(ETH_P_ARP)) {
		if ((void *)(arp + 1) > cursor.end)
			return count(ctx, SWITCH_MALFORMED, XDP_DROP);
		uw_answer_arp(eth, arp, holder->bytes);
		return send_to_end(ctx, end, to, SWITCH_ARP_ANSWERED);
	}
	message = (void *)(ip6 + 1) <= cursor.end ? uw_solicitation(ip6, cursor.end) : 0;
	if (!message)
		return count(ctx, SWITCH_MALFORMED, XDP_DROP);
	uw_answer_solicitation(eth, ip6, message, holder->bytes);
	return send_to_end(ctx, end, to, SWITCH_ND_ANSWERED);
}

/* Questions for an address are for who holds it: one that is not answered here is answered elsewhere, or by nobody. */
static __always_inline bool is_for_many(const struct ethhdr *frame, const void *end)
{
	const struct ipv6hdr *ip6 = (const void *)(frame + 1);

	return frame->h_proto != bpf_htons(ETH_P_ARP) &&
	       !(frame->h_proto == bpf_htons(ETH_P_IPV6) && (const void *)(ip6 + 1) <= end &&
		 uw_is_solicitation(ip6, end));
}

/* What other hosts and endpoints send in VXLAN; all else goes on to the host. */
static __always_inline int from_uplink(struct xdp_md *ctx, struct uw_port_name *to)
{
	struct uw_cursor cursor = uw_cursor_xdp(ctx);
	const struct switch_station *sender, *station;
	struct switch_mac source, destination;
	const struct switch_mac *holder;
	struct uw_tunnel_end end;
	struct uw_vxlan *vxlan;
	struct udphdr *udp;
	struct iphdr *ip;
	struct ethhdr *eth, *frame;
	bool later_fragment;
	__u32 bytes = cursor.left;
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
	__builtin_memcpy(end.address, &host, sizeof(host));
	__builtin_memcpy(end.mac, eth->h_source, ETH_ALEN);
	source = mac_of(frame->h_source);
	destination = mac_of(frame->h_dest);
	sender = bpf_map_lookup_elem(&stations, &source);
	if (sender) {
		/* A station is believed only from the host that has it. */
		if (!is_sent_by(sender, host))
			return count(ctx, SWITCH_SPOOFED, XDP_DROP);
	} else {
		if (!switch_config.ageing || !is_endpoint(host) || !is_foreign(frame, cursor.end, &source))
			return count(ctx, SWITCH_SPOOFED, XDP_DROP);
		learn(&source, &end, bytes);
	}
	holder = asked_for(frame, cursor.end);
	station = holder || is_multicast(&destination) ? 0 : bpf_map_lookup_elem(&stations, &destination);
	if (!holder) {
		/* Still in its tunnel, for the program on tcx/ingress. What our own hosts send was paced where it began. */
		if (is_multicast(&destination))
			return !is_for_many(frame, cursor.end) ? count(ctx, SWITCH_UNKNOWN, XDP_DROP)
			       : sender			       ? flood(ctx)
							       : to_many(ctx);
		if (!station || station->everywhere || is_remote(station))
			return count(ctx, SWITCH_UNKNOWN, XDP_DROP);
		*to = station->port;
	}
	if (bpf_xdp_adjust_head(ctx, (void *)frame - (void *)(long)ctx->data))
		return count(ctx, SWITCH_MALFORMED, XDP_DROP);
	return holder ? answer_through_tunnel(ctx, holder, &end, to) : count(ctx, SWITCH_LOCAL, XDP_REDIRECT);
}

SEC("xdp")
int switch_xdp(struct xdp_md *ctx)
{
	struct uw_port_name to = {};
	int action = switch_config.role == SWITCH_UPLINK ? from_uplink(ctx, &to) : from_port(ctx, &to);

	/* An answer goes back as it is; for no port, nothing is delivered. */
	return action == XDP_REDIRECT && to.name[0] ? uw_xdp_deliver(ctx, &to) : uw_xdp_continue(ctx, action);
}

/* Copies of what `switch_xdp` lets pass for that; it is loaded where the model has frames to many carried, or learns. */
SEC("tc")
int switch_tcx(struct __sk_buff *skb)
{
	return switch_config.role == SWITCH_UPLINK ? flood_from_uplink(skb) : flood_from_port(skb);
}

char _license[] SEC("license") = "Dual BSD/GPL";
