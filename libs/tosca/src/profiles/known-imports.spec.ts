import { describe, expect, it } from '@jest/globals';
import { builtInFile } from './built-in-file.js';
import { DEFINITIONS_VERSIONS, dialectOf } from './implicit-profile.js';
import { PROFILE_NAMES, knownImport, knownProfile } from './known-imports.js';

describe('known imports', () => {
  it.each([
    ['etsi_nfv_sol001_vnfd_types.yaml', 'tosca_simple_yaml_1_2', 'nfv/sol001-2/vnfd.yaml'],
    ['etsi_nfv_sol001_vnfd_types.yaml', 'tosca_simple_yaml_1_3', 'nfv/sol001-4/vnfd.yaml'],
    ['Definitions/etsi_nfv_sol001_nsd_types.yaml', 'tosca_simple_yaml_1_2', 'nfv/sol001-2/nsd.yaml'],
    ['etsi_nfv_sol001_common_types.yaml', 'tosca_simple_yaml_1_2', 'nfv/sol001/common.yaml'],
    ['./etsi_nfv_sol001_pnfd_2_5_1_types.yaml', 'tosca_simple_yaml_1_1', 'nfv/sol001/pnfd.yaml'],
    [
      'https://forge.etsi.org/rep/nfv/SOL001/raw/v2.5.1/etsi_nfv_sol001_vnfd_2_5_1_types.yaml',
      'tosca_simple_yaml_1_3',
      'nfv/sol001-2/vnfd.yaml',
    ],
    [
      'https://forge.etsi.org/rep/nfv/SOL001/raw/v3.3.1/etsi_nfv_sol001_vnfd_types.yaml',
      'tosca_simple_yaml_1_2',
      'nfv/sol001-4/vnfd.yaml',
    ],
    ['etsi_nfv_sol001_vnfd_3_3_1_types.yaml', 'tosca_simple_yaml_1_2', 'nfv/sol001-4/vnfd.yaml'],
    ['<normative-types.yml>', 'tosca_simple_yaml_1_0', 'simple-1.0/nodes.yaml'],
  ] as const)('%s in a file of %s is %s', (url, version, file) => {
    expect(knownImport(url, version)).toBe(file);
    expect(builtInFile(file)).toContain('tosca_definitions_version');
  });

  it.each([
    'helloworld3_types.yaml',
    'my_etsi_nfv_sol001_vnfd_types.yaml',
    'etsi_nfv_sol001_vnfd_types.yaml.bak',
    `${'/v1.1.1'.repeat(100_000)}/etsi_nfv_sol001_vnfd_types.yaml`,
  ])('does not take %.50s for one of ours', (url) => {
    expect(knownImport(url, 'tosca_simple_yaml_1_3')).toBeUndefined();
  });

  it('has the file of every profile that it knows by name', () => {
    for (const name of PROFILE_NAMES) expect(builtInFile(knownProfile(name) ?? '')).toBeDefined();
    expect(knownProfile('com.example:1.0')).toBeUndefined();
  });
});

describe('dialects', () => {
  it('have the implicit profile of every version but 2.0', () => {
    const without = DEFINITIONS_VERSIONS.filter((version) => {
      const profile = dialectOf(version)?.profile;
      return profile === undefined || builtInFile(profile) === undefined;
    });
    expect(without).toEqual(['tosca_2_0']);
    expect(dialectOf('tosca_simple_yaml_1_4')).toBeUndefined();
  });
});
