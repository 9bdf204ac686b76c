import type { ToscaVersion } from '../model/version.js';

interface Dialect {
  /** The version whose grammar the file is written in. */
  version: ToscaVersion;
  /** The built-in file whose types it knows without an import; of 2.0 none. */
  profile?: string;
}

/** What each value of `tosca_definitions_version` in use stands for. */
const DIALECTS = new Map<string, Dialect>([
  ['tosca_simple_yaml_1_0', { version: 'tosca_simple_yaml_1_0', profile: 'simple-1.0/nodes.yaml' }],
  ['tosca_simple_yaml_1_0_0', { version: 'tosca_simple_yaml_1_0', profile: 'simple-1.0/nodes.yaml' }],
  ['tosca_simple_yaml_1_1', { version: 'tosca_simple_yaml_1_1', profile: 'simple-1.0/nodes.yaml' }],
  ['tosca_simple_yaml_1_1_0', { version: 'tosca_simple_yaml_1_1', profile: 'simple-1.0/nodes.yaml' }],
  ['tosca_simple_yaml_1_2', { version: 'tosca_simple_yaml_1_2', profile: 'simple-1.2/nodes.yaml' }],
  ['tosca_simple_yaml_1_2_0', { version: 'tosca_simple_yaml_1_2', profile: 'simple-1.2/nodes.yaml' }],
  ['tosca_simple_yaml_1_3', { version: 'tosca_simple_yaml_1_3', profile: 'simple-1.2/nodes.yaml' }],
  ['tosca_2_0', { version: 'tosca_2_0' }],
  [
    'tosca_simple_profile_for_nfv_1_0_0',
    { version: 'tosca_simple_yaml_1_0', profile: 'nfv/csd03/profile.yaml' },
  ],
  [
    'tosca_simple_profile_for_nfv_1_0',
    { version: 'tosca_simple_yaml_1_2', profile: 'nfv/csd04/profile.yaml' },
  ],
]);

/**
 * Grammar and implicit types of a `tosca_definitions_version`; undefined where it is unknown. One compilation has one
 * implicit profile, the entry's: types of the same name in two of them are not the same type.
 */
export function dialectOf(definitionsVersion: string): Dialect | undefined {
  return DIALECTS.get(definitionsVersion);
}

/** Every known value of `tosca_definitions_version`, the preferred spelling of each first. */
export const DEFINITIONS_VERSIONS: readonly string[] = [...DIALECTS.keys()];
