import { FIELDS } from './rule-ranges.js';
import type { Box, RuleRanges } from './rule-ranges.js';

/** As `struct firewall_node`: a step, or with field `LEAF` a leaf of `threshold` candidates from `child` on. */
export interface TreeNode {
  field: number;
  threshold: number;
  child: number;
}

export interface Tree {
  /** The root first; both children of a step side by side. */
  nodes: TreeNode[];
  /** Indexes of rules, ascending within a leaf. */
  candidates: number[];
  depth: number;
  largestLeaf: number;
}

export interface TreeLimits {
  /** Steps to the deepest leaf. */
  depth: number;
  /** Candidates of a leaf. */
  leaf: number;
}

export const LEAF = 15;

/** Rules that are looked at to find where a set can be parted, and places that are tried for each field. */
const SAMPLE = 256;
const TRIED = 8;
/** Sets of so few rules are leaves. */
const SMALL_LEAF = 4;
/** How often a rule may be in leaves, on average: where small leaves would take more copies, they are larger. */
const COPIES = 8;
/** The same where leaves would be larger than they may be; a tree that needs more is given up. */
const MOST_COPIES = 64;

/** What packets have that come to a node. */
interface Part extends Box {
  node: number;
  depth: number;
  /** Places of rules that reach into the box, ascending; the last may cover all of it. */
  places: Uint32Array;
  /**
   * By how much the steps before it have multiplied rules: by the rules of both children through those of the node. All
   * leaves together have no more than the largest growth times the rules of the tree.
   */
  growth: number;
}

interface Split {
  field: number;
  threshold: number;
  /** Rules of both sides, through those of the node. */
  growth: number;
  cost: number;
}

/**
 * A tree whose steps compare one field of a packet with one number, over the rules at `places`. Of every leaf's candidates the
 * first that matches is the first of all those rules. A rule is in all leaves that it reaches into, so steps are chosen
 * that part the rules evenly and cut through few. Undefined where that takes too many copies or too many steps.
 */
export function buildTree(
  ranges: RuleRanges,
  places: readonly number[],
  limits: TreeLimits,
): Tree | undefined {
  const tree: Tree = {
    nodes: [{ field: LEAF, threshold: 0, child: 0 }],
    candidates: [],
    depth: 0,
    largestLeaf: 0,
  };
  const { box } = ranges;
  const every = reach(ranges, Uint32Array.from(places), box);
  const parts: Part[] = [{ node: 0, depth: 0, growth: 1, ...box, places: every }];
  // Breadth first: what every packet passes lies together.
  for (let next = 0; next < parts.length; next++) {
    const part = parts[next];
    if (part === undefined) break;
    delete parts[next];
    tree.depth = Math.max(tree.depth, part.depth);
    const split = choose(ranges, part, limits);
    if (split === undefined) {
      if (part.places.length > limits.leaf) return undefined;
      tree.nodes[part.node] = { field: LEAF, threshold: part.places.length, child: tree.candidates.length };
      tree.largestLeaf = Math.max(tree.largestLeaf, part.places.length);
      for (const place of part.places) tree.candidates.push(ranges.indexes[place] ?? 0);
      continue;
    }
    const { field, threshold } = split;
    const child = tree.nodes.length;
    tree.nodes[part.node] = { field, threshold, child };
    tree.nodes.push({ field: LEAF, threshold: 0, child: 0 }, { field: LEAF, threshold: 0, child: 0 });
    const shared = { depth: part.depth + 1, growth: part.growth * split.growth };
    for (const [i, half] of [
      { low: part.low, high: part.high.with(field, threshold) },
      { low: part.low.with(field, threshold + 1), high: part.high },
    ].entries()) {
      parts.push({ node: child + i, ...shared, ...half, places: reach(ranges, part.places, half) });
    }
  }
  return tree;
}

/** The rules that reach into a box, up to the first that covers it: behind that one none is ever reached. */
function reach({ low, high }: RuleRanges, places: Uint32Array, box: Box): Uint32Array {
  const kept = new Uint32Array(places.length);
  let count = 0;
  for (const place of places) {
    let reaches = true;
    let covers = true;
    for (let field = 0, at = place * FIELDS; field < FIELDS; field++, at++) {
      const [first, last] = [low[at] ?? 0, high[at] ?? 0];
      const [from, to] = [box.low[field] ?? 0, box.high[field] ?? 0];
      if (first > to || last < from) {
        reaches = false;
        break;
      }
      if (first > from || last < to) covers = false;
    }
    if (!reaches) continue;
    kept[count++] = place;
    if (covers) break;
  }
  return kept.slice(0, count);
}

/** The best step of those tried; undefined for a leaf, and where none leaves fewer rules on both sides. */
function choose(ranges: RuleRanges, part: Part, limits: TreeLimits): Split | undefined {
  const rules = part.places.length;
  if (rules <= SMALL_LEAF || part.depth >= limits.depth) return undefined;
  let best: Split | undefined;
  for (let field = 0; field < FIELDS; field++) {
    for (const threshold of thresholds(ranges, part, field)) {
      const { larger, both } = sidesOf(ranges, part, field, threshold);
      const cost = larger + both;
      if (larger < rules && (best === undefined || cost < best.cost))
        best = { field, threshold, growth: 1 + both / rules, cost };
    }
  }
  const growth = part.growth * (best?.growth ?? 1);
  return growth <= (rules <= limits.leaf ? COPIES : MOST_COPIES) ? best : undefined;
}

/** Where ranges of a field begin or end within the box: some of these, evenly spread. */
function thresholds(
  { low, high }: RuleRanges,
  { places, low: from, high: to }: Part,
  field: number,
): number[] {
  const [first, last] = [from[field] ?? 0, to[field] ?? 0];
  const found = new Set<number>();
  const stride = Math.max(1, Math.ceil(places.length / SAMPLE));
  for (let i = 0; i < places.length; i += stride) {
    const at = (places[i] ?? 0) * FIELDS + field;
    const [begin, end] = [low[at] ?? 0, high[at] ?? 0];
    if (begin > first) found.add(begin - 1);
    if (end < last) found.add(end);
  }
  if (found.size <= TRIED) return [...found];
  const sorted = Float64Array.from(found).sort();
  return Array.from(
    { length: TRIED },
    (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / TRIED)] ?? 0,
  );
}

/** How many rules the larger side has, and how many are on both. */
function sidesOf(
  { low, high }: RuleRanges,
  { places }: Part,
  field: number,
  threshold: number,
): Record<'larger' | 'both', number> {
  let left = 0;
  let right = 0;
  for (const place of places) {
    const at = place * FIELDS + field;
    if ((low[at] ?? 0) <= threshold) left++;
    if ((high[at] ?? 0) > threshold) right++;
  }
  return { larger: Math.max(left, right), both: left + right - places.length };
}
