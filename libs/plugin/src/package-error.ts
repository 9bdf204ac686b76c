import { UnderwareError } from '@underware/core';

export type PackageErrorCode =
  'PACKAGE_MALFORMED' | 'PACKAGE_UNSIGNED' | 'PACKAGE_ALTERED' | 'PACKAGE_KEY_UNKNOWN';

const REMEDIES: Record<PackageErrorCode, string> = {
  PACKAGE_MALFORMED: 'Build the package again from its sources',
  PACKAGE_UNSIGNED: 'Sign the package with a key that this machine trusts',
  PACKAGE_ALTERED: 'Fetch the package again from whoever signed it',
  PACKAGE_KEY_UNKNOWN:
    "Put the signer's public key into the directory of trusted keys, or sign with a trusted key",
};

/** A refusal of a package; `on` names the part of it that is wrong. */
export function packageError(
  code: PackageErrorCode,
  on: string,
  why: string,
  more: { remedy?: string; detail?: string; cause?: unknown } = {},
): UnderwareError {
  return new UnderwareError(
    {
      code,
      attempted: 'accept plugin package',
      on,
      why,
      remedy: more.remedy ?? REMEDIES[code],
      ...(more.detail === undefined ? {} : { detail: more.detail }),
    },
    more.cause === undefined ? undefined : { cause: more.cause },
  );
}

/** The object itself is not what a compiler writes: every bound that analysis checks ends here. */
export function malformedObject(why: string): UnderwareError {
  return packageError('PACKAGE_MALFORMED', 'ELF object', why, {
    remedy: 'Compile the object again with clang -target bpf -g',
  });
}
