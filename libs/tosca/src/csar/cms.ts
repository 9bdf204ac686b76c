import { Certificate, ContentInfo, SignedData, SignedDataVerifyError } from 'pkijs';

/** What a signature is worth. */
export type SignatureVerdict =
  /** By `signer`, over these bytes, and traced to a trusted certificate. */
  | { kind: 'trusted'; signer: string }
  /** By whoever has the key of the certificate that came with it; nothing says that it is `signer`. */
  | { kind: 'untraced'; signer: string }
  | { kind: 'invalid'; why: string };

export interface SignatureCheck {
  /** The CMS structure, PEM or DER. */
  signature: Uint8Array | string;
  /** What it must be over: bytes of which any is as good, because tools disagree about line ends. */
  contents: readonly Uint8Array[];
  /** Certificates that came beside it, PEM or DER: the signer's, and those between it and a trusted one. */
  certificates: readonly (Uint8Array | string)[];
  /** Certificates that are trusted; undefined where nobody said which. */
  trusted: readonly (Uint8Array | string)[] | undefined;
  now: Date;
}

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
/** What the library says of content that was not what was signed, and of much else. */
const OTHER_CONTENT = 15;
const COMMON_NAME = '2.5.4.3';
/** SHA-256, SHA-384 and SHA-512: others do not bind a signature to its content any more. */
const DIGESTS: ReadonlySet<string> = new Set([
  '2.16.840.1.101.3.4.2.1',
  '2.16.840.1.101.3.4.2.2',
  '2.16.840.1.101.3.4.2.3',
]);

/** Checks a detached CMS (PKCS #7) signature. Whatever is in it, nothing is thrown. */
export async function checkSignature(check: SignatureCheck): Promise<SignatureVerdict> {
  try {
    const signed = readSignedData(check);
    const signer = signed.signerInfos.length;
    if (signer === 0) return { kind: 'invalid', why: 'nobody signed it' };
    let verdict: SignatureVerdict = { kind: 'invalid', why: 'nobody signed it' };
    // Each of several signers must be right; more trust than the last one's is not claimed.
    for (let index = 0; index < signer; index++) {
      verdict = await checkSigner(signed, index, check);
      if (verdict.kind === 'invalid') return verdict;
    }
    return verdict;
  } catch (error) {
    return { kind: 'invalid', why: `it cannot be read (${messageOf(error)})` };
  }
}

/** The certificates in a text (PEM, any number) or a file (DER, one). */
export function readCertificates(source: Uint8Array | string): Certificate[] {
  return derOf(source, 'CERTIFICATE').map((der) => Certificate.fromBER(der));
}

function readSignedData({ signature, certificates }: SignatureCheck): SignedData {
  const [der] = derOf(signature, 'CMS|PKCS7|PKCS #7 SIGNED DATA');
  if (der === undefined) throw new Error('no CMS structure');
  const info = ContentInfo.fromBER(der);
  if (info.contentType !== SIGNED_DATA) throw new Error('no signed data');
  const signed = new SignedData({ schema: info.content });
  // A time stamp and the like would be checked by rules of its own, against other content than ours.
  if (signed.encapContentInfo.eContentType !== DATA) throw new Error('not a signature of data');
  signed.certificates = [...(signed.certificates ?? []), ...certificates.flatMap(readCertificates)];
  return signed;
}

async function checkSigner(
  signed: SignedData,
  index: number,
  { contents, trusted, now }: SignatureCheck,
): Promise<SignatureVerdict> {
  const digest = signed.signerInfos[index]?.digestAlgorithm.algorithmId ?? '';
  if (!DIGESTS.has(digest)) return { kind: 'invalid', why: `it uses a weak or unknown digest (${digest})` };
  const inside = signed.encapContentInfo.eContent?.getValue();
  // Content inside the structure is what would be checked; it must then be ours.
  const candidates =
    inside === undefined ? contents : contents.filter((content) => equal(content, new Uint8Array(inside)));
  let why = 'it is over other content';
  for (const content of candidates) {
    const data = content.slice().buffer;
    try {
      const { signatureVerified, signerCertificate } = await signed.verify({
        signer: index,
        data,
        extendedMode: true,
      });
      if (signatureVerified !== true || !signerCertificate) continue;
      const signer = commonNameOf(signerCertificate);
      if (trusted === undefined) return { kind: 'untraced', signer };
      const problem = await traceProblem(signed, index, data, signerCertificate, trusted, now);
      if (problem === undefined) return { kind: 'trusted', signer };
      return { kind: 'invalid', why: `its certificate (${signer}) is not to be trusted: ${problem}` };
    } catch (error) {
      if (!(error instanceof SignedDataVerifyError)) throw error;
      if (!error.signerCertificate)
        return { kind: 'invalid', why: 'the certificate of its signer is not there' };
      if (error.code !== OTHER_CONTENT) why = error.message;
    }
  }
  return { kind: 'invalid', why };
}

/** Why the signer's certificate is neither trusted itself nor leads to one that is. */
async function traceProblem(
  signed: SignedData,
  index: number,
  data: ArrayBuffer,
  certificate: Certificate,
  trusted: readonly (Uint8Array | string)[],
  now: Date,
): Promise<string | undefined> {
  const trustedCerts = trusted.flatMap(readCertificates);
  const der = derOfCertificate(certificate);
  if (trustedCerts.some((candidate) => equal(derOfCertificate(candidate), der))) {
    const valid = certificate.notBefore.value <= now && now <= certificate.notAfter.value;
    return valid ? undefined : 'it has expired or is not valid yet';
  }
  try {
    await signed.verify({
      signer: index,
      data,
      trustedCerts,
      checkDate: now,
      checkChain: true,
      // Revocation lists are not fetched; those in the structure are obeyed.
      passedWhenNotRevValues: true,
      extendedMode: true,
    });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function derOfCertificate(certificate: Certificate): Uint8Array {
  return new Uint8Array(certificate.toSchema(true).toBER(false));
}

function commonNameOf(certificate: Certificate | undefined): string {
  const name = certificate?.subject.typesAndValues.find(({ type }) => type === COMMON_NAME);
  const value: unknown = name?.value.valueBlock.value;
  return typeof value === 'string' ? value : 'a certificate without a common name';
}

function derOf(source: Uint8Array | string, label: string): Uint8Array<ArrayBuffer>[] {
  const text = typeof source === 'string' ? source : Buffer.from(source).toString('latin1');
  const blocks = [
    ...text.matchAll(
      new RegExp(`-----BEGIN (?:${label})-----([A-Za-z0-9+/=\\s]*)-----END (?:${label})-----`, 'g'),
    ),
  ];
  if (blocks.length > 0) return blocks.map((block) => new Uint8Array(Buffer.from(block[1] ?? '', 'base64')));
  return typeof source === 'string' ? [] : [new Uint8Array(source)];
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
