/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Copies of frames to many. XDP can send a packet to one device, so it lets these pass (switch.bpf.c has judged them
 * then), and they are copied where the host's stack would take them: to each port of this host, which they reach through
 * its inbound chain on tcx/egress, and in VXLAN to each other host and endpoint.
 */
#ifndef SWITCH_FLOOD_H
#define SWITCH_FLOOD_H

#include "uw_neighbour.h"
#include "uw_tunnel.h"
#include "switch_tables.h"

/* What copies are made of, for the loops; offsets into `replicas`. */
struct flood {
	struct __sk_buff *skb;
	__u32 first;
	__u32 hash;
	__u32 frame_bytes;
};

static long copy_to_port(__u32 i, struct flood *flood)
{
	__u32 index = flood->first + i;
	const struct switch_replica *replica = bpf_map_lookup_elem(&replicas, &index);
	const struct uw_port *port = replica ? bpf_map_lookup_elem(&uw_ports, &replica->port) : 0;
	bool copied = port && bpf_clone_redirect(flood->skb, port->ifindex, 0) == 0;

	uw_count(&counters, copied ? SWITCH_LOCAL : SWITCH_UNREACHABLE, flood->frame_bytes);
	return 0;
}

/* The frame has room for the headers in front; they are another end's, or none's. */
static long copy_to_host(__u32 i, struct flood *flood)
{
	/* Read in place, as in switch.bpf.c. */
	const struct uw_tunnel *tunnel = (const struct uw_tunnel *)&switch_config.tunnel;
	__u32 index = flood->first + i;
	const struct switch_replica *replica = bpf_map_lookup_elem(&replicas, &index);
	enum switch_counter counter = SWITCH_UNREACHABLE;
	struct uw_tunnel_headers headers;
	struct bpf_fib_lookup way;
	enum uw_tunnel_result found;

	if (!replica)
		return 1;
	barrier_var(tunnel);
	found = uw_tunnel_find(flood->skb, tunnel, &replica->host, flood->frame_bytes, &way);
	if (found == UW_TUNNEL_TOO_LONG)
		counter = SWITCH_TOO_LONG;
	if (found == UW_TUNNEL_WRAPPED) {
		uw_tunnel_write(&headers, tunnel, &replica->host, &way, flood->frame_bytes, flood->hash);
		if (!bpf_skb_store_bytes(flood->skb, 0, &headers, sizeof(headers), 0) &&
		    !bpf_clone_redirect(flood->skb, way.ifindex, 0))
			counter = SWITCH_REMOTE;
	}
	uw_count(&counters, counter, flood->frame_bytes);
	return 0;
}

static __always_inline void copy(struct __sk_buff *skb, bool to_endpoints_alone, __u32 hash)
{
	struct flood flood = { .skb = skb, .hash = hash, .frame_bytes = skb->len };
	__u32 ports = switch_config.ports, hosts = switch_config.hosts;
	__u32 remote = switch_config.endpoints;

	/* Asked first: a loop that is known never to run, and whose function so is never called, is refused by some kernels. */
	if (!to_endpoints_alone && ports)
		bpf_loop(ports, copy_to_port, &flood, 0);
	if (!to_endpoints_alone)
		remote += hosts;
	flood.first = to_endpoints_alone ? ports + hosts : ports;
	if (remote && !bpf_skb_change_head(skb, sizeof(struct uw_tunnel_headers), 0))
		bpf_loop(remote, copy_to_host, &flood, 0);
}

/* The frame itself has done its duty. Counted as it came: what is dropped may have grown or shrunk. */
static __always_inline int replaced_by_copies(__u32 bytes)
{
	uw_count(&uw_verdicts, UW_VERDICT_DROP, bytes);
	return TC_ACT_SHOT;
}

/* What a port sends to many, or to nobody that is known. */
static __always_inline int flood_from_port(struct __sk_buff *skb)
{
	struct uw_cursor cursor = uw_cursor_tc(skb);
	const struct ethhdr *eth = cursor.at;
	const struct ipv6hdr *ip6 = (const void *)(eth + 1);
	struct switch_mac destination;
	bool is_question, to_many;
	__u32 bytes = skb->len;

	if ((const void *)(eth + 1) > cursor.end)
		return uw_tc_continue(skb, TC_ACT_SHOT);
	destination = mac_of(eth->h_dest);
	to_many = is_multicast(&destination);
	/*
	 * A router's frames on their way out of the segment are under its address, which is a station's. All others are for
	 * nobody that is known, the host itself among them: a VNF does not reach that.
	 */
	if (!to_many && bpf_map_lookup_elem(&stations, &destination))
		return uw_tc_continue(skb, UW_TC_PASS);
	/* Who of us holds the address was answered, so that this can only be one of an endpoint's stations. */
	is_question = eth->h_proto == bpf_htons(ETH_P_ARP) ||
		      (eth->h_proto == bpf_htons(ETH_P_IPV6) && (const void *)(ip6 + 1) <= cursor.end &&
		       uw_is_solicitation(ip6, cursor.end));
	copy(skb, is_question || !to_many, uw_flow_hash(eth, cursor.end));
	return replaced_by_copies(bytes);
}

/* What another host sends to many in the segment. XDP let it pass in its VXLAN, and has asked whose it is. */
static __always_inline int flood_from_uplink(struct __sk_buff *skb)
{
	struct uw_cursor cursor = uw_cursor_tc(skb);
	const struct uw_tunnel_headers *headers = cursor.at;
	const struct ethhdr *inner = (const void *)(headers + 1);
	struct ethhdr frame;
	__u32 bytes = skb->len;

	if ((const void *)(inner + 1) > cursor.end || headers->eth.h_proto != bpf_htons(ETH_P_IP) ||
	    *(const __u8 *)&headers->ip != UW_VERSION_AND_LENGTH || headers->ip.protocol != IPPROTO_UDP ||
	    headers->ip.daddr != *(const volatile __be32 *)switch_config.tunnel.address ||
	    headers->udp.dest != bpf_htons(UW_VXLAN_PORT) || !(headers->vxlan.flags & bpf_htonl(UW_VXLAN_HAS_VNI)) ||
	    bpf_ntohl(headers->vxlan.vni) >> 8 != switch_config.tunnel.vni || !(inner->h_dest[0] & 1))
		return uw_tc_continue(skb, UW_TC_PASS);
	__builtin_memcpy(&frame, inner, sizeof(frame));
	/* All behind the outer Ethernet header goes, the frame's own with it, which is then written over the outer one. */
	if (bpf_skb_adjust_room(skb, -(int)sizeof(*headers), BPF_ADJ_ROOM_MAC, 0) ||
	    bpf_skb_store_bytes(skb, 0, &frame, sizeof(frame), 0)) {
		uw_count(&counters, SWITCH_MALFORMED, bytes);
		return uw_tc_continue(skb, TC_ACT_SHOT);
	}
	copy(skb, false, 0);
	return replaced_by_copies(bytes);
}

#endif /* SWITCH_FLOOD_H */
