import { ZipFile } from 'yazl';

/** The same files give the same bytes whenever they are packed: an archive of ZIP knows no earlier year. */
const MODIFIED = new Date('1980-01-02T00:00:00Z');
const META = 'TOSCA-Metadata/TOSCA.meta';

/** Packs files by their paths into a CSAR that begins with `entry`. */
export async function packPackage(
  entry: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Uint8Array> {
  const zip = new ZipFile();
  const add = (path: string, content: Uint8Array) =>
    zip.addBuffer(Buffer.from(content.buffer, content.byteOffset, content.length), path, {
      mtime: MODIFIED,
      mode: 0o100644,
      forceDosTimestamp: true,
    });
  add(META, new TextEncoder().encode(metaOf(entry)));
  for (const [path, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (path !== META) add(path, content);
  }
  zip.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip.outputStream) {
    chunks.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
  }
  return Buffer.concat(chunks);
}

function metaOf(entry: string): string {
  return [
    'TOSCA-Meta-File-Version: 1.1',
    'CSAR-Version: 1.1',
    'Created-By: Underware',
    `Entry-Definitions: ${entry}`,
    '',
  ].join('\n');
}
