import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair as generate,
  type KeyObject,
} from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UnderwareError } from '@underware/core';

export const SIGNATURE_ALGORITHMS = ['ed25519', 'ecdsa-p256-sha256'] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** Public keys by key id, as `loadTrustedKeys` reads them. */
export type TrustedKeys = ReadonlyMap<
  string,
  { key: KeyObject; algorithm: SignatureAlgorithm; file: string }
>;

export interface Signer {
  key: KeyObject;
  keyId: string;
  algorithm: SignatureAlgorithm;
}

const LARGEST_KEY_FILE = 64 * 1024;

/** `sha256:` and the hash of the public key's DER SubjectPublicKeyInfo. */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(der).digest('hex')}`;
}

/** Every `*.pub` and `*.pem` file of a directory must hold one PEM public key; other names are not looked at. */
export async function loadTrustedKeys(directory: string): Promise<TrustedKeys> {
  const attempted = 'read trusted keys';
  const names = await readdir(directory).catch((error: unknown) => {
    throw keyError(
      attempted,
      directory,
      reason(error),
      'Make the directory, or point UNDERWARE_TRUSTED_KEYS at it',
      error,
    );
  });
  const keys = new Map<string, { key: KeyObject; algorithm: SignatureAlgorithm; file: string }>();
  for (const name of names.filter((candidate) => /\.(pub|pem)$/.test(candidate)).sort()) {
    const file = join(directory, name);
    const text = await readKeyFile(attempted, file);
    // createPublicKey would take a private key too; one that lies here is a mistake to be told.
    if (/PRIVATE KEY/.test(text))
      throw keyError(
        attempted,
        file,
        'it holds a private key',
        'Keep the private key elsewhere, and its public key here',
      );
    const key = parseKey(attempted, file, () => createPublicKey(text));
    keys.set(keyIdOf(key), { key, algorithm: algorithmOf(attempted, file, key), file });
  }
  return keys;
}

/** Reads a PEM private key to sign with. */
export async function loadSigner(file: string): Promise<Signer> {
  const attempted = 'read signing key';
  const text = await readKeyFile(attempted, file);
  const key = parseKey(attempted, file, () => createPrivateKey(text));
  return { key, keyId: keyIdOf(key), algorithm: algorithmOf(attempted, file, key) };
}

/** Writes a new key pair: `<file>` (mode 0600) and `<file>.pub`. An existing file is never overwritten. */
export async function generateKeyPair(
  file: string,
  algorithm: SignatureAlgorithm = 'ed25519',
): Promise<{ keyId: string; privateFile: string; publicFile: string }> {
  const { privateKey, publicKey } =
    algorithm === 'ed25519'
      ? await promisify(generate)('ed25519')
      : await promisify(generate)('ec', { namedCurve: 'P-256' });
  const publicFile = `${file}.pub`;
  try {
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    await writeFile(publicFile, publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o644 });
  } catch (error) {
    throw keyError(
      'write key pair',
      file,
      reason(error),
      'Choose another file name, or remove the old key',
      error,
    );
  }
  return { keyId: keyIdOf(publicKey), privateFile: file, publicFile };
}

function algorithmOf(attempted: string, file: string, key: KeyObject): SignatureAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1')
    return 'ecdsa-p256-sha256';
  const kind = [key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve].filter(Boolean).join(' ');
  throw keyError(attempted, file, `it is a key of kind ${kind}`, 'Use an Ed25519 or an ECDSA P-256 key');
}

async function readKeyFile(attempted: string, file: string): Promise<string> {
  const text = await readFile(file, 'latin1').catch((error: unknown) => {
    throw keyError(attempted, file, reason(error), 'Check the path and the rights of the file', error);
  });
  if (text.length > LARGEST_KEY_FILE)
    throw keyError(attempted, file, 'it is too long for a key', 'Use a PEM file');
  return text;
}

function parseKey(attempted: string, file: string, parse: () => KeyObject): KeyObject {
  try {
    return parse();
  } catch (error) {
    throw keyError(
      attempted,
      file,
      `it is not a PEM key: ${reason(error)}`,
      'Use an unencrypted PEM file',
      error,
    );
  }
}

function keyError(
  attempted: string,
  on: string,
  why: string,
  remedy: string,
  cause?: unknown,
): UnderwareError {
  return new UnderwareError({ code: 'INPUT_INVALID', attempted, on, why, remedy }, { cause });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
