/**
 * A descriptor of at least so many characters, as an operator's tool would write one: VNFs with two ports each, a
 * firewall for every tenth, inputs and functions.
 */
export function largeDescriptor(length: number): string {
  const parts = [HEAD];
  let written = HEAD.length;
  for (let n = 0; written < length; n++) {
    const part = n % 10 === 0 ? vnf(n) + firewall(n) : vnf(n);
    parts.push(part);
    written += part.length;
  }
  return parts.join('');
}

const HEAD = `tosca_definitions_version: tosca_2_0
metadata: { template_name: large, template_version: 1.0.0 }
service_template:
  inputs:
    program: { type: string, default: /usr/bin/vnf }
  node_templates:
    front:
      type: underware.nodes.Link
      properties: { subnets: [10.0.0.0/8, 'fd00::/64'] }
    back:
      type: underware.nodes.Link
      properties: { subnets: ['fd01::/64'], mtu: 9000 }
`;

function vnf(n: number): string {
  return `    vnf-${n}:
      type: underware.nodes.Vnf
      description: Serves what its number says.
      properties:
        image: localhost/vnf:1
        command: [{ $get_input: program }, serve, --number, '${n}']
        cpus: 0.5
        memory: 256 MB
        environment: { NUMBER: '${n}', NAME: { $concat: [vnf-, '${n}'] } }
        health_check: { kind: http, port: 8080, path: /health, interval: 2 s }
    port-${n}-front:
      type: underware.nodes.Port
      requirements:
        - binding: vnf-${n}
        - link: front
    port-${n}-back:
      type: underware.nodes.Port
      requirements:
        - binding: vnf-${n}
        - link: back
`;
}

function firewall(n: number): string {
  return `    guard-${n}:
      type: underware.nodes.Firewall
      properties:
        default: deny
        rules:
          - { name: site, to: port-${n}-front, protocol: tcp, ports: '8080', action: allow }
          - { name: ping, protocol: icmp, action: allow }
      requirements:
        - port: { node: port-${n}-front, relationship: { properties: { directions: [inbound] } } }
`;
}
