/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connections: a client's to a virtual address, and the backend that it went to when it began. Each has an entry in
 * `connections`, by what the client sends to, and one in `returns`, by what the backend answers from. Whichever way packets
 * go, the entry of the other way is seen to once in a while, so that neither is forgotten before the other.
 */
#ifndef BALANCER_CONNECTION_H
#define BALANCER_CONNECTION_H

#include "balancer_pick.h"

/* How often the entry of the other way is seen to. */
#define RENEW_NS NANOSECONDS

static __always_inline void name_flow(struct balancer_flow *flow, const union address *client, __u16 client_port,
				      const union address *other, __u16 other_port, __u8 protocol)
{
	__builtin_memset(flow, 0, sizeof(*flow));
	__builtin_memcpy(flow->client, client, sizeof(flow->client));
	__builtin_memcpy(flow->other, other, sizeof(flow->other));
	flow->client_port = client_port;
	flow->other_port = other_port;
	flow->protocol = protocol;
}

static __always_inline bool is_alive(const struct balancer_connection *connection, __u64 now)
{
	__u32 state = connection->state;

	if (state >= BALANCER_STATES)
		return false;
	return now - connection->last_ns <= balancer_config.timeouts[state] * NANOSECONDS;
}

static __always_inline bool begins(const struct packet *packet)
{
	return packet->ends.protocol == IPPROTO_TCP && (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static __always_inline __u8 next_state(__u8 state, const struct packet *packet)
{
	if (packet->ends.protocol != IPPROTO_TCP)
		return BALANCER_DATAGRAMS;
	if (packet->tcp_flags & (TCP_FIN | TCP_RST))
		return BALANCER_CLOSING;
	return state == BALANCER_OPENING && !(packet->tcp_flags & TCP_SYN) ? BALANCER_OPEN : state;
}

/*
 * Whether a packet goes on to the backend of its connection. A backend that leaves keeps its connections for a while; one
 * that is down keeps those that are open, since a check may be wrong, and loses what can begin anew elsewhere.
 */
static __always_inline bool stays(struct balancer_connection *connection, const struct packet *packet, __u64 now)
{
	struct picked own = find_backend(connection->id, connection->index);
	/* What is no SYN any more says that the backend has answered one. */
	bool unanswered = connection->state == BALANCER_OPENING && begins(packet);
	bool anew = unanswered || connection->state == BALANCER_DATAGRAMS;

	if (own.backend && !own.backend->draining) {
		connection->index = own.index;
		connection->leaving_ns = 0;
		return !anew || !is_down(own.backend);
	}
	if (unanswered)
		return false;
	if (!connection->leaving_ns)
		connection->leaving_ns = now;
	return now - connection->leaving_ns < balancer_config.drain * NANOSECONDS;
}

/* The entry by which answers find back, made anew where it was forgotten. */
static __always_inline void renew_return(struct work *work, const struct balancer_connection *connection, __u64 now)
{
	const struct balancer_flow *flow = &work->flow;
	struct balancer_return fresh = { .renewed_ns = now, .port = flow->other_port };

	__builtin_memcpy(fresh.address, flow->other, sizeof(fresh.address));
	name_flow(&work->back, (const union address *)flow->client, flow->client_port,
		  (const union address *)connection->backend, connection->backend_port, flow->protocol);
	bpf_map_update_elem(&returns, &work->back, &fresh, BPF_ANY);
}

/* The connection that a packet to a virtual address belongs to; NULL where it begins one. */
static __always_inline struct balancer_connection *follow(struct work *work, __u64 now, __u64 bytes)
{
	const struct packet *packet = &work->packet;
	struct balancer_connection *connection = bpf_map_lookup_elem(&connections, &work->flow);

	if (!connection || !is_alive(connection, now))
		return NULL;
	/* Another connection between the ports of one that is over. */
	if (begins(packet) && connection->state != BALANCER_OPENING)
		return NULL;
	if (!connection->check && !stays(connection, packet, now)) {
		uw_count(&counters, BALANCER_MOVED, bytes);
		return NULL;
	}
	connection->last_ns = now;
	connection->state = next_state(connection->state, packet);
	if (now - connection->renewed_ns > RENEW_NS) {
		connection->renewed_ns = now;
		renew_return(work, connection, now);
	}
	return connection;
}

/* Begins a connection in `work->fresh`; false where there is no backend. */
static __always_inline bool open_connection(struct work *work, __u16 target_port, __u64 now, __u64 bytes)
{
	const struct packet *packet = &work->packet;
	struct balancer_connection *fresh = &work->fresh;
	struct picked picked = pick(&work->flow, packet->ends.family, now, bytes);

	if (!picked.backend)
		return false;
	__builtin_memset(fresh, 0, sizeof(*fresh));
	__builtin_memcpy(fresh->backend, address_of(picked.backend, packet->ends.family), sizeof(fresh->backend));
	fresh->last_ns = fresh->renewed_ns = now;
	fresh->id = picked.backend->id;
	fresh->index = picked.index;
	fresh->backend_port = target_port;
	fresh->state = begins(packet) ? BALANCER_OPENING : next_state(BALANCER_OPEN, packet);
	renew_return(work, fresh, now);
	bpf_map_update_elem(&connections, &work->flow, fresh, BPF_ANY);
	uw_count(&counters, BALANCER_OPENED, bytes);
	return true;
}

/* What an answer tells the connection: that it is in use, and that it closes. */
static __always_inline void note_answer(struct work *work, struct balancer_return *back, __u64 now)
{
	const struct packet *packet = &work->packet;
	const struct balancer_flow *answer = &work->back;
	struct balancer_connection *connection;
	bool closes = packet->ends.protocol == IPPROTO_TCP && packet->tcp_flags & (TCP_FIN | TCP_RST);

	if (!closes && now - back->renewed_ns <= RENEW_NS)
		return;
	back->renewed_ns = now;
	name_flow(&work->flow, (const union address *)answer->client, answer->client_port,
		  (const union address *)back->address, back->port, answer->protocol);
	connection = bpf_map_lookup_elem(&connections, &work->flow);
	if (!connection)
		return;
	connection->last_ns = now;
	if (closes)
		connection->state = BALANCER_CLOSING;
}

/*
 * Whether what a client begins with a backend directly is between the ports of a connection to the virtual address: answers
 * could not be told apart. An entry of a connection that is over makes way.
 */
static __always_inline bool collides(struct work *work, __u64 now)
{
	const struct packet *packet = &work->packet;
	const struct ends *ends = &packet->ends;
	struct balancer_connection *connection;
	struct balancer_return *back;

	if (!packet->has_ports || (ends->protocol == IPPROTO_TCP && !begins(packet)))
		return false;
	name_flow(&work->back, &ends->source, ends->source_port, &ends->destination, ends->destination_port,
		  ends->protocol);
	back = bpf_map_lookup_elem(&returns, &work->back);
	if (!back)
		return false;
	name_flow(&work->flow, &ends->source, ends->source_port, (const union address *)back->address, back->port,
		  ends->protocol);
	connection = bpf_map_lookup_elem(&connections, &work->flow);
	if (connection && is_alive(connection, now) && connection->state != BALANCER_CLOSING)
		return true;
	bpf_map_delete_elem(&returns, &work->back);
	return false;
}

#endif /* BALANCER_CONNECTION_H */
