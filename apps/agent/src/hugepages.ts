import type { Hugepages } from '@underware/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The pages that this machine has set aside, in use or not, by size; none where the kernel has no such pages. */
export async function readHugepages(root = '/sys/kernel/mm/hugepages'): Promise<Hugepages[]> {
  const names = await readdir(root).catch((): string[] => []);
  const pools = await Promise.all(
    names.map(async (name): Promise<Hugepages[]> => {
      const kibibytes = /^hugepages-(\d+)kB$/.exec(name)?.[1];
      if (kibibytes === undefined) return [];
      const count = Number(await readFile(join(root, name, 'nr_hugepages'), 'utf8').catch(() => '0'));
      return count > 0 ? [{ pageBytes: Number(kibibytes) * 1024, count }] : [];
    }),
  );
  return pools.flat().sort((a, b) => a.pageBytes - b.pageBytes);
}
