// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A traffic generator: run by BPF_PROG_TEST_RUN with live frames, it sends each of them through a device. The kernel
 * recycles the frames, so whatever a receiver changed would come back: every header is written anew each time.
 * `receive` is the far end: it counts the datagrams that arrive and drops everything.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "uw_counter.h"
#include "generator.h"

#define HOP_LIMIT 64
#define VERSION_AND_LENGTH 0x45
#define DO_NOT_FRAGMENT 0x4000

const volatile struct generator_config generator_config = {
	.flows = 1,
};

/* Datagrams that arrived at `receive`. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct uw_counter);
} received SEC(".maps");

/* Frames given to the device by `generate`, which also numbers them over the flows. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct uw_counter);
} sent SEC(".maps");

/* As volatile as the settings are: a copy that is not may be of the zeros that they are built with. */
static __always_inline void copy_setting(void *target, const volatile __u8 *setting, int bytes)
{
	/* Six rounds at most: a MAC address. */
	for (int i = 0; i < bytes; i++)
		((__u8 *)target)[i] = setting[i];
}

static __always_inline __u16 ipv4_checksum(const struct iphdr *ip)
{
	const __u16 *words = (const __u16 *)ip;
	__u32 sum = 0;

	/* Ten rounds: a header without options. */
	for (int i = 0; i < (int)(sizeof(*ip) / sizeof(*words)); i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static __always_inline void write_ipv4(struct iphdr *target, __u16 bytes)
{
	struct iphdr ip = {
		.tot_len = bpf_htons(bytes),
		.frag_off = bpf_htons(DO_NOT_FRAGMENT),
		.ttl = HOP_LIMIT,
		.protocol = IPPROTO_UDP,
	};

	*(__u8 *)&ip = VERSION_AND_LENGTH;
	copy_setting(&ip.saddr, generator_config.source, sizeof(ip.saddr));
	copy_setting(&ip.daddr, generator_config.destination, sizeof(ip.daddr));
	ip.check = ipv4_checksum(&ip);
	__builtin_memcpy(target, &ip, sizeof(ip));
}

SEC("xdp")
int generate(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);
	__u32 bytes = ctx->data_end - ctx->data;
	__u32 zero = 0;
	struct uw_counter *counter = bpf_map_lookup_elem(&sent, &zero);
	__u32 flow;

	if ((void *)(udp + 1) > end || !counter || !generator_config.flows)
		return XDP_ABORTED;
	copy_setting(eth->h_dest, generator_config.destination_mac, ETH_ALEN);
	copy_setting(eth->h_source, generator_config.source_mac, ETH_ALEN);
	eth->h_proto = bpf_htons(ETH_P_IP);
	write_ipv4(ip, bytes - sizeof(*eth));
	flow = counter->packets % generator_config.flows;
	udp->source = bpf_htons(generator_config.source_port + flow % GENERATOR_SOURCE_PORTS);
	udp->dest = bpf_htons(generator_config.destination_port + flow / GENERATOR_SOURCE_PORTS);
	udp->len = bpf_htons(bytes - sizeof(*eth) - sizeof(*ip));
	udp->check = 0; /* IPv4 allows it to be left out */
	uw_count(&sent, 0, bytes);
	return bpf_redirect(generator_config.ifindex, 0);
}

SEC("xdp")
int receive(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);

	/* Not what the sender's own stack says on the link, such as IPv6 neighbour discovery. */
	if ((void *)(ip + 1) <= end && eth->h_proto == bpf_htons(ETH_P_IP) && ip->protocol == IPPROTO_UDP)
		uw_count(&received, 0, ctx->data_end - ctx->data);
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
