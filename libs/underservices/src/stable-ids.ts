/**
 * A number for every name, by which what outlives a revision names it: it depends on the name alone, so that it means the
 * same in every revision. Never 0, which is nobody; of names that hash alike the later one moves on.
 */
export function stableIds(names: readonly string[]): Map<string, number> {
  const taken = new Set([0]);
  const ids = new Map<string, number>();
  for (const name of names) {
    let id = fnv1a(name);
    while (taken.has(id)) id = (id + 1) >>> 0;
    taken.add(id);
    ids.set(name, id);
  }
  return ids;
}

export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
