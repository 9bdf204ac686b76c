/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connections: what has been allowed, and how far it has come.
 *
 * A connection begins in `pending` and moves to `connections` when its initiator has proved to hear the answers: an
 * acknowledgement of the other end's first sequence number, or a datagram after the first answer. So whoever floods with
 * forged sources displaces what is pending and nothing else. Until an answer was seen, rules judge the initiator's
 * packets; from then on both ways pass.
 */
#ifndef FIREWALL_CONNECTION_H
#define FIREWALL_CONNECTION_H

#include "firewall_packet.h"

#define LOW 1
#define HIGH 2
#define NANOSECONDS 1000000000ULL
/* How far beyond the awaited number an initiator's first acknowledgement may be: data that came with the answer. */
#define AWAITED_WINDOW (1U << 20)

enum tracking {
	TRACK_RULES,	/* to be judged by rules */
	TRACK_PASS,
	TRACK_INVALID,
};

static __always_inline bool comes_first(const struct ends *ends)
{
	const __u64 *source = ends->source.halves;
	const __u64 *destination = ends->destination.halves;

	if (source[0] != destination[0])
		return source[0] < destination[0];
	if (source[1] != destination[1])
		return source[1] < destination[1];
	return ends->source_port < ends->destination_port;
}

/* Names the connection and returns the packet's sender, LOW or HIGH. */
static __always_inline __u8 name_flow(const struct ends *ends, struct firewall_flow *flow)
{
	__u8 sender = comes_first(ends) ? LOW : HIGH;

	if (sender == LOW) {
		__builtin_memcpy(flow->low, &ends->source, sizeof(flow->low));
		__builtin_memcpy(flow->high, &ends->destination, sizeof(flow->high));
		flow->low_port = ends->source_port;
		flow->high_port = ends->destination_port;
	} else {
		__builtin_memcpy(flow->low, &ends->destination, sizeof(flow->low));
		__builtin_memcpy(flow->high, &ends->source, sizeof(flow->high));
		flow->low_port = ends->destination_port;
		flow->high_port = ends->source_port;
	}
	flow->family = ends->family;
	flow->protocol = ends->protocol;
	flow->echo_from = ends->echo == ECHO_REQUEST ? sender : ends->echo == ECHO_REPLY ? LOW + HIGH - sender : 0;
	flow->reserved = 0;
	return sender;
}

static __always_inline bool is_alive(const struct firewall_connection *connection, __u64 now)
{
	__u32 state = connection->state & 15;

	if (state >= FIREWALL_STATES)
		return false;
	return now - connection->last_ns <= firewall_config.timeouts[state] * NANOSECONDS;
}

/* Both directions of a connection may be on different CPUs, and so may the halves of one direction. */
static __always_inline void count_packet(struct firewall_connection *connection, __u8 sender, __u64 bytes)
{
	struct firewall_way *way = sender == connection->initiator ? &connection->asked : &connection->answered;

	__sync_fetch_and_add(&way->packets, 1);
	__sync_fetch_and_add(&way->bytes, bytes);
}

/* The next state of an established TCP connection; FIREWALL_STATES where the packet begins another one. */
static __always_inline __u8 next_tcp_state(struct firewall_connection *connection, __u8 sender, __u8 flags)
{
	__u8 state = connection->state;

	if (flags & TCP_SYN)
		return state >= FIREWALL_LAST_ACK && !(flags & TCP_ACK) ? FIREWALL_STATES : state;
	if (flags & TCP_RST)
		return FIREWALL_CLOSED;
	if (state == FIREWALL_CLOSED || state == FIREWALL_TIME_WAIT)
		return state;
	if (flags & TCP_FIN) {
		connection->closed |= sender;
		return connection->closed == LOW + HIGH ? FIREWALL_LAST_ACK : FIREWALL_FIN_WAIT;
	}
	if (state == FIREWALL_LAST_ACK)
		return FIREWALL_TIME_WAIT;
	if (state == FIREWALL_FIN_WAIT && !(connection->closed & sender))
		return FIREWALL_CLOSE_WAIT;
	return state;
}

static __always_inline enum tracking track_assured(struct firewall_connection *connection, const struct packet *packet,
						   __u8 sender, __u64 now, __u64 bytes)
{
	__u8 state = connection->state;

	if (packet->ends.protocol == IPPROTO_TCP) {
		state = next_tcp_state(connection, sender, packet->tcp_flags);
		if (state == FIREWALL_STATES)
			return TRACK_RULES;
	}
	/* What follows a reset may pass for a moment, and does not make it longer. */
	if (state != FIREWALL_CLOSED || connection->state != FIREWALL_CLOSED)
		connection->last_ns = now;
	if (state != connection->state)
		connection->state = state;
	count_packet(connection, sender, bytes);
	return TRACK_PASS;
}

/* Whether an initiator's packet of a connection that has been answered proves that it heard the answer. */
static __always_inline bool has_heard(const struct firewall_connection *connection, const struct packet *packet)
{
	if (packet->ends.protocol != IPPROTO_TCP)
		return true;
	return packet->tcp_flags & TCP_ACK && packet->acknowledged - connection->awaited < AWAITED_WINDOW;
}

/* The next state of a connection that is pending; FIREWALL_STATES where rules have to judge the packet. */
static __always_inline __u8 next_pending_state(struct firewall_connection *connection, const struct packet *packet,
					       __u8 sender)
{
	bool answer = sender != connection->initiator;
	__u8 flags = packet->tcp_flags;

	switch (connection->state) {
	case FIREWALL_UNREPLIED:
		return answer ? FIREWALL_REPLIED : FIREWALL_STATES;
	case FIREWALL_REPLIED:
		return answer ? FIREWALL_REPLIED : FIREWALL_STREAM;
	case FIREWALL_SYN_SENT:
		if (!answer)
			return FIREWALL_STATES;
		if (flags & TCP_RST)
			return FIREWALL_CLOSED;
		if (!(flags & TCP_SYN))
			return FIREWALL_SYN_SENT;
		connection->awaited = packet->sequence + 1;
		return FIREWALL_SYN_RECEIVED;
	case FIREWALL_SYN_RECEIVED:
		if (flags & TCP_RST)
			return FIREWALL_CLOSED;
		if (answer && flags & TCP_SYN)
			connection->awaited = packet->sequence + 1;
		if (answer || flags & TCP_SYN)
			return FIREWALL_SYN_RECEIVED;
		if (!has_heard(connection, packet))
			return FIREWALL_STATES;
		return FIREWALL_ESTABLISHED;
	case FIREWALL_PICKED_UP:
		if (!answer)
			return FIREWALL_STATES;
		if (flags & TCP_RST)
			return FIREWALL_CLOSED;
		return flags & TCP_SYN ? FIREWALL_PICKED_UP : FIREWALL_ESTABLISHED;
	case FIREWALL_CLOSED:
		return flags & TCP_SYN ? FIREWALL_STATES : FIREWALL_CLOSED;
	default:
		return FIREWALL_STATES;
	}
}

static __always_inline enum tracking track_pending(struct firewall_connection *connection,
						   const struct firewall_flow *flow, const struct packet *packet,
						   __u8 sender, __u64 now, __u64 bytes)
{
	__u8 state = next_pending_state(connection, packet, sender);

	if (state == FIREWALL_STATES)
		return TRACK_RULES;
	if (state != FIREWALL_CLOSED || connection->state != FIREWALL_CLOSED)
		connection->last_ns = now;
	connection->state = state;
	if (packet->ends.protocol == IPPROTO_TCP && packet->tcp_flags & TCP_FIN)
		connection->closed |= sender;
	count_packet(connection, sender, bytes);
	if (state != FIREWALL_STREAM && state != FIREWALL_ESTABLISHED)
		return TRACK_PASS;
	/* For a moment it is in both: `connections` is asked first. */
	if (bpf_map_update_elem(&connections, flow, connection, BPF_ANY) == 0)
		bpf_map_delete_elem(&pending, flow);
	return TRACK_PASS;
}

/* Flags that no TCP sends together, or never alone. */
static __always_inline bool is_invalid(__u8 flags)
{
	__u8 kind = flags & (TCP_SYN | TCP_FIN | TCP_RST);

	/* More than one of them, or a FIN or nothing at all without an acknowledgement. */
	return (kind & (kind - 1)) != 0 || (!(flags & TCP_ACK) && (kind == TCP_FIN || kind == 0));
}

/* Looks the packet's connection up and moves it on. */
static __always_inline enum tracking track(const struct packet *packet, const struct firewall_flow *flow, __u8 sender,
					   __u64 now, __u64 bytes)
{
	struct firewall_connection *connection;

	if (packet->ends.protocol == IPPROTO_TCP && is_invalid(packet->tcp_flags))
		return TRACK_INVALID;
	connection = bpf_map_lookup_elem(&connections, flow);
	if (connection && is_alive(connection, now)) {
		if (track_assured(connection, packet, sender, now, bytes) == TRACK_PASS)
			return TRACK_PASS;
		return TRACK_RULES;
	}
	connection = bpf_map_lookup_elem(&pending, flow);
	if (connection && is_alive(connection, now))
		return track_pending(connection, flow, packet, sender, now, bytes);
	if (packet->ends.protocol == IPPROTO_TCP && !firewall_config.loose &&
	    (packet->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return TRACK_INVALID;
	return TRACK_RULES;
}

/* Whether an ICMP error quotes a packet that the error's receiver sent on a connection. */
static __always_inline bool is_related(const struct uw_cursor *frame, struct work *work, __u64 now)
{
	const union address *receiver = &work->packet.ends.destination;
	struct firewall_connection *connection;
	struct ends *quoted = &work->quoted;

	__builtin_memset(quoted, 0, sizeof(*quoted));
	if (read_quoted(frame, work->packet.transport + sizeof(struct uw_icmp), work->packet.ends.family, quoted) < 0)
		return false;
	if (quoted->source.halves[0] != receiver->halves[0] || quoted->source.halves[1] != receiver->halves[1])
		return false;
	name_flow(quoted, &work->flow);
	connection = bpf_map_lookup_elem(&connections, &work->flow);
	if (!connection)
		connection = bpf_map_lookup_elem(&pending, &work->flow);
	return connection && is_alive(connection, now);
}

/* What a packet that rules allowed begins; FIREWALL_STATES where it begins nothing. */
static __always_inline __u8 first_state(const struct packet *packet)
{
	__u8 flags = packet->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN);

	if (!packet->trackable || packet->ends.echo == ECHO_REPLY)
		return FIREWALL_STATES;
	if (packet->ends.protocol != IPPROTO_TCP)
		return FIREWALL_UNREPLIED;
	return flags == TCP_SYN ? FIREWALL_SYN_SENT : flags == TCP_ACK ? FIREWALL_PICKED_UP : FIREWALL_STATES;
}

/* Whether a packet that would begin a connection in state `first` belongs to one that is pending in `state`. */
static __always_inline bool goes_on(__u8 state, __u8 first)
{
	if (first == FIREWALL_PICKED_UP && (state == FIREWALL_SYN_SENT || state == FIREWALL_SYN_RECEIVED))
		return true;
	return state == first;
}

/* Notes a packet that rules allowed: the first of a connection, or another one that was not answered yet. */
static __always_inline void open_connection(const struct packet *packet, const struct firewall_flow *flow, __u8 sender,
					    __u32 rule, __u64 now, __u64 bytes)
{
	__u8 state = first_state(packet);
	struct firewall_connection *known;
	struct firewall_connection fresh = {
		.first_ns = now,
		.last_ns = now,
		.asked = { .packets = 1, .bytes = bytes },
		.rule = rule,
		.state = state,
		.initiator = sender,
	};

	if (state == FIREWALL_STATES)
		return;
	known = bpf_map_lookup_elem(&pending, flow);
	if (known && known->initiator == sender && is_alive(known, now) && goes_on(known->state, state)) {
		/* Whoever does not hear the answer does not keep the connection either. */
		if (known->state != FIREWALL_SYN_RECEIVED)
			known->last_ns = now;
		known->rule = rule;
		count_packet(known, sender, bytes);
		return;
	}
	/* Of an earlier connection between the same ports, which is over. */
	if (state == FIREWALL_SYN_SENT)
		bpf_map_delete_elem(&connections, flow);
	if (bpf_map_update_elem(&pending, flow, &fresh, BPF_ANY) == 0)
		uw_count(&counters, FIREWALL_OPENED, bytes);
}

#endif /* FIREWALL_CONNECTION_H */
