import { UNRESOLVED } from '@underware/underservices';

/**
 * The text as a tree that knows its places: what the compiler reads instead of the YAML library's own nodes. Aliases
 * share nodes, so the tree is a graph without cycles; who walks it counts.
 */
export type SourceNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  kind: 'map';
  offset: number;
  entries: Map<string, MapEntry>;
}

export interface MapEntry {
  keyOffset: number;
  node: SourceNode;
}

export interface ListNode {
  kind: 'list';
  offset: number;
  items: SourceNode[];
}

export interface ScalarNode {
  kind: 'scalar';
  offset: number;
  value: string | number | boolean | null | typeof UNRESOLVED;
  /** As written, without quotes: `1.10` stays `1.10`. */
  text: string;
}

/** More values than this after aliases are expanded are refused: a text of a page can stand for billions. */
const MOST_VALUES = 500_000;

export class TooLarge extends Error {}

/** Counts what one compilation walks. */
export class WalkBudget {
  private left = MOST_VALUES;

  spend(): void {
    this.left -= 1;
    if (this.left < 0) throw new TooLarge(`more than ${MOST_VALUES} values after its aliases are expanded`);
  }
}

/** Plain data, with aliases expanded; throws TooLarge beyond the budget. */
export function toValue(node: SourceNode, budget: WalkBudget): unknown {
  budget.spend();
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map((item) => toValue(item, budget));
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toValue(entry.node, budget)]));
  }
}

/** A tree for data that has no place of its own, e.g. an input's value: all of it is at `offset`. */
export function fromValue(value: unknown, offset: number, budget: WalkBudget): SourceNode {
  budget.spend();
  if (Array.isArray(value)) {
    return { kind: 'list', offset, items: value.map((item) => fromValue(item, offset, budget)) };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, entry]): [string, MapEntry] => [
      key,
      { keyOffset: offset, node: fromValue(entry, offset, budget) },
    ]);
    return { kind: 'map', offset, entries: new Map(entries) };
  }
  if (value === UNRESOLVED) return { kind: 'scalar', offset, value: UNRESOLVED, text: '' };
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', offset, value: plain ? value : null, text: plain ? String(value) : '' };
}

/** The place at a path, or as near to it as the text goes. */
export function nodeAt(
  root: SourceNode,
  path: readonly (string | number)[],
): { offset: number; keyOffset: number } {
  let node = root;
  let keyOffset = root.offset;
  for (const step of path) {
    const entry =
      node.kind === 'map'
        ? node.entries.get(String(step))
        : node.kind === 'list' && typeof step === 'number'
          ? { keyOffset: node.items[step]?.offset ?? node.offset, node: node.items[step] }
          : undefined;
    if (entry?.node === undefined) break;
    keyOffset = entry.keyOffset;
    node = entry.node;
  }
  return { offset: node.offset, keyOffset };
}
