// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A stateful packet filter for IPv4 and IPv6: what belongs to a connection passes; what begins one is judged by rules on
 * prefix, protocol and port range, of which the first match decides. README.md says what it lets through and why.
 */
#include "uw_engine.h"
#include "firewall_packet.h"

/* As built: no rule, everything new is dropped. */
const volatile struct firewall_config firewall_config = {
	.default_action = FIREWALL_DROP,
};

/* Rules in the order of their author, an author's rule once for every pair of prefixes that it names. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FIREWALL_RULES);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct firewall_rule);
} rules SEC(".maps");

/* Steps and leaves of the trees that find the rules which a packet may match. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FIREWALL_RULES);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct firewall_node);
} nodes SEC(".maps");

/* What leaves hold: indexes of rules, ascending within a leaf. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FIREWALL_RULES);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, __u32);
} candidates SEC(".maps");

/* By number of the author's rule: the packets it decided. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FIREWALL_RULES);
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

/* Connections whose initiator hears the answers; the least recently used one makes room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FIREWALL_CONNECTIONS);
	__type(key, struct firewall_flow);
	__type(value, struct firewall_connection);
} connections SEC(".maps");

/* Connections that have just begun. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FIREWALL_PENDING);
	__type(key, struct firewall_flow);
	__type(value, struct firewall_connection);
} pending SEC(".maps");

/*
 * What was read of the packet in hand. Not on the stack: there the verifier knows for each way through the parsers what
 * they wrote, and walks the rest of the program once for each.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct work);
} works SEC(".maps");

/* Records of struct firewall_event. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, FIREWALL_EVENT_BYTES);
} events SEC(".maps");

/* Keeps the record's type in BTF: user space decodes by field name. */
const struct firewall_event *unused_firewall_event __attribute__((unused));

/* Parts of this program: they work on the settings and maps above. */
#include "firewall_connection.h"
#include "firewall_rules.h"

static __always_inline void report(const struct ends *ends, const struct firewall_rule *rule, __u64 now, __u64 bytes)
{
	struct firewall_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		uw_count(&counters, FIREWALL_UNREPORTED, bytes);
		return;
	}
	event->at_ns = now;
	__builtin_memcpy(event->source, &ends->source, sizeof(event->source));
	__builtin_memcpy(event->destination, &ends->destination, sizeof(event->destination));
	event->source_port = ends->source_port;
	event->destination_port = ends->destination_port;
	event->family = ends->family;
	event->protocol = ends->protocol;
	event->action = rule->action;
	event->reserved = 0;
	event->rule = rule->id;
	event->bytes = bytes;
	bpf_ringbuf_submit(event, 0);
}

static __always_inline void count_rule(const struct ends *ends, const struct firewall_rule *rule, __u64 now, __u64 bytes)
{
	__u32 number = rule->number;
	struct uw_counter *counter = bpf_map_lookup_elem(&rule_counters, &number);

	if (!counter)
		return;
	/* The first one and then every n-th, on each CPU. */
	if (rule->log && counter->packets % rule->log == 0)
		report(ends, rule, now, bytes);
	counter->packets++;
	counter->bytes += bytes;
}

static __always_inline enum firewall_action judge_ip(const struct uw_cursor *frame, struct work *work, __u64 bytes)
{
	enum firewall_action action = firewall_config.default_action;
	const struct packet *packet = &work->packet;
	__u64 now = bpf_ktime_get_coarse_ns();
	const struct firewall_rule *rule;
	__u8 sender = 0;

	if (packet->trackable) {
		enum tracking tracking;

		sender = name_flow(&packet->ends, &work->flow);
		tracking = track(packet, &work->flow, sender, now, bytes);
		if (tracking == TRACK_PASS) {
			uw_count(&counters, FIREWALL_KNOWN, bytes);
			return FIREWALL_PASS;
		}
		if (tracking == TRACK_INVALID) {
			uw_count(&counters, FIREWALL_INVALID, bytes);
			return FIREWALL_DROP;
		}
	} else if (packet->icmp_error && is_related(frame, work, now)) {
		uw_count(&counters, FIREWALL_RELATED, bytes);
		return FIREWALL_PASS;
	}

	rule = find_rule(work);
	if (rule) {
		count_rule(&packet->ends, rule, now, bytes);
		action = rule->action;
	} else {
		uw_count(&counters, FIREWALL_DEFAULT, bytes);
	}
	if (action == FIREWALL_PASS && sender)
		open_connection(packet, &work->flow, sender, rule ? rule->id : 0, now, bytes);
	return action;
}

static __always_inline enum firewall_action judge(const struct uw_cursor *frame)
{
	__u64 bytes = frame->left;
	__u32 only = 0;
	struct work *work = bpf_map_lookup_elem(&works, &only);

	if (!work)
		return FIREWALL_DROP;
	switch (read_packet(frame, &work->packet)) {
	case READ_MALFORMED:
		uw_count(&counters, FIREWALL_MALFORMED, bytes);
		return FIREWALL_DROP;
	case READ_OTHER:
		uw_count(&counters, FIREWALL_DEFAULT, bytes);
		return firewall_config.default_action;
	case READ_ARP:
		goto link;
	case READ_IP:
		break;
	}
	if (work->packet.neighbour_discovery)
		goto link;
	if (work->packet.later_fragment)
		uw_count(&counters, FIREWALL_LATER_FRAGMENT, bytes);
	return judge_ip(frame, work, bytes);

link:
	uw_count(&counters, FIREWALL_LINK, bytes);
	return FIREWALL_PASS;
}

static __always_inline int judge_xdp(struct xdp_md *ctx)
{
	struct uw_cursor frame = uw_cursor_xdp(ctx);

	return judge(&frame) == FIREWALL_PASS ? XDP_PASS : XDP_DROP;
}

static __always_inline int judge_tc(struct __sk_buff *ctx)
{
	struct uw_cursor frame = uw_cursor_tc(ctx);

	return judge(&frame) == FIREWALL_PASS ? UW_TC_PASS : TC_ACT_SHOT;
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
