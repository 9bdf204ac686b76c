// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A stateless packet filter for IPv4 and IPv6: rules on prefix, protocol and port range, first match decides, a
 * default for the rest, a counter for each. README.md says what it lets through and why.
 */
#include "uw_engine.h"
#include "uw_ethernet.h"
#include "uw_icmp.h"
#include "uw_ipv4.h"
#include "uw_ipv6.h"
#include "uw_tcp.h"
#include "uw_udp.h"
#include "firewall.h"

#define PORT_ANY_LAST 65535
/* Neighbour discovery is only valid with the hop limit that no router has touched (RFC 4861). */
#define NEIGHBOUR_DISCOVERY_HOP_LIMIT 255

const volatile struct firewall_config firewall_config = {
	.rule_count = 0,
	.default_action = FIREWALL_DROP,
};

/* The rules in force, in order. Written before the instance joins a chain, never after. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FIREWALL_MAX_RULES);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct firewall_rule);
} rules SEC(".maps");

/* By rule: the packets it decided. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FIREWALL_MAX_RULES);
	__type(key, __u32);
	__type(value, struct uw_counter);
} rule_counters SEC(".maps");

/* By enum firewall_counter: the packets that no rule decided. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FIREWALL_COUNTERS);
	__type(key, __u32);
	__type(value, struct uw_counter);
} counters SEC(".maps");

union address {
	__be32 words[4];
	__u64 halves[2];
};

/* What rules look at. */
struct packet {
	union address source;
	union address destination;
	__u16 source_port;
	__u16 destination_port;
	__u8 family;
	__u8 protocol;
	bool later_fragment;
	bool has_ports;
	bool neighbour_discovery;
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

static __always_inline int read_transport(struct uw_cursor *cursor, struct packet *packet)
{
	struct tcphdr *tcp;
	struct udphdr *udp;
	struct uw_icmp *icmp;

	if (packet->later_fragment)
		return 0;
	switch (packet->protocol) {
	case IPPROTO_TCP:
		if (uw_parse_tcp(cursor, &tcp) < 0)
			return -1;
		packet->source_port = bpf_ntohs(tcp->source);
		packet->destination_port = bpf_ntohs(tcp->dest);
		packet->has_ports = true;
		return 0;
	case IPPROTO_UDP:
		if (uw_parse_udp(cursor, &udp) < 0)
			return -1;
		packet->source_port = bpf_ntohs(udp->source);
		packet->destination_port = bpf_ntohs(udp->dest);
		packet->has_ports = true;
		return 0;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (uw_parse_icmp(cursor, &icmp) < 0)
			return -1;
		packet->neighbour_discovery = packet->family == 6 && packet->protocol == IPPROTO_ICMPV6 &&
					      (icmp->type == UW_ICMPV6_NEIGHBOUR_SOLICITATION ||
					       icmp->type == UW_ICMPV6_NEIGHBOUR_ADVERTISEMENT);
		return 0;
	default:
		return 0;
	}
}

static __always_inline int read_ipv4(struct uw_cursor *cursor, struct packet *packet)
{
	struct iphdr *ip;
	int protocol = uw_parse_ipv4(cursor, &ip, &packet->later_fragment);

	if (protocol < 0)
		return -1;
	packet->family = 4;
	packet->protocol = protocol;
	packet->source = map_ipv4(ip->saddr);
	packet->destination = map_ipv4(ip->daddr);
	return read_transport(cursor, packet);
}

static __always_inline int read_ipv6(struct uw_cursor *cursor, struct packet *packet)
{
	struct ipv6hdr *ip;
	int protocol = uw_parse_ipv6(cursor, &ip, &packet->later_fragment);

	if (protocol < 0)
		return -1;
	packet->family = 6;
	packet->protocol = protocol;
	__builtin_memcpy(&packet->source, &ip->saddr, sizeof(packet->source));
	__builtin_memcpy(&packet->destination, &ip->daddr, sizeof(packet->destination));
	if (read_transport(cursor, packet) < 0)
		return -1;
	packet->neighbour_discovery &= ip->hop_limit == NEIGHBOUR_DISCOVERY_HOP_LIMIT;
	return 0;
}

static __always_inline enum reading read_packet(struct uw_cursor *cursor, struct packet *packet)
{
	struct ethhdr *eth;
	int type = uw_parse_ethernet(cursor, &eth);

	if (type < 0)
		return READ_MALFORMED;
	if (type == ETH_P_IP)
		return read_ipv4(cursor, packet) < 0 ? READ_MALFORMED : READ_IP;
	if (type == ETH_P_IPV6)
		return read_ipv6(cursor, packet) < 0 ? READ_MALFORMED : READ_IP;
	return type == ETH_P_ARP ? READ_ARP : READ_OTHER;
}

static __always_inline bool in_prefix(const union address *address, const struct firewall_prefix *prefix)
{
	const __u64 *wanted = (const __u64 *)prefix->address;
	const __u64 *mask = (const __u64 *)prefix->mask;

	return !(((address->halves[0] ^ wanted[0]) & mask[0]) | ((address->halves[1] ^ wanted[1]) & mask[1]));
}

static __always_inline bool names_ports(const struct firewall_rule *rule)
{
	return rule->source_port_first != 0 || rule->source_port_last != PORT_ANY_LAST ||
	       rule->destination_port_first != 0 || rule->destination_port_last != PORT_ANY_LAST;
}

static __always_inline bool matches(const struct packet *packet, const struct firewall_rule *rule)
{
	if (rule->family && rule->family != packet->family)
		return false;
	if (rule->protocol && rule->protocol != packet->protocol)
		return false;
	if (!in_prefix(&packet->source, &rule->source) || !in_prefix(&packet->destination, &rule->destination))
		return false;
	/* Without ports there is nothing to compare: such a packet matches only rules that do not ask for any. */
	if (!packet->has_ports)
		return !names_ports(rule);
	return packet->source_port >= rule->source_port_first && packet->source_port <= rule->source_port_last &&
	       packet->destination_port >= rule->destination_port_first &&
	       packet->destination_port <= rule->destination_port_last;
}

static __always_inline enum firewall_action apply_rules(const struct packet *packet, __u64 bytes)
{
	__u32 count = firewall_config.rule_count;

	/* At most FIREWALL_MAX_RULES rounds; the count is frozen before the verifier sees it. */
	for (__u32 i = 0; i < FIREWALL_MAX_RULES && i < count; i++) {
		__u32 index = i;
		const struct firewall_rule *rule = bpf_map_lookup_elem(&rules, &index);

		if (!rule)
			break;
		if (!matches(packet, rule))
			continue;
		uw_count(&rule_counters, i, bytes);
		return rule->action;
	}
	uw_count(&counters, FIREWALL_DEFAULT, bytes);
	return firewall_config.default_action;
}

static __always_inline enum firewall_action judge(struct uw_cursor *cursor)
{
	struct packet packet = {};
	__u64 bytes = cursor->left;
	enum reading reading = read_packet(cursor, &packet);

	if (reading == READ_MALFORMED)
		goto malformed;
	if (reading == READ_ARP || packet.neighbour_discovery) {
		uw_count(&counters, FIREWALL_LINK, bytes);
		return FIREWALL_PASS;
	}
	if (reading == READ_OTHER) {
		uw_count(&counters, FIREWALL_DEFAULT, bytes);
		return firewall_config.default_action;
	}
	if (packet.later_fragment)
		uw_count(&counters, FIREWALL_LATER_FRAGMENT, bytes);
	if (packet.family == 6 && packet.protocol == IPPROTO_ICMPV6)
		packet.protocol = IPPROTO_ICMP;
	return apply_rules(&packet, bytes);

malformed:
	uw_count(&counters, FIREWALL_MALFORMED, bytes);
	return FIREWALL_DROP;
}

static __always_inline int judge_xdp(struct xdp_md *ctx)
{
	struct uw_cursor cursor = uw_cursor_xdp(ctx);

	return judge(&cursor) == FIREWALL_PASS ? XDP_PASS : XDP_DROP;
}

static __always_inline int judge_tc(struct __sk_buff *ctx)
{
	struct uw_cursor cursor = uw_cursor_tc(ctx);

	return judge(&cursor) == FIREWALL_PASS ? UW_TC_PASS : TC_ACT_SHOT;
}

SEC("xdp")
int firewall_xdp(struct xdp_md *ctx)
{
	return uw_xdp_continue(ctx, judge_xdp(ctx));
}

SEC("tc")
int firewall_tcx(struct __sk_buff *ctx)
{
	return uw_tc_continue(ctx, judge_tc(ctx));
}

char _license[] SEC("license") = "Dual BSD/GPL";
