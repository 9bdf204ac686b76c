/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fragments: only the first of a datagram has ports. What becomes of its address is noted for those after it. */
#ifndef BALANCER_FRAGMENT_H
#define BALANCER_FRAGMENT_H

#include "balancer_packet.h"

static __always_inline void name_datagram(struct work *work)
{
	const struct packet *packet = &work->packet;
	struct balancer_datagram *datagram = &work->datagram;

	__builtin_memset(datagram, 0, sizeof(*datagram));
	__builtin_memcpy(datagram->source, &packet->ends.source, sizeof(datagram->source));
	__builtin_memcpy(datagram->destination, &packet->ends.destination, sizeof(datagram->destination));
	datagram->identification = packet->identification;
	datagram->protocol = packet->ends.protocol;
}

/* `mac` is what the frames' destination becomes; NULL: what it is. */
static __always_inline void note_datagram(struct work *work, const union address *to, const __u8 *mac)
{
	struct balancer_piece *piece = &work->piece;

	name_datagram(work);
	__builtin_memset(piece, 0, sizeof(*piece));
	__builtin_memcpy(piece->address, to, sizeof(piece->address));
	if (mac)
		__builtin_memcpy(piece->mac, mac, sizeof(piece->mac));
	bpf_map_update_elem(&fragments, &work->datagram, piece, BPF_ANY);
}

/* Into `work->piece`, what a later fragment's address becomes; false where its first was not translated here. */
static __always_inline bool find_datagram(struct work *work)
{
	const struct balancer_piece *piece;

	name_datagram(work);
	piece = bpf_map_lookup_elem(&fragments, &work->datagram);
	if (!piece)
		return false;
	work->piece = *piece;
	return true;
}

#endif /* BALANCER_FRAGMENT_H */
