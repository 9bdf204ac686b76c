/** Two processes on two hosts and a link; no plugin, so that nothing has to be onboarded. */
export function twoVnfs(subnet = '10.77.0.0/24'): string {
  return `
tosca_definitions_version: tosca_2_0
metadata: { template_name: uwt-pair, template_version: 1.0.0 }
service_template:
  inputs:
    greeting: { type: string, default: hello }
  node_templates:
    server:
      type: underware.nodes.Process
      properties:
        command: [/bin/echo, { $get_input: greeting }]
        host_labels: { side: a }
    client:
      type: underware.nodes.Process
      properties: { command: [/bin/true], host_labels: { side: b } }
    server_port:
      type: underware.nodes.Port
      requirements: [{ binding: server }, { link: net }]
    client_port:
      type: underware.nodes.Port
      requirements: [{ binding: client }, { link: net }]
    net:
      type: underware.nodes.Link
      properties: { subnets: [${subnet}] }
`;
}
