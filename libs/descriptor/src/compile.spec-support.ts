/** A descriptor of one VNF with parts replaced; nodes start on line 8, or 10 with inputs. */
export function service(parts: {
  inputs?: string;
  web?: string;
  properties?: string;
  cpus?: string;
  nodes?: string;
}): string {
  const properties =
    parts.properties ?? `command: [run]${parts.cpus === undefined ? '' : `, cpus: ${parts.cpus}`}`;
  return [
    'tosca_definitions_version: tosca_2_0',
    'metadata: { template_name: test, template_version: 1.10 }',
    'service_template:',
    ...(parts.inputs === undefined ? [] : ['  inputs:', `    ${parts.inputs}`]),
    '  node_templates:',
    '    web:',
    '      type: underware.nodes.Process',
    ...(parts.web === undefined ? [] : [`      ${parts.web}`]),
    `      properties: { ${properties} }`,
  ]
    .join('\n')
    .concat(parts.nodes ?? '', '\n');
}
