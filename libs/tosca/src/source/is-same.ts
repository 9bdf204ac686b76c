import type { SourceNode } from './source-node.js';

/** Whether two nodes were written with the same words. */
export function isSame(a: SourceNode | undefined, b: SourceNode | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.kind !== b.kind) return false;
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.text === b.text;
  if (a.kind === 'list') {
    return (
      b.kind === 'list' &&
      a.items.length === b.items.length &&
      a.items.every((item, i) => isSame(item, b.items[i]))
    );
  }
  if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false;
  return [...a.entries].every(([key, entry]) => isSame(entry.node, b.entries.get(key)?.node));
}
