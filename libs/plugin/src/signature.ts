import { sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.js';
import { SIGNATURE_ALGORITHMS, type Signer, type TrustedKeys } from './keys.js';
import { packageError } from './package-error.js';

const signatureSchema = z.strictObject({
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  keyId: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  signature: z.base64().max(1024),
});

/** The bytes of signature.json over the bytes of manifest.json. */
export function signManifest(manifest: Uint8Array, signer: Signer): Uint8Array {
  const signature = sign(digestOf(signer.algorithm), manifest, signer.key).toString('base64');
  return Buffer.from(canonicalJson({ algorithm: signer.algorithm, keyId: signer.keyId, signature }));
}

/** The id of the trusted key that signed these very bytes; throws PACKAGE_* otherwise. */
export function verifyManifest(
  manifest: Uint8Array,
  signatureJson: Uint8Array,
  trusted: TrustedKeys,
): string {
  const { algorithm, keyId, signature } = parseSignature(signatureJson);
  const known = trusted.get(keyId);
  if (!known)
    throw packageError(
      'PACKAGE_KEY_UNKNOWN',
      'signature.json',
      `it is signed with key ${keyId}, which is not trusted here`,
    );
  // The key decides the algorithm; a package that claims another one was not made by our signer.
  if (known.algorithm !== algorithm)
    throw packageError(
      'PACKAGE_ALTERED',
      'signature.json',
      `key ${keyId} signs with ${known.algorithm}, not ${algorithm}`,
    );
  if (!verify(digestOf(algorithm), manifest, known.key, Buffer.from(signature, 'base64')))
    throw packageError(
      'PACKAGE_ALTERED',
      'manifest.json',
      `the signature by key ${keyId} does not fit its content`,
    );
  return keyId;
}

function parseSignature(bytes: Uint8Array): z.infer<typeof signatureSchema> {
  try {
    return signatureSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw packageError('PACKAGE_MALFORMED', 'signature.json', 'it is not a signature as a package has it', {
      cause,
    });
  }
}

/** Ed25519 hashes by itself. */
function digestOf(algorithm: Signer['algorithm']): 'sha256' | null {
  return algorithm === 'ed25519' ? null : 'sha256';
}
