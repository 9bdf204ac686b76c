import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair, loadSigner, loadTrustedKeys } from './keys.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-keys-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('keys', () => {
  it('writes a private key that only its owner reads, and never overwrites one', async () => {
    const file = join(directory, 'signer');
    const { keyId } = await generateKeyPair(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await loadSigner(file)).keyId).toBe(keyId);
    expect([...(await loadTrustedKeys(directory)).keys()]).toEqual([keyId]);
    await expect(generateKeyPair(file)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await loadSigner(file)).keyId).toBe(keyId);
  });

  it('takes keys that openssl made, under the id that openssl computes', async () => {
    const file = join(directory, 'key');
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file);
    openssl('pkey', '-in', file, '-pubout', '-out', `${file}.pem`);
    openssl('pkey', '-in', file, '-pubout', '-outform', 'DER', '-out', `${file}.der`);
    const digest = openssl('dgst', '-sha256', '-r', `${file}.der`).toString().slice(0, 64);
    const signer = await loadSigner(file);
    expect(signer).toMatchObject({ keyId: `sha256:${digest}`, algorithm: 'ecdsa-p256-sha256' });
    expect([...(await loadTrustedKeys(directory)).keys()]).toEqual([`sha256:${digest}`]);
  });

  it('refuses other kinds of keys, private keys among the trusted ones, and what is no key', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      type: 'spki',
      format: 'pem',
    });
    const ed = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const text of [rsa, ed, 'not a key']) {
      await writeFile(join(directory, 'a.pem'), text);
      await expect(loadTrustedKeys(directory)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    await expect(loadTrustedKeys(join(directory, 'absent'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

function openssl(...args: string[]): Buffer {
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
}
