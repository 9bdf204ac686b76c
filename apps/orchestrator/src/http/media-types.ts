/** One file of a descriptor: the types that are taken for it. */
export const YAML_TYPES = [
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
  'text/x-yaml',
  'text/plain',
] as const;

/** A descriptor of several files: a CSAR. */
export const ZIP_TYPE = 'application/zip';

/** A Content-Type without its parameters. */
export function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
