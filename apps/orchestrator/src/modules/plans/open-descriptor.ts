import { UnderwareError } from '@underware/core';
import { openPackage } from '@underware/descriptor';
import type { OpenedPackage } from '@underware/descriptor';
import type { DescriptorContent } from '@underware/store';
import { LARGEST_CSAR } from '../../http/harden.js';

/** A descriptor as it was uploaded, with the name that findings carry. */
export interface Source extends Pick<DescriptorContent, 'mediaType' | 'bytes'> {
  file: string;
}

export const UNNAMED = {
  'application/yaml': 'descriptor.yaml',
  'application/zip': 'descriptor.csar',
} as const;

/** What a package may cost here: images and the like are not for the orchestrator to keep. */
const LIMITS = { entries: 2_000, fileSize: 2 * LARGEST_CSAR, totalSize: 4 * LARGEST_CSAR };
/** Bytes of all files that a service is compiled from: that much takes a second or two. */
const MOST_TEXT = 4 * 1_048_576;

/** One file, or the package unpacked. */
export async function openDescriptor({ file, mediaType, bytes }: Source): Promise<OpenedPackage> {
  if (mediaType === 'application/yaml') {
    return { source: { file, text: Buffer.from(bytes).toString('utf8') }, findings: [] };
  }
  const { source, findings } = await openPackage(bytes, { name: file, now: new Date(), limits: LIMITS });
  if (source === undefined) return { source, findings };
  let length = source.text.length;
  const read = (path: string): string | undefined => {
    const text = source.read?.(path);
    length += text?.length ?? 0;
    if (length > MOST_TEXT) throw tooMuch(file, path);
    return text;
  };
  if (length > MOST_TEXT) throw tooMuch(file, source.file);
  return { source: { ...source, read }, findings };
}

function tooMuch(file: string, path: string): UnderwareError {
  return new UnderwareError({
    code: 'DESCRIPTOR_INVALID',
    attempted: 'compile the descriptor',
    on: file,
    why: `with ${path} its files have more than ${MOST_TEXT} bytes together`,
    remedy: 'Import less',
  });
}
