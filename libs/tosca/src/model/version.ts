/** Values of `tosca_definitions_version`, oldest first. */
export const TOSCA_VERSIONS = [
  'tosca_simple_yaml_1_0',
  'tosca_simple_yaml_1_1',
  'tosca_simple_yaml_1_2',
  'tosca_simple_yaml_1_3',
  'tosca_2_0',
] as const;
export type ToscaVersion = (typeof TOSCA_VERSIONS)[number];
