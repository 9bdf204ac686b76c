import { packageError } from './package-error.js';

const BLOCK = 512;

export interface TarMember {
  name: string;
  data: Uint8Array;
}

/** A ustar archive that depends on nothing but its members: fixed mode, owner and time. */
export function writeTar(members: readonly TarMember[]): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const { name, data } of members) {
    blocks.push(header(name, data.byteLength), data, new Uint8Array(padding(data.byteLength)));
  }
  // Two empty blocks end an archive.
  blocks.push(new Uint8Array(2 * BLOCK));
  return new Uint8Array(Buffer.concat(blocks));
}

/**
 * Reads only what `writeTar` writes: plain files, byte for byte the same headers, nothing after the end. A reader that
 * knows no links, paths or extensions cannot be tricked with them.
 */
export function readTar(bytes: Uint8Array): TarMember[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members: TarMember[] = [];
  let at = 0;
  for (; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const block = archive.subarray(at, at + BLOCK);
    const name = block.subarray(0, 100).toString('latin1').replace(/\0.*$/s, '');
    const size = Number.parseInt(block.subarray(124, 135).toString('latin1'), 8);
    if (!(size >= 0) || !Buffer.from(header(name, size)).equals(block))
      throw malformed('a member header is not a plain file as a package has them');
    const start = at + BLOCK;
    const end = start + size;
    if (end + padding(size) > archive.length) throw malformed(`member ${name} is cut short`);
    if (members.some((member) => member.name === name)) throw malformed(`member ${name} is there twice`);
    members.push({ name, data: new Uint8Array(archive.subarray(start, end)) });
    if (!allZero(archive.subarray(end, end + padding(size))))
      throw malformed(`data hides behind member ${name}`);
    at = end + padding(size);
  }
  if (archive.length !== at + 2 * BLOCK || !allZero(archive.subarray(at)))
    throw malformed('it does not end as a tar archive of a package does');
  return members;
}

function header(name: string, size: number): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  // Names are checked by the caller of writeTar; a longer one would not survive the comparison in readTar.
  block.write(name, 0, 100, 'latin1');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function allZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function malformed(why: string) {
  return packageError('PACKAGE_MALFORMED', 'archive', why);
}
