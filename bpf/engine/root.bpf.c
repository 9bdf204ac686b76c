// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The roots of all chains of a host: one program per hook, attached to every device that has a chain there, each by a
 * pinned bpf_link of its own. A root hands a packet to the first instance of its device's chain. Where there is none,
 * the packet passes as if no program were attached.
 *
 * One program for all devices, because the kernel waits out a grace period whenever a program enters its XDP
 * dispatcher: the second device and all others are attached without that wait.
 */
#include "uw_chain.h"

/* Devices with a chain; user space gives uw_next as many slots and one more. */
#define UW_MAX_DEVICES 4095
#define UW_DEVICE_NAME 16
#define UW_LOW_INDEXES 4096

/* The name is for user space alone: an index means nothing once its device is gone. */
struct uw_device {
	__u32 slot;
	char name[UW_DEVICE_NAME];
};

/* By interface index, the slot of uw_next that the device's chain begins at. Slot 0 stays empty: devices not here. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, UW_MAX_DEVICES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct uw_device);
} uw_devices SEC(".maps");

/*
 * The slots of devices with a low interface index once more, as most hosts' have: an array is read in a few
 * instructions, a table is hashed for every packet. Zero where `uw_devices` has to be asked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, UW_LOW_INDEXES);
	__type(key, __u32);
	__type(value, __u32);
} uw_slots SEC(".maps");

static __always_inline __u32 slot_of(__u32 ifindex)
{
	const __u32 *low = bpf_map_lookup_elem(&uw_slots, &ifindex);
	const struct uw_device *device;

	if (low && *low)
		return *low;
	device = bpf_map_lookup_elem(&uw_devices, &ifindex);
	return device ? device->slot : 0;
}

SEC("xdp")
int uw_root_xdp(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &uw_next, slot_of(ctx->ingress_ifindex));
	return XDP_PASS;
}

SEC("tc")
int uw_root_tcx(struct __sk_buff *ctx)
{
	bpf_tail_call(ctx, &uw_next, slot_of(ctx->ifindex));
	return UW_TC_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
