import { gunzipSync } from 'node:zlib';
import { Parser } from 'tar';
import { fromBufferPromise } from 'yauzl';
import { LARGEST_PACKAGE } from '../package.js';
import { foreignError } from './foreign-error.js';

/** What an archive unpacks to, all layers of an image together; more is refused while it is unpacked. */
const LARGEST_CONTENT = 4 * LARGEST_PACKAGE;
const MOST_FILES = 4096;
const GZIP = Buffer.of(0x1f, 0x8b);
const ZIP = Buffer.from('PK');

/** The regular files of a tar, tar.gz or zip archive by name, in memory: links and other kinds of members are left out. */
export async function readArchive(bytes: Uint8Array, on: string): Promise<Map<string, Uint8Array>> {
  const head = Buffer.from(bytes.subarray(0, 2));
  try {
    if (head.equals(ZIP)) return await readZip(bytes, on);
    return readTar(head.equals(GZIP) ? gunzipSync(bytes, { maxOutputLength: LARGEST_CONTENT }) : bytes, on);
  } catch (cause) {
    if (cause instanceof Error && 'report' in cause) throw cause;
    throw foreignError(
      on,
      `it is no archive: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}

function readTar(bytes: Uint8Array, on: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const chunks: Buffer[] = [];
      entry.on('data', (chunk) => chunks.push(chunk));
      entry.on('end', () => {
        if (entry.type === 'File' || entry.type === 'OldFile')
          keep(files, entry.path, Buffer.concat(chunks), on);
      });
    },
  });
  // Given all at once, it is done when `end` returns; what is wrong is thrown by then.
  parser.on('error', (error: unknown) => {
    throw error;
  });
  parser.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return files;
}

async function readZip(bytes: Uint8Array, on: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const zip = await fromBufferPromise(Buffer.from(bytes), { lazyEntries: true });
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    total += entry.uncompressedSize;
    if (total > LARGEST_CONTENT) throw foreignError(on, `it unpacks to more than ${LARGEST_CONTENT} bytes`);
    if (entry.fileName.endsWith('/')) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    keep(files, entry.fileName, Buffer.concat(chunks), on);
  }
  return files;
}

function keep(files: Map<string, Uint8Array>, name: string, data: Buffer, on: string): void {
  if (files.size === MOST_FILES) throw foreignError(on, `it has more than ${MOST_FILES} files`);
  files.set(name.replace(/^\.\//, ''), new Uint8Array(data));
}
