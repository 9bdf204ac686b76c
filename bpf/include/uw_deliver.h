/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Delivery: how a plugin hands a packet to a port of this host, while the packet is still in XDP where it was received.
 *
 * A switch, a router or a load balancer that knows the port a packet is for calls uw_xdp_deliver(). The packet meets the
 * chain of that port's hook "xdp/egress" (the same plugins as on its "tcx/egress", which packets of the host's own stack
 * meet), and then leaves by the port's device. It never enters the host's stack.
 *
 *	SEC("xdp")
 *	int switch_xdp(struct xdp_md *ctx)
 *	{
 *		struct uw_port_name to;
 *		int action = forward(ctx, &to);
 *
 *		return action == XDP_REDIRECT ? uw_xdp_deliver(ctx, &to) : uw_xdp_continue(ctx, action);
 *	}
 *
 * The maps are the engine's: one of each on a host, given to every instance that names them when it is loaded.
 */
#ifndef UW_DELIVER_H
#define UW_DELIVER_H

#include "uw_engine.h"

/* Ports that can be delivered to; slot 0 is nobody's. */
#define UW_MAX_PORTS 4095
#define UW_PORT_NAME 16

/* In the place of a slot: no port, but the host's stack. */
#define UW_TO_HOST 0xffffffffu

/* The name of the port's device, filled up with zeros. */
struct uw_port_name {
	char name[UW_PORT_NAME];
} __attribute__((aligned(8)));

struct uw_port {
	__u32 slot;	/* of uw_inbound and uw_exits */
	__u32 ifindex;
};

/* What the programs of a packet's way tell one another; valid from delivery to exit. */
struct uw_packet {
	__u32 slot;	/* of the port that it goes to, or UW_TO_HOST */
	__u32 reserved;
};

/* Ports by the name of their device. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, UW_MAX_PORTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct uw_port_name);
	__type(value, struct uw_port);
} uw_ports SEC(".maps");

/* By slot: the first instance of a port's xdp/egress chain. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, UW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, __u32);
} uw_inbound SEC(".maps");

/* By slot: the port's device. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, UW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, __u32);
} uw_exits SEC(".maps");

/* One packet at a time is on its way on a CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct uw_packet);
} uw_packets SEC(".maps");

/* Out by the device of the port in `slot`; a device that is gone aborts the packet. */
static __always_inline int uw_xdp_exit(__u32 slot)
{
	return bpf_redirect_map(&uw_exits, slot, XDP_ABORTED);
}

/*
 * Counts a pass and hands the packet to the host's stack as it is: nothing behind in the chain sees it. Returns the verdict.
 */
static __always_inline int uw_xdp_to_host(struct xdp_md *ctx)
{
	__u32 only = 0;
	struct uw_packet *packet = bpf_map_lookup_elem(&uw_packets, &only);

	/* For who runs the program alone, and would go on with the next: a pass says no more. */
	if (packet)
		packet->slot = UW_TO_HOST;
	uw_count(&uw_verdicts, UW_VERDICT_PASS, ctx->data_end - ctx->data);
	return XDP_PASS;
}

/*
 * Counts a redirect and hands the packet to the port. Returns the verdict of the port's chain, XDP_REDIRECT where it has
 * no objection; a port that this host does not have drops the packet, and counts a drop.
 */
static __always_inline int uw_xdp_deliver(struct xdp_md *ctx, const struct uw_port_name *name)
{
	__u64 bytes = ctx->data_end - ctx->data;
	const struct uw_port *port = bpf_map_lookup_elem(&uw_ports, name);
	__u32 only = 0;
	struct uw_packet *packet = bpf_map_lookup_elem(&uw_packets, &only);
	__u32 slot;

	if (!port || !packet) {
		uw_count(&uw_verdicts, UW_VERDICT_DROP, bytes);
		return XDP_DROP;
	}
	slot = packet->slot = port->slot;
	uw_count(&uw_verdicts, UW_VERDICT_REDIRECT, bytes);
	bpf_tail_call(ctx, &uw_inbound, slot);
	return uw_xdp_exit(slot);
}

#endif /* UW_DELIVER_H */
