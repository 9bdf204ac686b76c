import type { Report } from '../finding.js';
import type { Place } from '../source/sources.js';
import { namedPath } from './entry-path.js';
import { keyLinesOf } from './key-lines.js';

/** A file that a manifest or TOSCA.meta vouches for. */
export interface VouchedFile {
  /** A path in the package, or an address elsewhere. */
  source: string;
  place: Place;
  algorithm?: { name: string; place: Place };
  hash?: { value: string; place: Place };
  /** Files with the signature of this one and the certificate for it. */
  signature?: { path: string; place: Place };
  certificate?: { path: string; place: Place };
}

/** The manifest of an ETSI NFV-SOL 004 or SOL 007 package. */
export interface Manifest {
  path: string;
  /** E.g. vnf_product_name, vnf_provider_id, vnf_package_version, vnf_release_date_time. */
  metadata: ReadonlyMap<string, string>;
  sources: readonly VouchedFile[];
  /** The CMS signature at its end, and what precedes it, which is what is signed. */
  signature?: { pem: string; signed: string; place: Place };
}

const BEGIN = /^-----BEGIN (CMS|PKCS7)-----[ \t]*\r?$/m;

/** Reads the text of a manifest, whose place in the sources is `base`. */
export function parseManifest(path: string, text: string, base: Place, report: Report): Manifest {
  const { body, signature } = splitSignature(text, base, report);
  const metadata = new Map<string, string>();
  const sources: VouchedFile[] = [];
  let section = '';
  let current: VouchedFile | undefined;
  for (const line of keyLinesOf(body)) {
    if (line === undefined) continue;
    if ('odd' in line) {
      report.add(base + line.at, {
        code: 'MANIFEST_INVALID',
        message: `The manifest has a line that is no key with a value`,
        expected: 'e.g. Source: Definitions/vnfd.yaml',
      });
      continue;
    }
    const { key, value, indent } = line;
    const place = base + line.valueAt;
    if (key === 'Source') {
      current = { source: isAddress(value) ? value : namedPath(value), place };
      sources.push(current);
    } else if (key === 'Algorithm' || key === 'Hash' || key === 'Signature' || key === 'Certificate') {
      if (current === undefined) {
        report.add(base + line.keyAt, {
          code: 'MANIFEST_INVALID',
          message: `${key} stands before any Source`,
          expected: 'Source, then what is said of it',
        });
      } else setDetail(current, key, value, place);
    } else if (indent === 0) {
      section = key;
      current = undefined;
    } else if (section === 'metadata') metadata.set(key, value);
  }
  if (metadata.size === 0) {
    report.add(base, {
      code: 'MANIFEST_INVALID',
      severity: sources.length === 0 ? 'error' : 'warning',
      message: 'The manifest says nothing of the package itself',
      expected: 'metadata: with e.g. vnf_product_name and vnf_provider_id below it',
    });
  }
  return { path, metadata, sources, ...(signature === undefined ? {} : { signature }) };
}

/** Whether a source is not in the package. */
export function isAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
}

function setDetail(file: VouchedFile, key: string, value: string, place: Place): void {
  if (key === 'Algorithm') file.algorithm = { name: value, place };
  else if (key === 'Hash') file.hash = { value, place };
  else if (key === 'Signature') file.signature = { path: namedPath(value), place };
  else file.certificate = { path: namedPath(value), place };
}

function splitSignature(
  text: string,
  base: Place,
  report: Report,
): { body: string; signature?: NonNullable<Manifest['signature']> } {
  const begin = BEGIN.exec(text);
  if (begin === null) return { body: text };
  const body = text.slice(0, begin.index);
  const place = base + begin.index;
  const end = `-----END ${begin[1] ?? ''}-----`;
  const endAt = text.indexOf(end, begin.index);
  if (endAt === -1) {
    report.add(place, {
      code: 'SIGNATURE_INVALID',
      message: 'The signature of the manifest has no end',
      expected: end,
    });
    return { body };
  }
  const after = text.slice(endAt + end.length);
  if (after.trim() !== '') {
    report.add(base + endAt + end.length + (after.length - after.trimStart().length), {
      code: 'SIGNATURE_INVALID',
      message: 'The manifest goes on after its signature, where nothing is signed',
      expected: 'the signature at the end',
    });
  }
  return { body, signature: { pem: text.slice(begin.index, endAt + end.length), signed: body, place } };
}
