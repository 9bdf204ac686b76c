import { createHash } from 'node:crypto';
import type { webcrypto } from 'node:crypto';
import { OctetString, Utf8String, BitString, Integer } from 'asn1js';
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  Extension,
  IssuerAndSerialNumber,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { ZipFile } from 'yazl';

export const NOW = new Date('2026-06-01T00:00:00Z');

export type Contents = Record<string, string | Uint8Array>;

/** An archive of these files; `options` by path, for modes and times. */
export async function zipOf(contents: Contents, modes: Record<string, number> = {}): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(contents)) {
    if (path.endsWith('/')) zip.addEmptyDirectory(path);
    else zip.addBuffer(Buffer.from(content), path, { mode: modes[path] ?? 0o100644 });
  }
  zip.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** The archive with every occurrence of a name replaced by another of the same length, which no zip tool would write. */
export function rename(archive: Uint8Array, from: string, to: string): Uint8Array {
  if (from.length !== to.length) throw new Error('the names differ in length');
  const text = Buffer.from(archive).toString('latin1');
  return new Uint8Array(Buffer.from(text.replaceAll(from, to), 'latin1'));
}

export const hashOf = (content: string | Uint8Array, algorithm = 'sha256') =>
  createHash(algorithm).update(content).digest('hex');

/** A block of a manifest for each file. */
export function manifestOf(contents: Contents): string {
  const blocks = Object.entries(contents).map(
    ([path, content]) => `Source: ${path}\nAlgorithm: SHA-256\nHash: ${hashOf(content)}\n`,
  );
  return [
    'metadata:\n  vnf_product_name: probe\n  vnf_provider_id: example\n  vnf_package_version: 1.0\n  vnf_release_date_time: 2026-01-01T00:00:00Z\n',
    ...blocks,
  ].join('\n');
}

export interface Identity {
  certificate: Certificate;
  keys: webcrypto.CryptoKeyPair;
}

/** A key and a certificate for it, by `issuer` or by itself. */
export async function identity(
  name: string,
  {
    issuer,
    authority = false,
    until = '2030-01-01',
  }: { issuer?: Identity; authority?: boolean; until?: string } = {},
): Promise<Identity> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new Integer({ value: Math.floor(Math.random() * 2 ** 30) + 1 });
  const common = new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: name }) });
  certificate.subject.typesAndValues.push(common);
  certificate.issuer.typesAndValues.push(...(issuer?.certificate.subject.typesAndValues ?? [common]));
  certificate.notBefore.value = new Date('2025-01-01');
  certificate.notAfter.value = new Date(until);
  certificate.extensions = [
    new Extension({
      extnID: '2.5.29.19',
      critical: true,
      extnValue: new BasicConstraints({ cA: authority }).toSchema().toBER(false),
    }),
    ...(authority
      ? [
          new Extension({
            extnID: '2.5.29.15',
            critical: true,
            // keyCertSign and cRLSign
            extnValue: new BitString({ valueHex: new Uint8Array([0x06]).buffer, unusedBits: 1 }).toBER(false),
          }),
        ]
      : []),
  ];
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  await certificate.sign((issuer?.keys ?? keys).privateKey, 'SHA-256');
  return { certificate, keys };
}

const pem = (label: string, der: ArrayBuffer) =>
  `-----BEGIN ${label}-----\n${(
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END ${label}-----\n`;

export const pemOf = ({ certificate }: Identity) =>
  pem('CERTIFICATE', certificate.toSchema(true).toBER(false));

/** A detached CMS signature, PEM. */
export async function signatureOf(
  content: string | Uint8Array,
  signer: Identity,
  { include = true, attached = false, hash = 'SHA-256' } = {},
): Promise<string> {
  const data = new Uint8Array(Buffer.from(content));
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: ContentInfo.DATA,
      ...(attached ? { eContent: new OctetString({ valueHex: data.buffer }) } : {}),
    }),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({
          issuer: signer.certificate.issuer,
          serialNumber: signer.certificate.serialNumber,
        }),
      }),
    ],
    certificates: include ? [signer.certificate] : [],
  });
  await signed.sign(signer.keys.privateKey, 0, hash, data.buffer);
  const info = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
  return pem('CMS', info.toSchema().toBER(false));
}
