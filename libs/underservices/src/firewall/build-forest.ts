import { UnderwareError } from '@underware/core';
import { buildTree, LEAF } from './decision-tree.js';
import type { Tree, TreeNode } from './decision-tree.js';
import type { ExpandedRule } from './expand-rules.js';
import { FIELD, FIELDS, rangesOf } from './rule-ranges.js';
import type { RuleRanges } from './rule-ranges.js';

/** Numbers of `bpf/firewall/firewall.h`. */
export const FIREWALL_MAX_TREES = 4;
export const FIREWALL_MAX_DEPTH = 64;
export const FIREWALL_MAX_LEAF = 256;
/** `first_rule` of a tree that is not there. */
export const NO_RULE = 0xffff_ffff;

/** As `struct firewall_tree`. */
export interface TreeStart {
  root: number;
  first_rule: number;
}

/** All trees of a rule set in one list of nodes and one of candidates. */
export interface Forest {
  ipv4: TreeStart[];
  ipv6: TreeStart[];
  nodes: TreeNode[];
  candidates: number[];
  trees: number;
  depth: number;
  leaf: number;
}

/** A rule whose range of addresses has more ends of other rules in it is wide: narrow ones are parted without it. */
const NARROW = 32;

/**
 * Trees for both families. Rules that are wide in source, in destination or in both are in trees of their own, for in one
 * tree they would be in every leaf; so there are four of a family at most.
 */
export function buildForest(rules: readonly ExpandedRule[]): Forest {
  const forest: Forest = { ipv4: [], ipv6: [], nodes: [], candidates: [], trees: 0, depth: 0, leaf: 0 };
  for (const [family, starts] of [
    [4, forest.ipv4],
    [6, forest.ipv6],
  ] as const) {
    const ranges = rangesOf(rules, family);
    for (const places of byWidth(ranges)) {
      const [first = 0] = places;
      starts.push({
        root: add(forest, build(ranges, places)),
        first_rule: ranges.indexes[first] ?? 0,
      });
    }
    starts.sort((a, b) => a.first_rule - b.first_rule);
    forest.trees = Math.max(forest.trees, starts.length);
    while (starts.length < FIREWALL_MAX_TREES) starts.push({ root: 0, first_rule: NO_RULE });
  }
  return forest;
}

function build(ranges: RuleRanges, places: readonly number[]): Tree {
  const tree = buildTree(ranges, places, { depth: FIREWALL_MAX_DEPTH, leaf: FIREWALL_MAX_LEAF });
  if (tree !== undefined) return tree;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'compile the rules of a firewall',
    on: `${places.length} rules`,
    why: `so many of them overlap that ${FIREWALL_MAX_DEPTH} comparisons do not leave ${FIREWALL_MAX_LEAF} that a packet may match`,
    remedy: 'Use fewer rules whose prefixes and port ranges cut through one another.',
  });
}

function add(forest: Forest, tree: Tree): number {
  const root = forest.nodes.length;
  const first = forest.candidates.length;
  for (const { field, threshold, child } of tree.nodes)
    forest.nodes.push({ field, threshold, child: child + (field === LEAF ? first : root) });
  for (const candidate of tree.candidates) forest.candidates.push(candidate);
  forest.depth = Math.max(forest.depth, tree.depth);
  forest.leaf = Math.max(forest.leaf, tree.largestLeaf);
  return root;
}

/** Places of rules that are alike wide in source and destination; only sets with rules in them. */
function byWidth(ranges: RuleRanges): number[][] {
  const wideSource = wideIn(ranges, FIELD.source);
  const wideDestination = wideIn(ranges, FIELD.destination);
  const sets: number[][] = [[], [], [], []];
  for (const place of ranges.indexes.keys())
    sets[(wideSource(place) ? 1 : 0) + (wideDestination(place) ? 2 : 0)]?.push(place);
  return sets.filter((set) => set.length > 0);
}

/** Whether a rule's addresses contain more than a few ends of the addresses of others. */
function wideIn({ indexes, low, high }: RuleRanges, field: number): (place: number) => boolean {
  const asNumber = (words: Uint32Array, place: number): bigint => {
    let value = 0n;
    for (let word = 0; word < 4; word++)
      value = (value << 32n) | BigInt(words[place * FIELDS + field + word] ?? 0);
    return value;
  };
  const ends = new Set<bigint>();
  for (const place of indexes.keys()) ends.add(asNumber(low, place)).add(asNumber(high, place));
  const sorted = [...ends].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return (place) => below(sorted, asNumber(high, place)) - below(sorted, asNumber(low, place)) > NARROW;
}

/** How many of the sorted numbers are less. */
function below(sorted: readonly bigint[], value: bigint): number {
  let [first, last] = [0, sorted.length];
  while (first < last) {
    const middle = (first + last) >> 1;
    if ((sorted[middle] ?? 0n) < value) first = middle + 1;
    else last = middle;
  }
  return first;
}
