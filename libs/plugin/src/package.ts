import { createHash } from 'node:crypto';
import type { PluginManifest, PluginRequirements } from '@underware/core';
import { z } from 'zod';
import { analyzeObject } from './analyze-elf.js';
import { canonicalJson } from './canonical-json.js';
import type { Signer, TrustedKeys } from './keys.js';
import { manifestSchema, toManifest } from './manifest-schema.js';
import { matchManifest } from './match-manifest.js';
import { packageError } from './package-error.js';
import { signManifest, verifyManifest } from './signature.js';
import { readTar, writeTar } from './tar.js';

/** Bytes of a package; more is refused before it is looked at. */
export const LARGEST_PACKAGE = 16 * 1024 * 1024;

const objectSchema = z.strictObject({
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().min(1).max(LARGEST_PACKAGE),
});

export interface BuiltPackage {
  /** `sha256:` and the hash of manifest.json: the plugin's name for machines. */
  digest: string;
  bytes: Uint8Array;
}

export interface OpenedPackage {
  digest: string;
  manifest: PluginManifest;
  elf: Uint8Array;
  requirements: PluginRequirements;
  /** The trusted key that signed it. */
  keyId: string;
}

/**
 * Packs and signs. The same manifest, object and Ed25519 key give the same bytes; ECDSA signatures differ each time,
 * the digest does not. Throws PACKAGE_MALFORMED where the package could not be opened again.
 */
export function buildPackage(manifest: PluginManifest, elf: Uint8Array, signer: Signer): BuiltPackage {
  matchManifest(manifest, analyzeObject(elf));
  const file = objectFile(manifest);
  const object = { file, sha256: sha256(elf), size: elf.byteLength };
  const manifestJson = Buffer.from(canonicalJson({ ...manifest, object }));
  const bytes = writeTar([
    { name: 'manifest.json', data: manifestJson },
    { name: file, data: elf },
    { name: 'signature.json', data: signManifest(manifestJson, signer) },
  ]);
  checkSize(bytes);
  return { digest: `sha256:${sha256(manifestJson)}`, bytes };
}

/**
 * The only way into a package that is to be loaded. Order matters: nothing is interpreted before the signature over it holds.
 * Throws PACKAGE_MALFORMED, PACKAGE_UNSIGNED, PACKAGE_KEY_UNKNOWN or PACKAGE_ALTERED.
 */
export function openPackage(bytes: Uint8Array, trusted: TrustedKeys): OpenedPackage {
  const { members, manifestJson } = readMembers(bytes);
  const signatureJson = members.get('signature.json');
  if (!signatureJson) throw packageError('PACKAGE_UNSIGNED', 'archive', 'it has no signature.json');
  const keyId = verifyManifest(manifestJson, signatureJson, trusted);
  return { digest: `sha256:${sha256(manifestJson)}`, ...readContent(members, manifestJson), keyId };
}

/** What a plugin says of itself, whoever signed it. */
export interface InspectedPlugin {
  /** An object alone has none. */
  manifest?: PluginManifest;
  requirements: PluginRequirements;
}

const ELF_MAGIC = '\u007FELF';

/** Reads a package or an object to look at it, never to load it: no signature is asked for. Throws as `openPackage` does. */
export function inspectPlugin(bytes: Uint8Array): InspectedPlugin {
  checkSize(bytes);
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') === ELF_MAGIC)
    return { requirements: analyzeObject(bytes).requirements };
  const { members, manifestJson } = readMembers(bytes);
  const { manifest, requirements } = readContent(members, manifestJson);
  return { manifest, requirements };
}

function readMembers(bytes: Uint8Array): { members: Map<string, Uint8Array>; manifestJson: Uint8Array } {
  checkSize(bytes);
  const members = new Map(readTar(bytes).map(({ name, data }) => [name, data]));
  const manifestJson = members.get('manifest.json');
  if (!manifestJson) throw packageError('PACKAGE_MALFORMED', 'archive', 'it has no manifest.json');
  return { members, manifestJson };
}

function readContent(
  members: ReadonlyMap<string, Uint8Array>,
  manifestJson: Uint8Array,
): Pick<OpenedPackage, 'manifest' | 'elf' | 'requirements'> {
  const { manifest, object } = parsePackagedManifest(manifestJson);
  const elf = members.get(object.file);
  if (!elf) throw packageError('PACKAGE_MALFORMED', 'archive', `it has no ${object.file}`);
  if (members.size !== 3)
    throw packageError('PACKAGE_MALFORMED', 'archive', 'it has more members than a package has');
  if (elf.byteLength !== object.size || sha256(elf) !== object.sha256)
    throw packageError('PACKAGE_ALTERED', object.file, 'its SHA-256 is not the one that was signed');
  const analysis = analyzeObject(elf);
  matchManifest(manifest, analysis);
  return { manifest, elf, requirements: analysis.requirements };
}

function parsePackagedManifest(bytes: Uint8Array): {
  manifest: PluginManifest;
  object: z.infer<typeof objectSchema>;
} {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const json: unknown = JSON.parse(text);
    const { object: objectJson, ...rest } = z.looseObject({ object: z.unknown() }).parse(json);
    const manifest = toManifest(manifestSchema.parse(rest));
    const object = objectSchema.parse(objectJson);
    // One text for one manifest: no duplicate keys, no second reading by another parser.
    if (canonicalJson(json) !== text) throw new Error('it is not in canonical form');
    if (object.file !== objectFile(manifest)) throw new Error(`object.file is not ${objectFile(manifest)}`);
    return { manifest, object };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : describe(cause);
    throw packageError('PACKAGE_MALFORMED', 'manifest.json', why.split('\n').join(' '), { cause });
  }
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function objectFile(manifest: PluginManifest): string {
  return `${manifest.name}.bpf.o`;
}

function checkSize(bytes: Uint8Array): void {
  if (bytes.byteLength > LARGEST_PACKAGE)
    throw packageError(
      'PACKAGE_MALFORMED',
      'archive',
      `it has ${bytes.byteLength} bytes, more than ${LARGEST_PACKAGE}`,
    );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
