import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Drops TCP to the ports in a map, without a word of ours in it. */
const SOURCE = `
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 16);
  __type(key, __u16); __type(value, __u8); } denied_ports SEC(".maps");
SEC("xdp") int port_filter(struct xdp_md *ctx) {
  void *end = (void *)(long)ctx->data_end;
  struct ethhdr *ethernet = (void *)(long)ctx->data;
  struct iphdr *ipv4 = (void *)(ethernet + 1);
  struct tcphdr *tcp = (void *)(ipv4 + 1);
  if ((void *)(tcp + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP)) return XDP_PASS;
  if (ipv4->protocol != 6 || ipv4->ihl != 5) return XDP_PASS;
  __u16 port = bpf_ntohs(tcp->dest);
  return bpf_map_lookup_elem(&denied_ports, &port) ? XDP_DROP : XDP_PASS;
}
char _license[] SEC("license") = "GPL";
`;

export const GUARDED = '10.86.0.10';

const SERVICE = `
tosca_definitions_version: tosca_2_0
metadata: { template_name: program-of-others, template_version: 1.0.0 }
service_template:
  node_templates:
    web:
      type: underware.nodes.Process
      properties: { command: [/usr/local/bin/underware-demo, web, '8080', '9090'] }
    client:
      type: underware.nodes.Process
      properties: { command: [/usr/local/bin/underware-demo, client, ${GUARDED}, '8080', '9090'] }
    web_port:
      type: underware.nodes.Port
      properties: { addresses: [${GUARDED}] }
      requirements: [{ binding: web }, { link: net }]
    client_port:
      type: underware.nodes.Port
      requirements: [{ binding: client }, { link: net }]
    net:
      type: underware.nodes.Link
      properties: { subnets: [10.86.0.0/24] }
    theirs:
      type: underware.nodes.Program
      properties:
        plugin: port-filter@1.0.0
        directions: [outbound]
        residency: dynamic
        entries: [{ map: denied_ports, key: '9090', value: '1' }]
      requirements: [{ port: client_port }]
    meter:
      type: underware.nodes.Probe
      properties: { residency: dynamic }
      requirements: [{ port: client_port }]
`;

/** Writes object and descriptor into the directory. */
export async function programOfOthers(directory: string): Promise<{ object: string; descriptor: string }> {
  const architecture = execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim();
  const flags = ['-O2', '-g', '-target', 'bpf', '-idirafter', `/usr/include/${architecture}-linux-gnu`];
  const object = join(directory, 'port-filter.bpf.o');
  execFileSync('clang', [...flags, '-x', 'c', '-c', '-', '-o', object], { input: SOURCE });
  const descriptor = join(directory, 'program-of-others.yaml');
  await writeFile(descriptor, SERVICE);
  return { object, descriptor };
}
