/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How the switch asks what it knows: stations of the segment, and what was learned of others. Included behind the maps. */
#ifndef SWITCH_TABLES_H
#define SWITCH_TABLES_H

#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>

#include "uw_counter.h"
#include "uw_cursor.h"
#include "switch.h"

#define NANOSECONDS 1000000000ull

/*
 * In words and put together in a register: bytes that are stored one by one and read as a word keep the CPU waiting. The
 * lower half is in the lower bytes, as in memory: BPF programs are built for the byte order of the machine.
 */
static __always_inline struct switch_mac mac_of(const __u8 *bytes)
{
	struct switch_mac mac;

	*(__u64 *)&mac = *(const __u32 *)bytes | (__u64) * (const __u16 *)(bytes + 4) << 32;
	return mac;
}

static __always_inline bool is_same_mac(const struct switch_mac *a, const struct switch_mac *b)
{
	return *(const __u64 *)a == *(const __u64 *)b;
}

static __always_inline bool is_multicast(const struct switch_mac *mac)
{
	return mac->bytes[0] & 1;
}

static __always_inline bool is_remote(const struct switch_station *station)
{
	return *(const __be32 *)station->host.address != 0;
}

static __always_inline const struct switch_mac *holder_of_ipv4(const void *bytes)
{
	struct switch_address address = { .bytes = { [10] = 0xff, [11] = 0xff } };

	__builtin_memcpy(address.bytes + 12, bytes, 4);
	return bpf_map_lookup_elem(&addresses, &address);
}

static __always_inline const struct switch_mac *holder_of_ipv6(const void *bytes)
{
	struct switch_address address;

	__builtin_memcpy(address.bytes, bytes, sizeof(address.bytes));
	return bpf_map_lookup_elem(&addresses, &address);
}

/* The port's first address of the family, which is nearly always the only one, is compared without a look at the table. */
static __always_inline bool is_first_ipv4(const void *bytes)
{
	return *(const __be32 *)bytes == *(const volatile __be32 *)switch_config.port_ipv4;
}

static __always_inline bool is_first_ipv6(const void *bytes)
{
	const __be32 *words = bytes;
	const volatile __be32 *own = (const volatile __be32 *)switch_config.port_ipv6;

	return words[0] == own[0] && words[1] == own[1] && words[2] == own[2] && words[3] == own[3];
}

static __always_inline bool is_held_by(const struct switch_mac *holder, const struct switch_mac *sender)
{
	return !switch_config.anti_spoofing || (holder && is_same_mac(holder, sender));
}

/* Of `learned`, as long as it was heard of within the time of ageing. */
static __always_inline const struct uw_tunnel_end *learned_end(const struct switch_mac *mac)
{
	struct switch_learned_key key = { .vni = switch_config.tunnel.vni, .mac = *mac };
	const struct switch_learned *found;

	if (!switch_config.ageing)
		return 0;
	found = bpf_map_lookup_elem(&learned, &key);
	if (!found || bpf_ktime_get_ns() - found->seen > switch_config.ageing * NANOSECONDS)
		return 0;
	return &found->end;
}

/* A frame of a station came from an endpoint: from now on frames for it go there. */
static __always_inline void learn(const struct switch_mac *mac, const struct uw_tunnel_end *end, __u32 bytes)
{
	struct switch_learned_key key = { .vni = switch_config.tunnel.vni, .mac = *mac };
	struct switch_learned *found = bpf_map_lookup_elem(&learned, &key);
	struct switch_learned entry = { .end = *end, .seen = bpf_ktime_get_ns() };

	/* Once a second is often enough, and leaves the entry in the caches of all CPUs. */
	if (found && *(const __be32 *)found->end.address == *(const __be32 *)end->address) {
		if (entry.seen - found->seen > NANOSECONDS)
			found->seen = entry.seen;
		return;
	}
	uw_count(&counters, found ? SWITCH_MOVED : SWITCH_LEARNED, bytes);
	bpf_map_update_elem(&learned, &key, &entry, BPF_ANY);
}

/* Whether one more frame may be copied now: `pace` a second, a tenth of a second of them at once. */
static __always_inline bool is_due(void)
{
	__u32 only = 0;
	__u64 *next = bpf_map_lookup_elem(&pace, &only);
	__u64 now = bpf_ktime_get_ns(), due;

	if (!next || !switch_config.pace)
		return false;
	due = *(volatile __u64 *)next;
	if (due > now + NANOSECONDS / 10)
		return false;
	/* Two CPUs at once may both copy: it is a limit against storms, not an account. */
	*(volatile __u64 *)next = (due > now ? due : now) + NANOSECONDS / switch_config.pace;
	return true;
}

#endif /* SWITCH_TABLES_H */
