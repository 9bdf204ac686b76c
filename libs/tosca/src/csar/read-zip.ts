import { fromBufferPromise, getFileNameLowLevel } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { Note } from '../finding.js';
import { crc32 } from './crc32.js';
import { entryPath } from './entry-path.js';
import type { CsarLimits } from './limits.js';
import { RATIO_FREE } from './limits.js';

const DIRECTORY = 0x4000;
const REGULAR = 0x8000;
const MADE_ON_UNIX = 3;

/**
 * Unpacks a zip archive in memory. What must not be used is reported and left out; what would cost too much, and an
 * archive that cannot be read, end it.
 */
export async function readZip(
  bytes: Uint8Array,
  limits: CsarLimits,
  report: (note: Note) => void,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      lazyEntries: true,
      // Names are decoded here, so that one bad name is one finding and not the end.
      decodeStrings: false,
      autoClose: false,
    });
    await readEntries(zip, bytes.length, limits, files, report);
  } catch (error) {
    report({
      code: 'PACKAGE_INVALID',
      message: `The package cannot be read as a zip archive: ${messageOf(error)}`,
      expected: 'a CSAR, which is a zip archive',
    });
  }
  return files;
}

async function readEntries(
  zip: ZipFile,
  archiveSize: number,
  limits: CsarLimits,
  files: Map<string, Uint8Array>,
  report: (note: Note) => void,
): Promise<void> {
  const tooLarge = (message: string, expected: string) =>
    report({ code: 'PACKAGE_TOO_LARGE', message, expected });
  if (zip.entryCount > limits.entries) {
    tooLarge(`The package has ${zip.entryCount} entries`, `at most ${limits.entries}`);
    return;
  }
  const folders = new Set<string>();
  let packed = 0;
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    const name = getFileNameLowLevel(
      entry.generalPurposeBitFlag,
      entry.fileNameRaw,
      entry.extraFields,
      false,
    );
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
    // Entries that share their bytes, the trick of the largest bombs, add up to more than the archive.
    if (packed > archiveSize) {
      report({ code: 'PACKAGE_INVALID', message: `${name}: entries of the package overlap` });
      return;
    }
    if (unpacked > limits.totalSize) {
      tooLarge(`The package unpacks to more than ${limits.totalSize} bytes`, `at most ${limits.totalSize}`);
      return;
    }
    if (entry.uncompressedSize > limits.fileSize) {
      tooLarge(`${name} unpacks to ${entry.uncompressedSize} bytes`, `at most ${limits.fileSize}`);
      return;
    }
    if (entry.uncompressedSize > RATIO_FREE && entry.uncompressedSize > entry.compressedSize * limits.ratio) {
      tooLarge(
        `${name} unpacks ${entry.compressedSize} bytes to ${entry.uncompressedSize}`,
        `at most ${limits.ratio} times its packed size`,
      );
      return;
    }
    const found = entryPath(name, limits.depth);
    const problem = 'problem' in found ? found.problem : kindProblem(entry);
    if (problem !== undefined || !('path' in found)) {
      report({
        code: 'PACKAGE_PATH_FORBIDDEN',
        message: `The entry ${JSON.stringify(name)} ${problem ?? ''}`,
        expected: 'regular files below the top of the package',
      });
      continue;
    }
    const { path } = found;
    const isFolder = name.endsWith('/');
    if (files.has(path) || (folders.has(path) && !isFolder) || parentsOf(path).some((p) => files.has(p))) {
      report({ code: 'NAME_DUPLICATE', message: `The package has more than one entry ${path}` });
      continue;
    }
    for (const parent of parentsOf(path)) folders.add(parent);
    if (isFolder) folders.add(path);
    else await unpack(zip, entry, path, files, report);
  }
}

async function unpack(
  zip: ZipFile,
  entry: Entry,
  path: string,
  files: Map<string, Uint8Array>,
  report: (note: Note) => void,
): Promise<void> {
  const invalid = (why: string, expected: string) =>
    report({ code: 'PACKAGE_INVALID', message: `${path} ${why}`, expected });
  if (entry.isEncrypted()) {
    invalid('is encrypted', 'files in the clear; a package is protected by its signature');
    return;
  }
  if (!entry.canDecodeFileData()) {
    invalid(`is packed by method ${entry.compressionMethod}`, 'stored or deflated files');
    return;
  }
  try {
    const { fileName } = await zip.readLocalFileHeaderPromise(entry);
    if (!fileName.equals(entry.fileNameRaw)) {
      // A tool that goes by it would unpack another file than the one that is checked here.
      invalid('has another name beside its content than in the directory of the archive', 'one name');
      return;
    }
    const content = new Uint8Array(entry.uncompressedSize);
    let at = 0;
    const stream: AsyncIterable<Uint8Array> = await zip.openReadStreamPromise(entry);
    // The library ends the stream with an error when more or fewer bytes come than the entry announces.
    for await (const chunk of stream) {
      content.set(chunk, at);
      at += chunk.length;
    }
    if (crc32(content) === entry.crc32) files.set(path, content);
    else invalid('is damaged: its checksum is not that of its content', 'the file as it was packed');
  } catch (error) {
    invalid(`cannot be unpacked: ${messageOf(error)}`, 'the file as it was packed');
  }
}

function kindProblem(entry: Entry): string | undefined {
  if (entry.versionMadeBy >>> 8 !== MADE_ON_UNIX) return undefined;
  const kind = (entry.externalFileAttributes >>> 16) & 0xf000;
  return kind === 0 || kind === REGULAR || kind === DIRECTORY ? undefined : 'is a link or a special file';
}

function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
