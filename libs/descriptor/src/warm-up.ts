import { compile } from './compile.js';

/** Compilations after which the compiler's code is as fast as it gets, near enough. */
const ROUNDS = 5;
/** VNFs of the descriptor that is compiled: about 100 kB of text. */
const VNFS = 150;

/**
 * Compiles a made-up descriptor a few times, one at each step, so that the first one that anybody waits for runs code
 * that is compiled already. Nothing comes of it.
 */
export function* warmUp(): Generator<void> {
  const text = descriptorOf(VNFS);
  for (let round = 0; round < ROUNDS; round++) {
    compile({ file: 'warm-up.yaml', text });
    yield;
  }
}

/** With a little of everything that large descriptors have much of. */
export function descriptorOf(vnfs: number): string {
  return HEAD + Array.from({ length: vnfs }, (_, n) => vnf(n) + underservice(n)).join('') + policies(vnfs);
}

const HEAD = `tosca_definitions_version: tosca_2_0
metadata: { template_name: warm-up, template_version: 1.0.0 }
service_template:
  inputs:
    image: { type: string, default: localhost/vnf:1 }
  node_templates:
    net:
      type: underware.nodes.Link
      properties: { subnets: [10.0.0.0/12, 'fd00::/64'], mtu: 1500 }
`;

function vnf(n: number): string {
  return `    vnf-${n}:
      type: underware.nodes.${n % 3 === 0 ? 'Process' : 'Container'}
      description: Number ${n}.
      properties:
        command: [/usr/bin/vnf, --name, { $concat: [vnf-, '${n}'] }]
        ${n % 3 === 0 ? '' : 'image: { $get_input: image }'}
        cpus: 0.5
        memory: 64 MB
        environment: { NUMBER: '${n}' }
        health_check: { kind: tcp, port: 8080, interval: 2 s }
    port-${n}:
      type: underware.nodes.Port
      requirements:
        - binding: vnf-${n}
        - link: net
`;
}

function underservice(n: number): string {
  if (n % 4 === 1) {
    return `    meter-${n}:
      type: underware.nodes.Probe
      requirements: [{ port: port-${n} }]
`;
  }
  return n % 4 === 2
    ? `    guard-${n}:
      type: underware.nodes.Firewall
      properties:
        default: deny
        rules:
          - { name: site, from: 192.0.2.0/24, to: port-${n}, protocol: tcp, ports: '8080', action: allow }
      requirements:
        - port: { node: port-${n}, relationship: { properties: { directions: [inbound] } } }
`
    : '';
}

function policies(vnfs: number): string {
  return `  policies:
    - apart: { type: underware.policies.AntiAffinity, targets: [vnf-0, vnf-${vnfs - 1}], properties: { scope: zone } }
`;
}
