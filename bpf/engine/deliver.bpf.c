// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Both ends of every xdp/egress chain. `uw_exit_xdp` is the last: where no instance of the chain had an objection, the
 * packet leaves by the device of the port that it was delivered to. The last instance's `uw_next` holds it where on other
 * hooks it is empty. `uw_enter_xdp` is for test packets, which no switch or router has delivered: it does so for the port
 * whose name it is loaded with.
 */
#include "uw_deliver.h"

const volatile struct uw_port_name uw_entry = {};

SEC("xdp")
int uw_exit_xdp(struct xdp_md *ctx __attribute__((unused)))
{
	__u32 only = 0;
	const struct uw_packet *packet = bpf_map_lookup_elem(&uw_packets, &only);

	/* Slot 0 is nobody's: a packet that no one delivered is aborted. */
	return uw_xdp_exit(packet ? packet->slot : 0);
}

SEC("xdp")
int uw_enter_xdp(struct xdp_md *ctx)
{
	/* The map reads it in place: copied as a constant, it would be what it is initialised with. */
	return uw_xdp_deliver(ctx, (const struct uw_port_name *)&uw_entry);
}

char _license[] SEC("license") = "Dual BSD/GPL";
