// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Watches a port and lets everything pass: totals by protocol, a table of the most recently used flows, and one event
 * for the first packet of each flow. Events are bounded by the rate of new flows; what does not fit is counted.
 */
#include "uw_engine.h"
#include "uw_ethernet.h"
#include "uw_ipv4.h"
#include "uw_ipv6.h"
#include "uw_tcp.h"
#include "uw_udp.h"
#include "probe.h"

const volatile struct probe_config probe_config = {
	.events = 1,
};

/* By enum probe_counter. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROBE_COUNTERS);
	__type(key, __u32);
	__type(value, struct uw_counter);
} counters SEC(".maps");

/* Flows seen; the least recently used one makes room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PROBE_FLOWS);
	__type(key, struct probe_flow);
	__type(value, struct probe_flow_state);
} flows SEC(".maps");

/* Records of struct probe_event. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, PROBE_EVENT_BYTES);
} events SEC(".maps");

/* Keeps the record's type in BTF: user space decodes by field name. */
const struct probe_event *unused_probe_event __attribute__((unused));

static __always_inline enum probe_counter read_transport(struct uw_cursor *cursor, struct probe_flow *flow,
							 bool later_fragment)
{
	struct tcphdr *tcp;
	struct udphdr *udp;

	switch (flow->protocol) {
	case IPPROTO_TCP:
		if (later_fragment)
			return PROBE_TCP;
		if (uw_parse_tcp(cursor, &tcp) < 0)
			return PROBE_MALFORMED;
		flow->source_port = bpf_ntohs(tcp->source);
		flow->destination_port = bpf_ntohs(tcp->dest);
		return PROBE_TCP;
	case IPPROTO_UDP:
		if (later_fragment)
			return PROBE_UDP;
		if (uw_parse_udp(cursor, &udp) < 0)
			return PROBE_MALFORMED;
		flow->source_port = bpf_ntohs(udp->source);
		flow->destination_port = bpf_ntohs(udp->dest);
		return PROBE_UDP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return PROBE_ICMP;
	default:
		return PROBE_OTHER_IP;
	}
}

static __always_inline enum probe_counter read_ipv4(struct uw_cursor *cursor, struct probe_flow *flow)
{
	bool later_fragment;
	struct iphdr *ip;
	int protocol = uw_parse_ipv4(cursor, &ip, &later_fragment);

	if (protocol < 0)
		return PROBE_MALFORMED;
	flow->family = 4;
	flow->protocol = protocol;
	flow->source[10] = flow->source[11] = 0xff;
	flow->destination[10] = flow->destination[11] = 0xff;
	__builtin_memcpy(flow->source + 12, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(flow->destination + 12, &ip->daddr, sizeof(ip->daddr));
	return read_transport(cursor, flow, later_fragment);
}

static __always_inline enum probe_counter read_ipv6(struct uw_cursor *cursor, struct probe_flow *flow)
{
	bool later_fragment;
	struct ipv6hdr *ip;
	int protocol = uw_parse_ipv6(cursor, &ip, &later_fragment);

	if (protocol < 0)
		return PROBE_MALFORMED;
	flow->family = 6;
	flow->protocol = protocol;
	__builtin_memcpy(flow->source, &ip->saddr, sizeof(flow->source));
	__builtin_memcpy(flow->destination, &ip->daddr, sizeof(flow->destination));
	return read_transport(cursor, flow, later_fragment);
}

static __always_inline enum probe_counter read_packet(struct uw_cursor *cursor, struct probe_flow *flow)
{
	struct ethhdr *eth;

	switch (uw_parse_ethernet(cursor, &eth)) {
	case ETH_P_IP:
		return read_ipv4(cursor, flow);
	case ETH_P_IPV6:
		return read_ipv6(cursor, flow);
	case -1:
		return PROBE_MALFORMED;
	default:
		return PROBE_NOT_IP;
	}
}

static __always_inline void report(const struct probe_flow *flow, __u64 now, __u64 bytes)
{
	struct probe_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		uw_count(&counters, PROBE_EVENT_LOST, bytes);
		return;
	}
	event->flow = *flow;
	event->at_ns = now;
	event->bytes = bytes;
	event->reserved = 0;
	bpf_ringbuf_submit(event, 0);
}

static __always_inline void track(const struct probe_flow *flow, __u64 bytes)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	struct probe_flow_state *state = bpf_map_lookup_elem(&flows, flow);
	struct probe_flow_state first = {
		.packets = 1,
		.bytes = bytes,
		.first_ns = now,
		.last_ns = now,
	};

	if (!state && bpf_map_update_elem(&flows, flow, &first, BPF_NOEXIST) == 0) {
		uw_count(&counters, PROBE_NEW_FLOW, bytes);
		if (probe_config.events)
			report(flow, now, bytes);
		return;
	}
	/* Another CPU may have been first with the same flow. */
	if (!state)
		state = bpf_map_lookup_elem(&flows, flow);
	if (!state)
		return;
	/* A flow can be spread over CPUs: these two are shared. */
	__sync_fetch_and_add(&state->packets, 1);
	__sync_fetch_and_add(&state->bytes, bytes);
	state->last_ns = now;
}

static __always_inline void watch(struct uw_cursor *cursor)
{
	struct probe_flow flow = {};
	__u64 bytes = cursor->left;
	enum probe_counter kind = read_packet(cursor, &flow);

	uw_count(&counters, kind, bytes);
	if (kind != PROBE_NOT_IP && kind != PROBE_MALFORMED)
		track(&flow, bytes);
}

SEC("xdp")
int probe_xdp(struct xdp_md *ctx)
{
	struct uw_cursor cursor = uw_cursor_xdp(ctx);

	watch(&cursor);
	return uw_xdp_continue(ctx, XDP_PASS);
}

SEC("tc")
int probe_tcx(struct __sk_buff *ctx)
{
	struct uw_cursor cursor = uw_cursor_tc(ctx);

	watch(&cursor);
	return uw_tc_continue(ctx, UW_TC_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
