/** Versions of the language, oldest first; more values of `tosca_definitions_version` stand for one of these. */
export const TOSCA_VERSIONS = [
  'tosca_simple_yaml_1_0',
  'tosca_simple_yaml_1_1',
  'tosca_simple_yaml_1_2',
  'tosca_simple_yaml_1_3',
  'tosca_2_0',
] as const;
export type ToscaVersion = (typeof TOSCA_VERSIONS)[number];

/** Whether `version` is at least `least`. */
export function isAtLeast(version: ToscaVersion, least: ToscaVersion): boolean {
  return TOSCA_VERSIONS.indexOf(version) >= TOSCA_VERSIONS.indexOf(least);
}
