import { packPackage } from '@underware/descriptor';

/** A third process, on the host of the first. */
export const THIRD = `
    third:
      type: underware.nodes.Process
      properties: { command: [/bin/true], host_labels: { side: a } }
    third_port:
      type: underware.nodes.Port
      requirements: [{ binding: third }, { link: net }]`;

/** A probe on the port of each of the two. */
export const METER = `
    meter:
      type: underware.nodes.Probe
      properties: { directions: [inbound], residency: dynamic }
      requirements: [{ port: server_port }, { port: client_port }]`;

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

const TYPES = `tosca_definitions_version: tosca_2_0
node_types:
  Echo: { derived_from: underware.nodes.Process }
`;

/** The same as a package of two files, the one with the types changed. */
export async function pairOfFiles(change = (types: string) => types): Promise<Buffer> {
  const main = twoVnfs()
    .trimStart()
    .replace('service_template:', 'imports: [parts/types.yaml]\nservice_template:')
    .replace('type: underware.nodes.Process', 'type: Echo');
  const files = { 'pair.yaml': main, 'parts/types.yaml': change(TYPES) };
  const bytes = Object.entries(files).map(([path, text]): [string, Buffer] => [path, Buffer.from(text)]);
  return Buffer.from(await packPackage('pair.yaml', new Map(bytes)));
}
