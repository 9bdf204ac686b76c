import type { Note, Report } from '../finding.js';
import type { Place } from '../source/sources.js';
import type { SignatureVerdict } from './cms.js';
import { checkSignature } from './cms.js';
import type { Manifest } from './manifest.js';

interface Trust {
  trusted?: readonly (Uint8Array | string)[];
  now: Date;
}

const CERTIFICATE = /^[^/]+\.(?:cert|crt|cer|pem)$/i;
const SIGNATURE = /^[^/]+\.(?:cms|sm|p7[sbm])$/i;

/** The signature in the manifest, or in a file beside it; undefined where there is none. */
export async function checkManifestSignature(
  manifest: Manifest,
  certificatePath: string | undefined,
  files: ReadonlyMap<string, Uint8Array>,
  trust: Trust,
  base: Place,
  report: Report,
): Promise<SignatureVerdict | undefined> {
  const text = manifest.signature?.signed;
  const beside = [manifest.path.replace(/\.mf$/i, '.cms'), `${manifest.path}.cms`].find((path) =>
    files.has(path),
  );
  const signature = manifest.signature?.pem ?? files.get(beside ?? '');
  if (signature === undefined) return undefined;
  const certificates = [...files]
    .filter(([path]) => path === certificatePath || CERTIFICATE.test(path))
    .map(([, content]) => content);
  const contents = text === undefined ? [files.get(manifest.path) ?? new Uint8Array()] : signedForms(text);
  const verdict = await checkSignature({ signature, contents, certificates, ...trustOf(trust) });
  reportVerdict(verdict, 'manifest', (note) => report.add(manifest.signature?.place ?? base, note));
  return verdict;
}

/** The signature beside a package within a package (SOL 004, option 2). */
export async function checkPackageSignature(
  inner: { path: string; content: Uint8Array },
  files: ReadonlyMap<string, Uint8Array>,
  trust: Trust,
  refuse: (note: Note) => void,
): Promise<SignatureVerdict | undefined> {
  const signature = [...files].find(([path]) => SIGNATURE.test(path))?.[1];
  if (signature === undefined) return undefined;
  const certificates = [...files].filter(([path]) => CERTIFICATE.test(path)).map(([, content]) => content);
  const verdict = await checkSignature({
    signature,
    contents: [inner.content],
    certificates,
    ...trustOf(trust),
  });
  reportVerdict(verdict, `package ${inner.path}`, refuse);
  return verdict;
}

function trustOf({ trusted, now }: Trust) {
  return { trusted, now };
}

/** As it stands, without the line end before the signature, and with the line ends of mail, which signing tools make. */
function signedForms(text: string): Uint8Array[] {
  const withoutEnd = text.replace(/\r?\n$/, '');
  const forms = [text, withoutEnd, text.trimEnd()].flatMap((form) => [form, form.replace(/\r?\n/g, '\r\n')]);
  return [...new Set(forms)].map((form) => new Uint8Array(Buffer.from(form, 'utf8')));
}

function reportVerdict(verdict: SignatureVerdict, what: string, add: (note: Note) => void): void {
  if (verdict.kind === 'invalid') {
    add({
      code: 'SIGNATURE_INVALID',
      message: `The signature of the ${what} does not hold: ${verdict.why}`,
      expected: 'a CMS signature over it that leads to a trusted certificate',
    });
  } else if (verdict.kind === 'untraced') {
    add({
      code: 'SIGNATURE_NOT_VERIFIED',
      severity: 'warning',
      message: `The ${what} is signed as ${verdict.signer}, but no certificate is trusted: anybody could have signed it so`,
      expected: 'trusted certificates to check it against',
    });
  }
}
