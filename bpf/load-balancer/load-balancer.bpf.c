// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A distributed load balancer: at the port of each client, what it sends to a virtual address goes to a backend, and what
 * that answers comes back under the virtual address. A ring that Maglev hashing filled says which backend; connections stay
 * with theirs whatever becomes of the ring. README.md has the path.
 */
#include "uw_engine.h"
#include "balancer_packet.h"

const volatile struct balancer_config balancer_config = {};

/* What is served at the virtual addresses. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BALANCER_SERVICES);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct balancer_service_key);
	__type(value, struct balancer_service);
} services SEC(".maps");

/* Backends, those that drain among them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct balancer_backend);
} backends SEC(".maps");

/* Indexes into `backends` by id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BALANCER_BACKENDS);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, __u32);
} members SEC(".maps");

/* Slots of the rings, which are one after the other. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct balancer_row);
} ring SEC(".maps");

/* What checks found, by id of the backend. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BALANCER_BACKENDS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct balancer_health);
} health SEC(".maps");

/* Connections by what their client sends to; the least recently used one makes room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, BALANCER_CONNECTIONS);
	__type(key, struct balancer_flow);
	__type(value, struct balancer_connection);
} connections SEC(".maps");

/* And by what their backend answers from. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, BALANCER_CONNECTIONS);
	__type(key, struct balancer_flow);
	__type(value, struct balancer_return);
} returns SEC(".maps");

/* The backend that each source is kept by. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct balancer_source);
	__type(value, struct balancer_affinity);
} affinities SEC(".maps");

/* Datagrams whose first fragment was translated. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, BALANCER_FRAGMENTS);
	__type(key, struct balancer_datagram);
	__type(value, struct balancer_piece);
} fragments SEC(".maps");

/* By enum balancer_counter. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, BALANCER_COUNTERS);
	__type(key, __u32);
	__type(value, struct uw_counter);
} counters SEC(".maps");

/* By number of the service: what clients sent to it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, BALANCER_SERVICES);
	__type(key, __u32);
	__type(value, struct uw_counter);
} service_counts SEC(".maps");

/* By index of the backend: first packets of connections that it got. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct uw_counter);
} backend_opened SEC(".maps");

/* What a packet is worked on with. */
struct work {
	struct packet packet;
	struct ends quoted;
	struct balancer_flow flow;
	struct balancer_flow back;
	struct balancer_connection fresh;
	struct balancer_datagram datagram;
	struct balancer_piece piece;
};

/*
 * Not on the stack: there the verifier knows for each way through the parsers what they wrote, and walks the rest of the
 * program once for each.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct work);
} works SEC(".maps");

/* Parts of this program: they work on the settings and maps above. */
#include "balancer_rewrite.h"
#include "balancer_connection.h"
#include "balancer_fragment.h"

/* What becomes of a packet. */
enum judgement {
	JUDGED_PASS,
	JUDGED_DROP,
	JUDGED_BACK,	/* to where it came from */
};

static __always_inline enum judgement count(enum balancer_counter counter, __u64 bytes, enum judgement judgement)
{
	uw_count(&counters, counter, bytes);
	return judgement;
}

/* A packet that could be read and not be written to. */
static __always_inline enum judgement unwritten(__u64 bytes)
{
	return count(BALANCER_MALFORMED, bytes, JUDGED_DROP);
}

static __always_inline bool is_virtual(const union address *address, __u8 family)
{
	const volatile __u64 *own = (const volatile __u64 *)
		balancer_config.addresses[family == BALANCER_IPV4 ? BALANCER_IPV4 : BALANCER_IPV6];

	return own[0] == address->halves[0] && own[1] == address->halves[1];
}

/* To a backend of its own segment a frame goes directly. */
static __always_inline int put_mac(void *ctx, enum layer layer, const __u8 *mac)
{
	return mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5] ? put(ctx, layer, 0, mac, ETH_ALEN) : 0;
}

/* What a client sends to a service. */
static __always_inline enum judgement forward(struct xdp_md *ctx, struct work *work, __u64 now, __u64 bytes)
{
	const struct packet *packet = &work->packet;
	const struct ends *ends = &packet->ends;
	struct balancer_service_key key = { .port = ends->destination_port, .protocol = ends->protocol };
	const struct balancer_service *service = bpf_map_lookup_elem(&services, &key);
	const struct balancer_backend *backend;
	struct balancer_connection *connection;
	union address to;
	__u32 index;
	__u16 port;

	if (!service)
		return count(BALANCER_NO_SERVICE, bytes, JUDGED_DROP);
	name_flow(&work->flow, &ends->source, ends->source_port, &ends->destination, ends->destination_port,
		  ends->protocol);
	connection = follow(work, now, bytes);
	if (!connection) {
		if (!open_connection(work, service->target_port, now, bytes))
			return count(BALANCER_NO_BACKEND, bytes, JUDGED_DROP);
		connection = &work->fresh;
		uw_count(&backend_opened, connection->index, bytes);
	}
	__builtin_memcpy(&to, connection->backend, sizeof(to));
	port = connection->backend_port;
	index = connection->index;
	backend = backend_at(index);
	if (rewrite_end(ctx, LAYER_XDP, packet, END_DESTINATION, &to, port))
		return unwritten(bytes);
	if (backend && backend->id == connection->id && put_mac(ctx, LAYER_XDP, backend->mac))
		return unwritten(bytes);
	if (packet->first_fragment)
		note_datagram(work, &to, backend ? backend->mac : NULL);
	uw_count(&service_counts, service->number, bytes);
	return count(BALANCER_FORWARDED, bytes, JUDGED_PASS);
}

/* An ICMP error of a client about what a backend sent it: it quotes the virtual address. */
static __always_inline enum judgement forward_error(struct xdp_md *ctx, const struct uw_cursor *frame, struct work *work,
						    __u64 bytes)
{
	const struct packet *packet = &work->packet;
	const struct ends *quoted = &work->quoted;
	const struct balancer_connection *connection;
	union address to;
	__u32 transport;

	if (read_quoted(frame, packet, &work->quoted, &transport) < 0)
		return count(BALANCER_NO_SERVICE, bytes, JUDGED_DROP);
	name_flow(&work->flow, &quoted->destination, quoted->destination_port, &quoted->source, quoted->source_port,
		  quoted->protocol);
	connection = bpf_map_lookup_elem(&connections, &work->flow);
	if (!connection)
		return count(BALANCER_NO_SERVICE, bytes, JUDGED_DROP);
	__builtin_memcpy(&to, connection->backend, sizeof(to));
	if (rewrite_error(ctx, LAYER_XDP, packet, END_DESTINATION, quoted, transport, &to, connection->backend_port))
		return unwritten(bytes);
	return count(BALANCER_RELATED, bytes, JUDGED_PASS);
}

/* The echo request becomes the reply in place: whoever asks learns that the way to the balancer works. */
static __always_inline enum judgement answer_echo(struct xdp_md *ctx, struct work *work, __u64 bytes)
{
	const struct packet *packet = &work->packet;
	bool ipv4 = packet->ends.family == BALANCER_IPV4;
	__u8 type = ipv4 ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY;
	__u64 difference = port_difference((__u16)packet->icmp_type << 8, (__u16)type << 8);
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u8 mac[ETH_ALEN];

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return unwritten(bytes);
	__builtin_memcpy(mac, eth->h_dest, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, mac, ETH_ALEN);
	if (put_address(ctx, LAYER_XDP, packet->ends.family, packet->network, END_SOURCE, &packet->ends.destination) ||
	    put_address(ctx, LAYER_XDP, packet->ends.family, packet->network, END_DESTINATION, &packet->ends.source) ||
	    put(ctx, LAYER_XDP, packet->transport, &type, sizeof(type)) ||
	    mend_transport(ctx, LAYER_XDP, packet->transport + ICMP_CHECKSUM, difference, 0))
		return unwritten(bytes);
	return count(BALANCER_ANSWERED, bytes, JUDGED_BACK);
}

/* What a client sends. */
static __always_inline enum judgement judge_outbound(struct xdp_md *ctx, const struct uw_cursor *frame, struct work *work)
{
	const struct packet *packet = &work->packet;
	__u64 now = bpf_ktime_get_coarse_ns();
	__u64 bytes = frame->left;

	if (!is_virtual(&packet->ends.destination, packet->ends.family)) {
		if (collides(work, now))
			return count(BALANCER_COLLIDED, bytes, JUDGED_DROP);
		return count(BALANCER_NOT_OURS, bytes, JUDGED_PASS);
	}
	if (packet->later_fragment) {
		if (!find_datagram(work))
			return count(BALANCER_FRAGMENT, bytes, JUDGED_DROP);
		if (rewrite_address(ctx, LAYER_XDP, packet, END_DESTINATION, (const union address *)work->piece.address) ||
		    put_mac(ctx, LAYER_XDP, work->piece.mac))
			return unwritten(bytes);
		return count(BALANCER_FORWARDED, bytes, JUDGED_PASS);
	}
	if (packet->has_ports)
		return forward(ctx, work, now, bytes);
	if (is_icmp_error(packet))
		return forward_error(ctx, frame, work, bytes);
	if (packet->is_icmp && !packet->first_fragment &&
	    packet->icmp_type == (packet->ends.family == BALANCER_IPV4 ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST))
		return answer_echo(ctx, work, bytes);
	return count(BALANCER_NO_SERVICE, bytes, JUDGED_DROP);
}

/* An ICMP error about what a client sent to a backend: it quotes the backend. */
static __always_inline enum judgement return_error(void *ctx, enum layer layer, const struct uw_cursor *frame,
						   struct work *work, __u64 bytes)
{
	const struct packet *packet = &work->packet;
	const struct ends *quoted = &work->quoted;
	const struct balancer_return *back;
	union address to;
	__u32 transport;

	if (read_quoted(frame, packet, &work->quoted, &transport) < 0)
		return count(BALANCER_NOT_OURS, bytes, JUDGED_PASS);
	name_flow(&work->back, &quoted->source, quoted->source_port, &quoted->destination, quoted->destination_port,
		  quoted->protocol);
	back = bpf_map_lookup_elem(&returns, &work->back);
	if (!back)
		return count(BALANCER_NOT_OURS, bytes, JUDGED_PASS);
	__builtin_memcpy(&to, back->address, sizeof(to));
	if (rewrite_error(ctx, layer, packet, END_SOURCE, quoted, transport, &to, back->port))
		return unwritten(bytes);
	return count(BALANCER_RELATED, bytes, JUDGED_PASS);
}

/* What a client receives. */
static __always_inline enum judgement judge_inbound(void *ctx, enum layer layer, const struct uw_cursor *frame,
						    struct work *work)
{
	const struct packet *packet = &work->packet;
	const struct ends *ends = &packet->ends;
	struct balancer_return *back;
	__u64 bytes = frame->left;
	union address to;
	__u16 port;

	if (is_icmp_error(packet))
		return return_error(ctx, layer, frame, work, bytes);
	if (packet->later_fragment && find_datagram(work)) {
		if (rewrite_address(ctx, layer, packet, END_SOURCE, (const union address *)work->piece.address))
			return unwritten(bytes);
		return count(BALANCER_RETURNED, bytes, JUDGED_PASS);
	}
	if (!packet->has_ports)
		return count(BALANCER_NOT_OURS, bytes, JUDGED_PASS);
	name_flow(&work->back, &ends->destination, ends->destination_port, &ends->source, ends->source_port,
		  ends->protocol);
	back = bpf_map_lookup_elem(&returns, &work->back);
	if (!back)
		return count(BALANCER_NOT_OURS, bytes, JUDGED_PASS);
	note_answer(work, back, bpf_ktime_get_coarse_ns());
	__builtin_memcpy(&to, back->address, sizeof(to));
	port = back->port;
	if (packet->first_fragment)
		note_datagram(work, &to, NULL);
	if (rewrite_end(ctx, layer, packet, END_SOURCE, &to, port))
		return unwritten(bytes);
	return count(BALANCER_RETURNED, bytes, JUDGED_PASS);
}

static __always_inline enum judgement judge_xdp(struct xdp_md *ctx)
{
	struct uw_cursor frame = uw_cursor_xdp(ctx);
	__u32 only = 0;
	struct work *work = bpf_map_lookup_elem(&works, &only);

	if (!work)
		return JUDGED_DROP;
	switch (read_packet(&frame, &work->packet)) {
	case READ_MALFORMED:
		return count(BALANCER_MALFORMED, frame.left, JUDGED_DROP);
	case READ_ARP:
	case READ_OTHER:
		return count(BALANCER_NOT_OURS, frame.left, JUDGED_PASS);
	case READ_IP:
		break;
	}
	if (balancer_config.direction == BALANCER_INBOUND)
		return judge_inbound(ctx, LAYER_XDP, &frame, work);
	return judge_outbound(ctx, &frame, work);
}

static __always_inline enum judgement judge_tc(struct __sk_buff *ctx)
{
	struct uw_cursor frame = uw_cursor_tc(ctx);
	__u32 only = 0;
	struct work *work = bpf_map_lookup_elem(&works, &only);

	if (!work)
		return JUDGED_DROP;
	switch (read_packet(&frame, &work->packet)) {
	case READ_MALFORMED:
		return count(BALANCER_MALFORMED, frame.left, JUDGED_DROP);
	case READ_ARP:
	case READ_OTHER:
		return count(BALANCER_NOT_OURS, frame.left, JUDGED_PASS);
	case READ_IP:
		break;
	}
	return judge_inbound(ctx, LAYER_TC, &frame, work);
}

SEC("xdp")
int balancer_xdp(struct xdp_md *ctx)
{
	enum judgement judgement = judge_xdp(ctx);

	/* Not XDP_TX, which a veth pair's other end is not woken for unless it has an XDP program. */
	if (judgement == JUDGED_BACK)
		return uw_xdp_continue(ctx, bpf_redirect(ctx->ingress_ifindex, 0));
	return uw_xdp_continue(ctx, judgement == JUDGED_PASS ? XDP_PASS : XDP_DROP);
}

SEC("tc")
int balancer_tcx(struct __sk_buff *ctx)
{
	return uw_tc_continue(ctx, judge_tc(ctx) == JUDGED_PASS ? UW_TC_PASS : TC_ACT_SHOT);
}

char _license[] SEC("license") = "Dual BSD/GPL";
