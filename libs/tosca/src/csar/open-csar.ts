import type { Finding, Note, Report } from '../finding.js';
import { Findings } from '../finding.js';
import type { Place } from '../source/sources.js';
import { Sources } from '../source/sources.js';
import { checkHashes } from './check-hashes.js';
import { checkEntryMetadata, entryAtTop, entryOfMeta } from './find-entry.js';
import type { CsarLimits } from './limits.js';
import { CSAR_LIMITS } from './limits.js';
import type { Manifest } from './manifest.js';
import { isAddress, parseManifest } from './manifest.js';
import { readZip } from './read-zip.js';
import { checkManifestSignature, checkPackageSignature } from './signatures.js';
import type { SignatureVerdict } from './cms.js';
import type { ToscaMeta } from './tosca-meta.js';
import { metaPath, parseToscaMeta } from './tosca-meta.js';

export interface CsarOptions {
  /** Of the package, for findings. */
  name: string;
  /** For the validity of certificates. */
  now: Date;
  /** Certificates, PEM or DER, to which a signature must lead; without them it is checked, but vouches for nobody. */
  trusted?: readonly (Uint8Array | string)[];
  limits?: Partial<CsarLimits>;
}

/** A package, unpacked and checked as a package; what its TOSCA files say is not looked at. */
export interface Csar {
  /** The file to compile; undefined where there is none, which is reported. */
  entry: string | undefined;
  /** By path from the top of the package, with `/` between folders. */
  files: ReadonlyMap<string, Uint8Array>;
  manifest?: Manifest;
  /** Of the manifest or of the whole package, where it is signed. */
  signature?: SignatureVerdict;
  /** Of the package, TOSCA.meta and the manifest, in that order. */
  findings: Finding[];
}

/**
 * Opens a Cloud Service Archive: TOSCA 1.x and 2.0, with TOSCA.meta or with one YAML file at its top, as ETSI NFV-SOL
 * 004 and 007 have it too, with a manifest and a signature. Bounded in time and memory; nothing is written anywhere.
 */
export async function openCsar(bytes: Uint8Array, options: CsarOptions): Promise<Csar> {
  const sources = new Sources();
  const report: Findings = new Findings(sources);
  const top = sources.add(options.name, '');
  const refuse = (note: Note) => report.add(top, note);
  const limits = { ...CSAR_LIMITS, ...options.limits };
  let files = await readZip(bytes, limits, refuse);
  let signature: SignatureVerdict | undefined;
  const inner = innerPackage(files);
  if (inner !== undefined) {
    signature = await checkPackageSignature(inner, files, options, refuse);
    files = await readZip(inner.content, limits, refuse);
  }
  const read = (path: string) => {
    const content = files.get(path);
    if (content === undefined) return undefined;
    const text = Buffer.from(content).toString('utf8');
    return { path, text, base: sources.add(path, text) };
  };

  const metaFile = read(metaPath(files.keys()) ?? '');
  const meta = metaFile && parseToscaMeta(metaFile.path, metaFile.text, metaFile.base, report);
  const entry =
    meta !== undefined || (files.size === 0 && report.hasErrors)
      ? meta && entryOfMeta(meta, files, report)
      : checkedEntryAtTop(files, read, report, refuse);
  if (meta !== undefined) checkHashes(meta.files, files, report);

  const manifestFile = read(manifestPath(meta, entry, files) ?? '');
  if (manifestFile === undefined) {
    if (signature === undefined && options.trusted !== undefined) reportUnsigned(refuse);
    return { entry, files, ...(signature === undefined ? {} : { signature }), findings: report.all() };
  }
  const { base } = manifestFile;
  const manifest = parseManifest(manifestFile.path, manifestFile.text, base, report);
  checkHashes(manifest.sources, files, report);
  checkListed(manifest, meta, files, base, report);
  signature =
    (await checkManifestSignature(manifest, meta?.certificate?.path, files, options, base, report)) ??
    signature;
  if (signature === undefined && options.trusted !== undefined) reportUnsigned(refuse);
  return {
    entry,
    files,
    manifest,
    ...(signature === undefined ? {} : { signature }),
    findings: report.all(),
  };
}

/** SOL 004, option 2: an archive of the package, its signature and perhaps a certificate. */
function innerPackage(
  files: ReadonlyMap<string, Uint8Array>,
): { path: string; content: Uint8Array } | undefined {
  const packages = [...files].filter(([path]) => /^[^/]+\.(?:csar|zip)$/i.test(path));
  const [found] = packages;
  if (found === undefined || packages.length > 1) return undefined;
  const others = [...files.keys()].filter((path) => path !== found[0]);
  // A package that merely holds an archive has a descriptor beside it.
  if (others.some((path) => path.includes('/') || !/\.(?:cms|sm|p7[bsm]|cert|crt|cer|pem)$/i.test(path)))
    return undefined;
  return { path: found[0], content: found[1] };
}

function checkedEntryAtTop(
  files: ReadonlyMap<string, Uint8Array>,
  read: (path: string) => { text: string; base: Place } | undefined,
  report: Report,
  refuse: (note: Note) => void,
): string | undefined {
  const entry = entryAtTop(files, refuse);
  const file = entry === undefined ? undefined : read(entry);
  if (file !== undefined) checkEntryMetadata(file.text, file.base, report);
  return entry;
}

/** The manifest that TOSCA.meta names, else the one named like the entry, else the only one at the top. */
function manifestPath(
  meta: ToscaMeta | undefined,
  entry: string | undefined,
  files: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  if (meta?.manifest !== undefined) return meta.manifest.path;
  const atTop = [...files.keys()].filter((path) => /^[^/]+\.mf$/i.test(path));
  const like = entry?.replace(/^.*\//, '').replace(/\.ya?ml$/i, '.mf');
  return atTop.find((path) => path === like) ?? (atTop.length === 1 ? atTop[0] : undefined);
}

/** Where a manifest vouches by hash, a file that it does not list is one that anybody could have added. */
function checkListed(
  manifest: Manifest,
  meta: ToscaMeta | undefined,
  files: ReadonlyMap<string, Uint8Array>,
  base: Place,
  report: Report,
): void {
  if (!manifest.sources.some(({ hash }) => hash !== undefined)) return;
  const listed = new Set(
    [...manifest.sources, ...(meta?.files ?? [])].flatMap((file) => [
      file.source,
      file.signature?.path,
      file.certificate?.path,
    ]),
  );
  // These come after the manifest is written, or say where it is.
  for (const path of [manifest.path, meta?.path, meta?.certificate?.path]) listed.add(path);
  for (const path of files.keys()) {
    if (listed.has(path) || /^[^/]+\.(?:cert|crt|cer|cms)$/i.test(path) || isAddress(path)) continue;
    report.add(base, {
      code: 'MANIFEST_SOURCE_UNLISTED',
      message: `${path} is in the package but not in its manifest, which vouches for the others`,
      expected: `Source: ${path}, with Algorithm and Hash`,
    });
  }
}

function reportUnsigned(refuse: (note: Note) => void): void {
  refuse({
    code: 'SIGNATURE_NOT_VERIFIED',
    severity: 'warning',
    message: 'The package is not signed: nothing says who made it',
    expected: 'a CMS signature at the end of its manifest, or beside the package',
  });
}
