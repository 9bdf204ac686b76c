import { BpfLink, BpfMap, BpfProgram, linkIds, mapIds, programIds } from '@underware/libbpf';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Ids of BPF objects; the kernel gives none out twice before it has gone round all 2^31. */
export interface KernelObjects {
  programs: Set<number>;
  maps: Set<number>;
  links: Set<number>;
}

/**
 * What is pinned below the given BPF file systems, and the maps that those programs use. Read with our own eyes, not with the
 * agents': a check of what they leave must not trust them.
 */
export async function pinnedObjects(bpffs: string[]): Promise<KernelObjects> {
  const found: KernelObjects = { programs: new Set(), maps: new Set(), links: new Set() };
  // Beside our directory the kernel itself puts iterators into every BPF file system.
  for (const root of bpffs) for (const pin of await pinsBelow(join(root, 'underware'))) note(found, pin);
  return found;
}

/** Those of the given objects that the kernel still has. */
export function remaining(objects: KernelObjects): string[] {
  return [
    ...programIds()
      .filter((id) => objects.programs.has(id))
      .map((id) => `program ${id}`),
    ...mapIds()
      .filter((id) => objects.maps.has(id))
      .map((id) => `map ${id}`),
    ...linkIds()
      .filter((id) => objects.links.has(id))
      .map((id) => `link ${id}`),
  ];
}

export function countOf({ programs, maps, links }: KernelObjects): string {
  return `${programs.size} programs, ${maps.size} maps, ${links.size} links`;
}

function note(found: KernelObjects, pin: string): void {
  if (basename(pin) === 'link') {
    const link = BpfLink.fromPin(pin);
    found.links.add(link.info.id);
    link.close();
  } else if (basename(pin) === 'prog' || basename(pin) === 'exit') {
    const program = BpfProgram.fromPin(pin);
    found.programs.add(program.info.id);
    for (const id of program.info.mapIds) found.maps.add(id);
    program.close();
  } else {
    const map = BpfMap.fromPin(pin);
    found.maps.add(map.info.id);
    map.close();
  }
}

async function pinsBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const below = await Promise.all(
    entries.map((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? pinsBelow(path) : [path];
    }),
  );
  return below.flat();
}
