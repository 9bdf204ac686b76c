import { openCsar } from '@underware/tosca';
import type { CsarOptions } from '@underware/tosca';
import type { DescriptorSource } from '../compile.js';
import type { Finding } from '../finding.js';

/** A descriptor of several files, unpacked and checked as a package; what its files say is not looked at. */
export interface OpenedPackage {
  /** Undefined for a package without a file to begin with, which is a finding. */
  source: DescriptorSource | undefined;
  /** Of the package itself. Findings of its files have their paths in it. */
  findings: Finding[];
}

/** Opens a CSAR for `compile` and `validate`. Bounded in time and memory; never throws for what is in it. */
export async function openPackage(bytes: Uint8Array, options: CsarOptions): Promise<OpenedPackage> {
  const { entry, files, findings } = await openCsar(bytes, options);
  const read = (path: string): string | undefined => {
    const content = files.get(path);
    return content && Buffer.from(content.buffer, content.byteOffset, content.length).toString('utf8');
  };
  const text = entry === undefined ? undefined : read(entry);
  if (entry === undefined || text === undefined) return { source: undefined, findings };
  return { source: { file: entry, text, read, hasFile: (path) => files.has(path) }, findings };
}
