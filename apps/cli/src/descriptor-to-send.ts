import type { DescriptorContent } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { packPackage, validate } from '@underware/descriptor';
import type { DescriptorSource, Finding } from '@underware/descriptor';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isPackage, isReadable, readPackage } from './descriptor-file.js';
import { notValid } from './not-valid.js';
import { readInputFile } from './read-file.js';

/** Of all files together, before they are packed; an orchestrator takes less. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Of a descriptor that goes as text; one that is larger goes packed. */
const LARGEST_TEXT = 1024 * 1024;

/**
 * A descriptor as an orchestrator takes it, when it is valid: its text; or a package of it and of what it names, all of which
 * must be in its folder or below. A package goes as it is.
 */
export async function descriptorToSend(
  file: string,
  inputs: Record<string, unknown>,
): Promise<DescriptorContent> {
  const bytes = await readInputFile(file);
  if (isPackage(bytes)) {
    const { source, findings, shown } = await readPackage(file, bytes);
    const found = source === undefined ? [] : validate(source, inputs).findings;
    refuseErrors(file, [...findings, ...found], shown);
    return bytes;
  }
  return sendable(file, bytes, inputs);
}

/** Its text where it is all there is, else a package. */
async function sendable(
  file: string,
  bytes: Uint8Array,
  inputs: Record<string, unknown>,
): Promise<DescriptorContent> {
  const folder = new Folder(dirname(resolve(file)));
  const text = Buffer.from(bytes).toString('utf8');
  const files = new Map<string, Uint8Array>([[basename(file), bytes]]);
  const source: DescriptorSource = {
    file: basename(file),
    text,
    read: (path) => {
      const content = isReadable(path) ? folder.read(path) : undefined;
      if (content !== undefined) files.set(path, content);
      return content?.toString('utf8');
    },
  };
  const shown = (path: string) => (path.startsWith('<') ? path : join(dirname(file), path));
  refuseErrors(file, validate(source, inputs).findings, shown);
  if (files.size === 1 && bytes.length <= LARGEST_TEXT) return text;
  // In a package, files that artifacts name are looked for.
  const hasFile = (path: string): boolean => {
    const content = folder.read(path);
    if (content !== undefined) files.set(path, content);
    return content !== undefined;
  };
  refuseErrors(file, validate({ ...source, hasFile }, inputs).findings, shown);
  return packPackage(source.file, files);
}

/** The files of a folder and below it, and nothing else, also not through links. */
class Folder {
  private readonly top: string;
  private bytes = 0;
  private readonly known = new Map<string, Buffer>();

  constructor(private readonly path: string) {
    this.top = join(realpathSync(path), sep);
  }

  read(path: string): Buffer | undefined {
    const known = this.known.get(path);
    if (known !== undefined) return known;
    const file = join(this.path, path);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return undefined;
    if (!realpathSync(file).startsWith(this.top)) {
      throw notSent(file, `it is a link that leads out of ${this.path}`, 'Put the file itself there');
    }
    this.bytes += stat.size;
    if (this.bytes > MOST_BYTES) {
      throw notSent(file, `with it there are more than ${MOST_BYTES} bytes to send`, 'Name fewer or smaller');
    }
    const content = readFileSync(file);
    this.known.set(path, content);
    return content;
  }
}

function refuseErrors(file: string, findings: readonly Finding[], shown: (path: string) => string): void {
  if (findings.every(({ severity }) => severity !== 'error')) return;
  const isOutside = findings.some(({ code }) => code === 'PACKAGE_PATH_FORBIDDEN');
  throw notValid(
    file,
    findings.map((finding) => ({ ...finding, file: shown(finding.file) })),
    isOutside ? 'Put what it names into its folder or below: nothing else is sent' : undefined,
  );
}

function notSent(on: string, why: string, remedy: string): UnderwareError {
  const attempted = 'send a file of the descriptor to the orchestrator';
  return new UnderwareError({ code: 'INPUT_INVALID', attempted, on, why, remedy });
}
