import { describe, expect, it } from '@jest/globals';
import { compileTosca } from '../compile.js';
import { NOW, manifestOf, zipOf } from './csar.spec-support.js';
import { openCsar } from './open-csar.js';

const META =
  'TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: example\nEntry-Definitions: Definitions/probe_top.vnfd.yaml\nETSI-Entry-Manifest: probe.mf\n';
const IMPORTS = `imports:
  - https://forge.etsi.org/rep/nfv/SOL001/raw/v2.6.1/etsi_nfv_sol001_common_types.yaml
  - etsi_nfv_sol001_vnfd_types.yaml
`;
const VNFD = (virtualCpus: string) => ({
  'Definitions/probe_types.yaml': `tosca_definitions_version: tosca_simple_yaml_1_2
${IMPORTS}node_types:
  example.Probe:
    derived_from: tosca.nodes.nfv.VNF
    properties:
      descriptor_id: { type: string, default: 9fbc4a2e-8f5c-4b54-9f0b-0d6b0d1c1c11 }
      descriptor_version: { type: string, default: '1.0' }
      provider: { type: string, default: example }
      product_name: { type: string, default: probe }
      software_version: { type: string, default: '1.0' }
      vnfm_info: { type: list, entry_schema: { type: string }, default: [etsivnfm:v2.6.1] }
      flavour_id: { type: string, default: simple }
      flavour_description: { type: string, default: one instance }
    interfaces:
      Vnflcm: { type: tosca.interfaces.nfv.Vnflcm }
`,
  'Definitions/probe_top.vnfd.yaml': `tosca_definitions_version: tosca_simple_yaml_1_2
${IMPORTS}  - probe_types.yaml
topology_template:
  substitution_mappings:
    node_type: example.Probe
    requirements:
      virtual_link: [cp, virtual_link]
  node_templates:
    vdu:
      type: tosca.nodes.nfv.Vdu.Compute
      properties:
        name: vdu
        description: the only one
        vdu_profile: { min_number_of_instances: 1, max_number_of_instances: 2 }
      capabilities:
        virtual_compute:
          properties:
            virtual_memory: { virtual_mem_size: 512 MiB }
            virtual_cpu: { num_virtual_cpu: ${virtualCpus} }
    cp:
      type: tosca.nodes.nfv.VduCp
      properties: { layer_protocols: [ipv4] }
      requirements:
        - virtual_binding: vdu
  policies:
    - scaling:
        type: tosca.policies.nfv.ScalingAspects
        properties:
          aspects:
            size: { name: size, description: more of it, max_scale_level: 1, step_deltas: [one] }
    - deltas:
        type: tosca.policies.nfv.VduScalingAspectDeltas
        targets: [vdu]
        properties:
          aspect: size
          deltas: { one: { number_of_instances: 1 } }
`,
});

const compilePackage = async (definitions: Record<string, string>) => {
  const files = { 'TOSCA-Metadata/TOSCA.meta': META, ...definitions };
  const csar = await openCsar(await zipOf({ ...files, 'probe.mf': manifestOf(files) }), {
    name: 'probe.csar',
    now: NOW,
  });
  expect(csar.findings).toEqual([]);
  return compileTosca({
    entry: csar.entry ?? '',
    read: (path) => {
      const content = csar.files.get(path);
      return content && Buffer.from(content).toString('utf8');
    },
    hasFile: (path) => csar.files.has(path),
  });
};

describe('a VNF package as vendors ship it', () => {
  it('compiles without the type files that it leaves to the network', async () => {
    const { findings, topology } = await compilePackage(VNFD('2'));
    expect(findings).toEqual([]);
    expect(topology).toBeDefined();
  });

  it('is held to those types', async () => {
    const { findings } = await compilePackage(VNFD('0'));
    expect(findings).toMatchObject([
      { code: 'CONSTRAINT_VIOLATED', file: 'Definitions/probe_top.vnfd.yaml', line: 22, column: 45 },
    ]);
  });
});
