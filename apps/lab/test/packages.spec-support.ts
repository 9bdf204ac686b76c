import { packagePlugins } from '@underware/plugin';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../src/stack/layout.js';
import type { Stack } from '../src/stack/stack.js';

const BLOCK = 512;

/** The firewall's package as the stack's own key signed it. */
export async function signedPackage(stack: Stack): Promise<Buffer> {
  const directory = join(stack.layout.data, 'packages');
  const file = (await readdir(directory)).find((name) => name.startsWith('firewall-'));
  return readFile(join(directory, file ?? 'firewall'));
}

/** The same plugin, signed with a key that nobody trusts. */
export async function strangersPackage(stack: Stack): Promise<Buffer> {
  const directory = join(stack.layout.data, 'stranger');
  await mkdir(directory, { recursive: true });
  const packages = await packagePlugins({
    objects: join(REPOSITORY, 'bpf/build'),
    plugins: join(REPOSITORY, 'bpf'),
    key: join(directory, 'stranger.key'),
    out: directory,
  });
  return readFile(packages.find(({ name }) => name === 'firewall')?.file ?? '');
}

interface Member {
  name: string;
  start: number;
  data: number;
  end: number;
}

function membersOf(archive: Buffer): Member[] {
  const members: Member[] = [];
  for (let at = 0; archive[at] !== 0 && at < archive.length; at = members.at(-1)?.end ?? archive.length) {
    const name = archive.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8);
    members.push({ name, start: at, data: at + BLOCK, end: at + BLOCK + Math.ceil(size / BLOCK) * BLOCK });
  }
  return members;
}

function memberOf(archive: Buffer, ending: string): Member {
  const found = membersOf(archive).find(({ name }) => name.endsWith(ending));
  if (!found) throw new Error(`the package has no ${ending}`);
  return found;
}

export function withoutSignature(archive: Buffer): Buffer {
  const { start, end } = memberOf(archive, 'signature.json');
  return Buffer.concat([archive.subarray(0, start), archive.subarray(end)]);
}

/** One bit of the program is another one. */
export function alteredObject(archive: Buffer): Buffer {
  const altered = Buffer.from(archive);
  const at = memberOf(archive, '.bpf.o').data + 600;
  altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
  return altered;
}

/** One letter of what was signed is another one. */
export function alteredManifest(archive: Buffer): Buffer {
  const altered = Buffer.from(archive);
  altered.writeUInt8(
    altered.readUInt8(altered.indexOf('"summary":"') + 12) ^ 1,
    altered.indexOf('"summary":"') + 12,
  );
  return altered;
}
