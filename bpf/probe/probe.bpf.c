// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Watches a port and lets everything pass: totals by protocol, a table of the most recently used flows, round trips of
 * TCP handshakes, one event for the first packet of each flow, and samples of packets while user space asks for them.
 * What does not fit its ring buffer is counted.
 */
#include "uw_engine.h"
#include "uw_ethernet.h"
#include "uw_ipv4.h"
#include "uw_ipv6.h"
#include "uw_tcp.h"
#include "uw_udp.h"
#include <stddef.h>

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

/* Handshakes under way at all ports of the host: the answer comes through the instance of the other direction. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PROBE_HANDSHAKES);
	__type(key, struct probe_handshake_key);
	__type(value, struct probe_handshake_state);
} handshakes SEC(".maps");

/* By end of the handshake, then by the logarithm of the microseconds. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROBE_RTT_ENDS * PROBE_RTT_BUCKETS);
	__type(key, __u32);
	__type(value, struct probe_round_trips);
} round_trips SEC(".maps");

/* One entry: what is to be sampled. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct probe_capture);
} capture SEC(".maps");

/* The sample in hand: too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct probe_sample);
} sample_works SEC(".maps");

/* Records of struct probe_sample. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, PROBE_SAMPLE_BYTES);
} samples SEC(".maps");

/* Records of struct probe_event. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, PROBE_EVENT_BYTES);
} events SEC(".maps");

/* Keeps the record's type in BTF: user space decodes by field name. */
const struct probe_event *unused_probe_event __attribute__((unused));

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* What is read of a packet besides its flow. */
struct packet {
	struct probe_flow flow;
	__u8 owner[6];		/* Ethernet address of the port's owner */
	__u8 tcp_flags;		/* 0: there are none */
	__u32 sequence;		/* TCP, both in network order */
	__u32 acknowledged;
};

static __always_inline enum probe_counter read_transport(struct uw_cursor *cursor, struct packet *packet,
							 bool later_fragment)
{
	struct probe_flow *flow = &packet->flow;
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
		packet->tcp_flags = ((const __u8 *)tcp)[13];
		packet->sequence = tcp->seq;
		packet->acknowledged = tcp->ack_seq;
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

static __always_inline enum probe_counter read_ipv4(struct uw_cursor *cursor, struct packet *packet)
{
	struct probe_flow *flow = &packet->flow;
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
	return read_transport(cursor, packet, later_fragment);
}

static __always_inline enum probe_counter read_ipv6(struct uw_cursor *cursor, struct packet *packet)
{
	struct probe_flow *flow = &packet->flow;
	bool later_fragment;
	struct ipv6hdr *ip;
	int protocol = uw_parse_ipv6(cursor, &ip, &later_fragment);

	if (protocol < 0)
		return PROBE_MALFORMED;
	flow->family = 6;
	flow->protocol = protocol;
	__builtin_memcpy(flow->source, &ip->saddr, sizeof(flow->source));
	__builtin_memcpy(flow->destination, &ip->daddr, sizeof(flow->destination));
	return read_transport(cursor, packet, later_fragment);
}

static __always_inline enum probe_counter read_packet(struct uw_cursor *cursor, struct packet *packet)
{
	struct ethhdr *eth;
	int type = uw_parse_ethernet(cursor, &eth);

	if (type < 0)
		return PROBE_MALFORMED;
	__builtin_memcpy(packet->owner, probe_config.outbound ? eth->h_source : eth->h_dest, sizeof(packet->owner));
	switch (type) {
	case ETH_P_IP:
		return read_ipv4(cursor, packet);
	case ETH_P_IPV6:
		return read_ipv6(cursor, packet);
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

/* The bits of a number: 0 of 0, 1 of 1, 2 of 2 and 3, and so on. */
static __always_inline __u32 bits_of(__u32 number)
{
	__u32 bits = number != 0;

	if (number >> 16) {
		bits += 16;
		number >>= 16;
	}
	if (number >> 8) {
		bits += 8;
		number >>= 8;
	}
	if (number >> 4) {
		bits += 4;
		number >>= 4;
	}
	if (number >> 2) {
		bits += 2;
		number >>= 2;
	}
	return bits + (number >> 1);
}

static __always_inline __u32 count_round_trip(enum probe_rtt_end end, __u64 nanoseconds)
{
	__u64 microseconds = nanoseconds / 1000;
	/* More than an hour is no round trip any more, but it fits. */
	__u32 us = microseconds > 0xffffffff ? 0xffffffff : microseconds;
	__u32 bucket = bits_of(us);
	__u32 index = end * PROBE_RTT_BUCKETS + (bucket < PROBE_RTT_BUCKETS ? bucket : PROBE_RTT_BUCKETS - 1);
	struct probe_round_trips *trips = bpf_map_lookup_elem(&round_trips, &index);

	if (trips) {
		trips->handshakes++;
		trips->microseconds += us;
	}
	/* 0 in a flow's state is "not known". */
	return us ? us : 1;
}

static __always_inline void handshake_asked(const struct packet *packet)
{
	struct probe_handshake_key key = { .flow = packet->flow };
	struct probe_handshake_state asked = {
		.asked_ns = bpf_ktime_get_ns(),
		.sequence = packet->sequence,
	};
	struct probe_handshake_state *known;

	__builtin_memcpy(key.owner, packet->owner, sizeof(key.owner));
	known = bpf_map_lookup_elem(&handshakes, &key);
	if (known && known->sequence == packet->sequence)
		known->repeated = 1;
	else
		bpf_map_update_elem(&handshakes, &key, &asked, BPF_ANY);
}

static __always_inline void handshake_answered(const struct packet *packet)
{
	struct probe_handshake_key key = {};
	struct probe_handshake_state *known;

	__builtin_memcpy(key.flow.source, packet->flow.destination, sizeof(key.flow.source));
	__builtin_memcpy(key.flow.destination, packet->flow.source, sizeof(key.flow.destination));
	key.flow.source_port = packet->flow.destination_port;
	key.flow.destination_port = packet->flow.source_port;
	key.flow.family = packet->flow.family;
	key.flow.protocol = packet->flow.protocol;
	__builtin_memcpy(key.owner, packet->owner, sizeof(key.owner));
	known = bpf_map_lookup_elem(&handshakes, &key);
	if (!known || bpf_ntohl(packet->acknowledged) != bpf_ntohl(known->sequence) + 1)
		return;
	if (known->answered_ns)
		known->repeated = 1;
	else
		known->answered_ns = bpf_ktime_get_ns();
}

/* The initiator's first segment after its SYN: with an acknowledgement it ends the handshake, with a reset it gives up. */
static __always_inline void handshake_settled(const struct packet *packet, struct probe_flow_state *state)
{
	struct probe_handshake_key key = { .flow = packet->flow };
	struct probe_handshake_state *known;
	__u64 now = bpf_ktime_get_ns();

	state->handshake = PROBE_SETTLED;
	__builtin_memcpy(key.owner, packet->owner, sizeof(key.owner));
	known = bpf_map_lookup_elem(&handshakes, &key);
	if (!known)
		return;
	if (known->answered_ns && !known->repeated && !(packet->tcp_flags & TCP_RST)) {
		state->destination_rtt_us = count_round_trip(PROBE_RTT_DESTINATION,
							     known->answered_ns - known->asked_ns);
		state->source_rtt_us = count_round_trip(PROBE_RTT_SOURCE, now - known->answered_ns);
	}
	bpf_map_delete_elem(&handshakes, &key);
}

/* What a TCP segment says of its connection. Two CPUs may race for a flow's flags: one of them is seen a packet later. */
static __always_inline void follow_tcp(const struct packet *packet, struct probe_flow_state *state)
{
	__u8 flags = packet->tcp_flags;

	if (flags & TCP_SYN && state->tcp_flags & (TCP_FIN | TCP_RST))
		state->tcp_flags = flags; /* another connection of the same ends */
	else if ((state->tcp_flags | flags) != state->tcp_flags)
		state->tcp_flags |= flags;
	if (!probe_config.rtt)
		return;
	if (flags & TCP_SYN && flags & TCP_ACK) {
		handshake_answered(packet);
	} else if (flags & TCP_SYN) {
		state->handshake = PROBE_ASKED;
		handshake_asked(packet);
	} else if (state->handshake == PROBE_ASKED) {
		handshake_settled(packet, state);
	}
}

static __always_inline void track(const struct packet *packet, __u64 bytes)
{
	const struct probe_flow *flow = &packet->flow;
	__u64 now = bpf_ktime_get_coarse_ns();
	struct probe_flow_state *state = bpf_map_lookup_elem(&flows, flow);
	struct probe_flow_state first = {
		.first_ns = now,
		.last_ns = now,
	};

	if (!state) {
		if (bpf_map_update_elem(&flows, flow, &first, BPF_NOEXIST) == 0) {
			uw_count(&counters, PROBE_NEW_FLOW, bytes);
			if (probe_config.events)
				report(flow, now, bytes);
		}
		/* Whoever made it: this CPU, or another that was first with the same flow. */
		state = bpf_map_lookup_elem(&flows, flow);
		if (!state)
			return;
	}
	/* A flow can be spread over CPUs: these two are shared. */
	__sync_fetch_and_add(&state->packets, 1);
	__sync_fetch_and_add(&state->bytes, bytes);
	state->last_ns = now;
	if (packet->tcp_flags)
		follow_tcp(packet, state);
}

static __always_inline void watch(struct uw_cursor *cursor)
{
	struct packet packet = {};
	__u64 bytes = cursor->left;
	enum probe_counter kind = read_packet(cursor, &packet);

	uw_count(&counters, kind, bytes);
	if (kind != PROBE_NOT_IP && kind != PROBE_MALFORMED)
		track(&packet, bytes);
}

/* The sample to be filled with this packet's bytes; none where nobody asks for it. */
static __always_inline struct probe_sample *begin_sample(__u32 bytes)
{
	__u32 only = 0;
	struct probe_sample *sample;
	const struct probe_capture *wanted;
	__u64 now;

	if (!probe_config.capture)
		return NULL;
	wanted = bpf_map_lookup_elem(&capture, &only);
	if (!wanted || !wanted->every)
		return NULL;
	now = bpf_ktime_get_ns();
	if (now >= wanted->until_ns || (wanted->every > 1 && bpf_get_prandom_u32() % wanted->every))
		return NULL;
	sample = bpf_map_lookup_elem(&sample_works, &only);
	if (!sample)
		return NULL;
	sample->at_ns = now;
	sample->bytes = bytes;
	sample->captured = bytes < wanted->snap ? bytes : wanted->snap;
	return sample;
}

static __always_inline void end_sample(struct probe_sample *sample, __u32 captured)
{
	if (bpf_ringbuf_output(&samples, sample, offsetof(struct probe_sample, data) + captured, 0) < 0)
		uw_count(&counters, PROBE_SAMPLE_LOST, sample->bytes);
}

/* The bytes to copy, as the verifier wants to see them bounded: 0 of a sample that is none. */
static __always_inline __u32 bounded(__u32 captured)
{
	return captured > PROBE_SNAP ? PROBE_SNAP : captured;
}

static __always_inline void sample_xdp(struct xdp_md *ctx)
{
	struct probe_sample *sample = begin_sample(ctx->data_end - ctx->data);
	__u32 captured;

	if (!sample)
		return;
	captured = bounded(sample->captured);
	if (captured && bpf_xdp_load_bytes(ctx, 0, sample->data, captured) == 0)
		end_sample(sample, captured);
}

static __always_inline void sample_tc(struct __sk_buff *ctx)
{
	struct probe_sample *sample = begin_sample(ctx->len);
	__u32 captured;

	if (!sample)
		return;
	captured = bounded(sample->captured);
	if (captured && bpf_skb_load_bytes(ctx, 0, sample->data, captured) == 0)
		end_sample(sample, captured);
}

SEC("xdp")
int probe_xdp(struct xdp_md *ctx)
{
	struct uw_cursor cursor = uw_cursor_xdp(ctx);

	sample_xdp(ctx);
	watch(&cursor);
	return uw_xdp_continue(ctx, XDP_PASS);
}

SEC("tc")
int probe_tcx(struct __sk_buff *ctx)
{
	struct uw_cursor cursor = uw_cursor_tc(ctx);

	sample_tc(ctx);
	watch(&cursor);
	return uw_tc_continue(ctx, UW_TC_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
