import { openPackage } from '@underware/descriptor';
import type { DescriptorSource, Finding } from '@underware/descriptor';
import { realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { readInputFile, readRegular } from './read-file.js';

/** A descriptor of this machine: one YAML file with those it imports, or a package (CSAR). */
export interface DescriptorFile {
  /** Undefined for a package without a file to begin with. */
  source: DescriptorSource | undefined;
  /** Of the package itself. */
  findings: Finding[];
  /** A path as findings have it, as the user would write it. */
  shown(path: string): string;
}

const ZIP = 'PK';
/** More than the compiler takes of a file. */
const MOST_BYTES = 16 * 1024 * 1024;

export async function readDescriptor(file: string): Promise<DescriptorFile> {
  const bytes = await readInputFile(file);
  return isPackage(bytes) ? readPackage(file, bytes) : readYaml(file, bytes);
}

/** Whatever its name ends in. */
export function isPackage(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, ZIP.length)).toString('latin1') === ZIP;
}

/** Whatever an import says, nothing else is opened: a finding shows a line of the file. */
export function isReadable(path: string): boolean {
  return /\.(ya?ml|tosca)$/i.test(path);
}

/** Paths are absolute, without their first slash: imports may go up from the descriptor's folder. */
function readYaml(file: string, bytes: Buffer): DescriptorFile {
  const entry = resolve(file).slice(1);
  return {
    source: { file: entry, text: bytes.toString('utf8'), read: (path) => readImport(`/${path}`) },
    findings: [],
    shown: (path) => (path === entry ? file : relative(process.cwd(), `/${path}`)),
  };
}

/** A link counts as what it leads to: its name alone says nothing of what a finding would show. */
function readImport(path: string): string | undefined {
  try {
    const file = realpathSync(path);
    return isReadable(path) && isReadable(file) ? readRegular(file, MOST_BYTES).toString('utf8') : undefined;
  } catch {
    // The compiler says at its place that it is not there.
    return undefined;
  }
}

export async function readPackage(file: string, bytes: Uint8Array): Promise<DescriptorFile> {
  const opened = await openPackage(bytes, { name: file, now: new Date() });
  return {
    ...opened,
    shown: (path) => (path === file || path.startsWith('<') ? path : `${file}!${path}`),
  };
}
