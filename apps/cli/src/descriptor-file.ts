import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { DescriptorSource, Finding } from '@underware/descriptor';
import { openCsar } from '@underware/tosca';
import { readInputFile } from './read-file.js';

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
/** Whatever an import says, nothing else is opened: a finding shows a line of the file. */
const IMPORTABLE = /\.(ya?ml|tosca)$/i;

export async function readDescriptor(file: string): Promise<DescriptorFile> {
  const bytes = await readInputFile(file);
  return bytes.subarray(0, 2).toString('latin1') === ZIP ? readPackage(file, bytes) : readYaml(file, bytes);
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

function readImport(path: string): string | undefined {
  if (!IMPORTABLE.test(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The compiler says at its place that it is not there.
    return undefined;
  }
}

async function readPackage(file: string, bytes: Buffer): Promise<DescriptorFile> {
  const { entry, files, findings } = await openCsar(bytes, { name: file, now: new Date() });
  const read = (path: string) => {
    const content = files.get(path);
    return content && Buffer.from(content).toString('utf8');
  };
  const shown = (path: string) => (path === file || path.startsWith('<') ? path : `${file}!${path}`);
  const text = entry === undefined ? undefined : read(entry);
  if (entry === undefined || text === undefined) return { source: undefined, findings, shown };
  return { source: { file: entry, text, read, hasFile: (path) => files.has(path) }, findings, shown };
}
