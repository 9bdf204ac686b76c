/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which backend a new connection goes to: that of its source, where one is to keep its sources; else what stands in the
 * slot of the ring that its hash names, or in one of the slots after it where that backend does not serve.
 */
#ifndef BALANCER_PICK_H
#define BALANCER_PICK_H

#include "balancer_packet.h"

#define NANOSECONDS 1000000000ULL
/* Slots that are tried before all backends are gone through: with half of them down, one connection in 65,536 needs that. */
#define TRIES 16

struct picked {
	const struct balancer_backend *backend;
	__u32 index;
};

/* Mixes as murmur3 ends: every bit of the word changes half of the result's. */
static __always_inline __u32 mix(__u32 hash, __u32 word)
{
	hash = (hash ^ word) * 0x85ebca6b;
	hash = (hash ^ hash >> 13) * 0xc2b2ae35;
	return hash ^ hash >> 16;
}

static __always_inline __u32 hash_of(const struct balancer_flow *flow)
{
	const __u32 *client = (const void *)flow->client;
	__u32 hash = 0;

	for (int i = 0; i < 4; i++)
		hash = mix(hash, client[i]);
	if (balancer_config.by_source)
		return hash;
	hash = mix(hash, (__u32)flow->client_port << 16 | flow->other_port);
	return mix(hash, flow->protocol);
}

static __always_inline const struct balancer_backend *backend_at(__u32 index)
{
	return index < balancer_config.backends ? bpf_map_lookup_elem(&backends, &index) : NULL;
}

/* The backend that had this index when it was looked up last, wherever it stands now; NULL where it is none any more. */
static __always_inline struct picked find_backend(__u32 id, __u32 index)
{
	struct picked found = { .backend = backend_at(index), .index = index };
	const __u32 *moved;

	if (found.backend && found.backend->id == id)
		return found;
	moved = bpf_map_lookup_elem(&members, &id);
	found.index = moved ? *moved : 0;
	found.backend = moved ? backend_at(found.index) : NULL;
	return found;
}

static __always_inline const struct balancer_health *checked_health(const struct balancer_backend *backend)
{
	__u32 id = backend->id;

	return balancer_config.checked ? bpf_map_lookup_elem(&health, &id) : NULL;
}

/* Whether a check said so. */
static __always_inline bool is_down(const struct balancer_backend *backend)
{
	const struct balancer_health *state = checked_health(backend);

	return state && state->down;
}

/* Whether connections may begin with it. One that no check has seen yet may not even listen. */
static __always_inline bool serves(const struct balancer_backend *backend)
{
	const struct balancer_health *state;

	if (!balancer_config.checked)
		return true;
	state = checked_health(backend);
	return state && !state->down;
}

static __always_inline const union address *address_of(const struct balancer_backend *backend, __u8 family)
{
	return (const union address *)backend->addresses[family == BALANCER_IPV4 ? BALANCER_IPV4 : BALANCER_IPV6];
}

/* Whether a client can be sent there: nobody can be sent to himself, nor to where his family is not spoken. */
static __always_inline bool is_elsewhere(const struct balancer_backend *backend, const struct balancer_flow *flow,
					 __u8 family)
{
	const union address *address = address_of(backend, family);
	const union address *client = (const union address *)flow->client;

	return (address->halves[0] || address->halves[1]) && !is_same_address(address, client);
}

static __always_inline struct picked pick_by_source(const struct balancer_flow *flow, __u8 family, __u64 now)
{
	const struct balancer_source *source = (const void *)flow->client;
	struct balancer_affinity *known = bpf_map_lookup_elem(&affinities, source);
	struct picked none = {};
	struct picked found;

	if (!known || now - known->last_ns > balancer_config.affinity_timeout * NANOSECONDS)
		return none;
	found = find_backend(known->id, known->index);
	if (!found.backend || found.backend->draining || is_down(found.backend) ||
	    !is_elsewhere(found.backend, flow, family))
		return none;
	known->last_ns = now;
	return found;
}

static __always_inline struct picked pick_from_ring(const struct balancer_flow *flow, __u8 family, __u64 bytes)
{
	const volatile struct balancer_ring *of = &balancer_config.rings[family == BALANCER_IPV4 ? 0 : 1];
	struct picked first = {};
	__u32 slots = of->slots, hash = hash_of(flow);
	struct picked found;

	if (!slots)
		return first;
	/* TRIES rounds. */
	for (int i = 0; i < TRIES; i++) {
		__u32 slot = hash % slots;
		__u32 row = of->first_row + slot / BALANCER_ROW;
		const struct balancer_row *here = bpf_map_lookup_elem(&ring, &row);

		if (!here)
			return first;
		found.index = here->slots[slot % BALANCER_ROW];
		found.backend = backend_at(found.index);
		if (found.backend && is_elsewhere(found.backend, flow, family)) {
			if (serves(found.backend))
				return found;
			if (!first.backend)
				first = found;
		}
		hash = mix(hash, i + 1);
	}
	/* BALANCER_BACKENDS rounds. */
	for (__u32 i = 0; i < BALANCER_BACKENDS; i++) {
		if (i >= balancer_config.backends)
			break;
		found.index = (hash + i) % balancer_config.backends;
		found.backend = backend_at(found.index);
		if (!found.backend || found.backend->draining || !is_elsewhere(found.backend, flow, family))
			continue;
		if (serves(found.backend))
			return found;
		if (!first.backend)
			first = found;
	}
	/* Where none serves, the checks may be wrong: it would not get better by sending nothing. */
	if (first.backend)
		uw_count(&counters, BALANCER_NONE_HEALTHY, bytes);
	return first;
}

static __always_inline struct picked pick(const struct balancer_flow *flow, __u8 family, __u64 now, __u64 bytes)
{
	const struct balancer_source *source = (const void *)flow->client;
	struct balancer_affinity fresh = { .last_ns = now };
	struct picked found = {};

	if (balancer_config.by_source)
		found = pick_by_source(flow, family, now);
	if (found.backend)
		return found;
	found = pick_from_ring(flow, family, bytes);
	if (found.backend && balancer_config.by_source) {
		fresh.id = found.backend->id;
		fresh.index = found.index;
		bpf_map_update_elem(&affinities, source, &fresh, BPF_ANY);
	}
	return found;
}

#endif /* BALANCER_PICK_H */
