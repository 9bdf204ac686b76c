import { describe, expect, it } from '@jest/globals';
import { compileTosca } from '../compile.js';

/** A VNF of containers as release 5 has it: a chart and its scripts, certificates, modules, requests of services. */
const CONTAINERS = `tosca_definitions_version: tosca_simple_yaml_1_3
imports: [ TYPES ]
node_types:
  Company.Web.1_0:
    derived_from: tosca.nodes.nfv.VNF
    properties:
      descriptor_id: { type: string, default: 5f3a }
      descriptor_version: { type: string, default: '1.0' }
      provider: { type: string, default: Company }
      product_name: { type: string, default: Web }
      software_version: { type: string, default: '1.0' }
      vnfm_info: { type: list, entry_schema: { type: string }, default: [ etsivnfm:v5.1.1 ] }
      flavour_id: { type: string, default: simple }
      flavour_description: { type: string, default: '' }
topology_template:
  node_templates:
    VNF: { type: Company.Web.1_0 }
    cache:
      type: tosca.nodes.nfv.Vdu.OsContainerDeployableUnit
      properties: &vdu
        name: cache
        description: what the chart deploys
        vdu_profile: { min_number_of_instances: 1, max_number_of_instances: 2 }
        mcio_identification_data: { name: cache, type: Deployment }
        is_num_of_instances_cluster_based: false
    web:
      type: tosca.nodes.nfv.Vdu.OsContainerDeployableUnit
      properties: *vdu
      requirements: [ container: server, installable_certificate: certificate ]
    server:
      type: tosca.nodes.nfv.Vdu.OsContainer
      properties:
        name: server
        description: the only container
        requested_cpu_resources: 500
        requested_cpu_resources_valid_values: [ 100, 900 ]
    port:
      type: tosca.nodes.nfv.VduCp
      properties:
        layer_protocols: [ ipv4 ]
        domain_name: [ { domain_name_assignment: static, fully_qualified_domain_name: web.example } ]
      requirements: [ virtual_binding: web ]
    certificate: { type: tosca.nodes.nfv.Certificate, properties: { name: web, certificate_type: VNFCI_CERT } }
    database: { type: tosca.nodes.nfv.PaasServiceRequest, properties: { what: is, not: [ written, here ] } }
    module: { type: tosca.nodes.nfv.DeployableModule, properties: { name: m }, requirements: [ member: mciop ] }
    mciop:
      type: tosca.nodes.nfv.Mciop
      requirements: [ associatedVdu: cache ]
      artifacts:
        chart: { type: tosca.artifacts.nfv.HelmChart, file: Artifacts/web.tgz }
        script: { type: tosca.artifacts.nfv.HelmParamMappingScript, file: Artifacts/map.sh, properties: { language: bash } }
        rules: { type: tosca.artifacts.nfv.HelmParamMappingRule, file: Artifacts/rules.txt }
  policies:
    - apart: { type: tosca.policies.nfv.AntiAffinityRule, targets: [ mciop ], properties: { scope: nfvi_node } }
`;

function findings(text: string): string[] {
  return compileTosca({ entry: 'vnfd.yaml', read: (path) => (path === 'vnfd.yaml' ? text : undefined) })
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

describe('a descriptor of SOL001, release 5', () => {
  it.each([
    'etsi_nfv_sol001_vnfd_types.yaml',
    '../../types/etsi_nfv_sol001_vnfd_types.yaml',
    'https://forge.etsi.org/rep/nfv/SOL001/raw/v4.2.1/etsi_nfv_sol001_vnfd_types.yaml',
    'https://forge.etsi.org/rep/nfv/SOL001/raw/v5.1.1/etsi_nfv_sol001_vnfd_types.yaml',
    'https://forge.etsi.org/rep/nfv/SOL001/raw/v5.4.1/etsi_nfv_sol001_vnfd_types.yaml',
  ])('is right with its types from %s', (types) => {
    expect(findings(CONTAINERS.replace('TYPES', types))).toEqual([]);
  });

  it.each([
    ['language: bash', 'language: perl', 'CONSTRAINT_VIOLATED'],
    ['associatedVdu: cache', 'associatedVdu: server', 'REFERENCE_TYPE'],
    ['certificate_type: VNFCI_CERT', 'certificate_typ: VNFCI_CERT', 'PROPERTY_UNKNOWN'],
    ['domain_name_assignment: static, ', '', 'PROPERTY_MISSING'],
  ])('is refused where %s is %s', (right, wrong, code) => {
    const types = 'etsi_nfv_sol001_vnfd_types.yaml';
    const found = findings(CONTAINERS.replace('TYPES', types).replace(right, wrong));
    expect(found.join('\n')).toMatch(code);
  });
});
