import type { ListNode, MapEntry, MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';

/*
 * Parts of a mapping, silently: that they have the right shape was checked against the grammar before.
 */

export function mapAt(map: MapNode | undefined, key: string): MapNode | undefined {
  const node = map?.entries.get(key)?.node;
  return node?.kind === 'map' ? node : undefined;
}

export function listAt(map: MapNode | undefined, key: string): ListNode | undefined {
  const node = map?.entries.get(key)?.node;
  return node?.kind === 'list' ? node : undefined;
}

/** The entries of the mapping at a key; none where there is no mapping. */
export function entriesAt(map: MapNode | undefined, key: string): Iterable<[string, MapEntry]> {
  return mapAt(map, key)?.entries ?? [];
}

export function textAt(map: MapNode | undefined, key: string): string | undefined {
  return textOf(map?.entries.get(key)?.node);
}

/** The text of a scalar that is not empty. */
export function textOf(node: SourceNode | undefined): string | undefined {
  return node?.kind === 'scalar' && !isEmpty(node) ? node.text : undefined;
}

export function isEmpty(node: SourceNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** The items of a list; of anything else that is not empty, the one item it is. */
export function itemsOf(node: SourceNode | undefined): readonly SourceNode[] {
  if (node === undefined || isEmpty(node)) return [];
  return node.kind === 'list' ? node.items : [node];
}

/** The texts in a list (or the one text), with their places. */
export function textsOf(node: SourceNode | undefined): { text: string; place: Place }[] {
  return itemsOf(node).flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [{ text, place: item.place }];
  });
}

/**
 * Named things that are written as a list of mappings, each with one name, or as one mapping: `policies`,
 * `requirements` and the `properties` of a node filter come in both forms.
 */
export function namedItems(node: SourceNode | undefined): readonly [string, MapEntry][] {
  if (node?.kind === 'map') return [...node.entries];
  if (node?.kind !== 'list') return [];
  const items: [string, MapEntry][] = [];
  for (const item of node.items) if (item.kind === 'map') items.push(...item.entries);
  return items;
}

export function emptyMap(place: Place): MapNode {
  return { kind: 'map', place, entries: new Map() };
}
