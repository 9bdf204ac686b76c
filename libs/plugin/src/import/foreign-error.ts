import { UnderwareError } from '@underware/core';

/** What others packed cannot be made a plugin. */
export function foreignError(on: string, why: string, cause?: unknown, remedy?: string): UnderwareError {
  return new UnderwareError(
    {
      code: 'PACKAGE_MALFORMED',
      attempted: 'import a program',
      on,
      why,
      remedy:
        remedy ??
        'Give an object file, an image with one (an OCI layout, or what `podman save` writes), or an archive with one',
    },
    cause === undefined ? undefined : { cause },
  );
}
