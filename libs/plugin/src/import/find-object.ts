import { LARGEST_PACKAGE } from '../package.js';
import { foreignError } from './foreign-error.js';
import { readArchive } from './read-archive.js';
import { isImage, readImage } from './read-image.js';

export interface FoundObject {
  elf: Uint8Array;
  /** Its name in what it came in; undefined for an object alone. */
  file?: string;
  /** Names of programs that its packer means to be run; empty where nothing says. */
  programs: string[];
  /** From an image's tag. */
  name?: string;
  version?: string;
}

const ELF_MAGIC = '\u007FELF';

/**
 * The object in what others ship: an object file alone, a bytecode image as bpfman's users build them, or an archive
 * (tar.gz or zip) as L3AF's. Where there are several objects, `object` says which. Throws PACKAGE_MALFORMED.
 */
export async function findObject(bytes: Uint8Array, on: string, object?: string): Promise<FoundObject> {
  if (bytes.byteLength > 4 * LARGEST_PACKAGE)
    throw foreignError(on, `it has ${bytes.byteLength} bytes, more than ${4 * LARGEST_PACKAGE}`);
  if (isElf(bytes)) return { elf: bytes, programs: [] };
  const files = await readArchive(bytes, on);
  if (!isImage(files)) return { ...choose(files, on, object), programs: [] };
  const { reference = '', labels, files: content } = await readImage(files, on);
  const wanted = object ?? labels['io.ebpf.filename'];
  const [, name, version] =
    /([a-z0-9-]+)(?::v?(\d+\.\d+\.\d+[0-9a-z.-]*))?(?::[^/]*)?$/.exec(reference) ?? [];
  return {
    ...choose(content, on, wanted),
    programs: programsIn(labels, on),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
  };
}

function choose(
  files: ReadonlyMap<string, Uint8Array>,
  on: string,
  wanted: string | undefined,
): Pick<FoundObject, 'elf' | 'file'> {
  const objects = [...files].filter(([, data]) => isElf(data));
  const named = objects.filter(
    ([file]) => wanted === undefined || file === wanted || file.endsWith(`/${wanted}`),
  );
  const [only] = named;
  if (only !== undefined && named.length === 1) return { file: only[0], elf: only[1] };
  const names = objects.map(([file]) => file).join(', ') || 'none';
  throw foreignError(
    on,
    wanted === undefined
      ? `one object is wanted, and it has ${names}`
      : `it has no single object ${wanted}; there are: ${names}`,
    undefined,
    objects.length > 1 ? 'Say which one with --object' : undefined,
  );
}

/** `io.ebpf.programs` has a JSON object of types by name; images of before have one name in a label of its own. */
function programsIn(labels: Record<string, string>, on: string): string[] {
  const { 'io.ebpf.programs': programs, 'io.ebpf.bpf_function_name': one } = labels;
  if (programs === undefined) return one === undefined ? [] : [one];
  try {
    const parsed: unknown = JSON.parse(programs);
    return typeof parsed === 'object' && parsed !== null ? Object.keys(parsed) : [];
  } catch (cause) {
    throw foreignError(on, 'its label io.ebpf.programs is no JSON', cause);
  }
}

/** Of the host's own programs that a package may bring along, none is for this machine. */
function isElf(bytes: Uint8Array): boolean {
  const EM_BPF = 247;
  const head = Buffer.from(bytes.subarray(0, 20));
  return (
    head.byteLength === 20 && head.toString('latin1', 0, 4) === ELF_MAGIC && head.readUInt16LE(18) === EM_BPF
  );
}
