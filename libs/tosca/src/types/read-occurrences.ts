import type { Occurrences } from '../model/types.js';
import type { MapNode } from '../source/source-node.js';
import { nodeAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

/** `occurrences` of 1.x, `count_range` of 2.0; undefined where neither is written, or not as it should be. */
export function readOccurrences(node: MapNode, reader: TypeReader): Occurrences | undefined {
  const range = nodeAt(node, 'count_range') ?? nodeAt(node, 'occurrences');
  if (range?.kind !== 'list' || range.items.length !== 2) return undefined;
  const [least, most] = range.items.map((item) => {
    if (item.kind !== 'scalar') return Number.NaN;
    return /^unbounded$/i.test(item.text) ? Infinity : Number(item.text);
  });
  if (least === undefined || most === undefined || Number.isNaN(least + most)) return undefined;
  if (least <= most) return { least, most };
  reader.report.add(range.place, {
    code: 'KEYWORD_INVALID',
    message: `The range begins at ${least} and ends at ${most}`,
    expected: '[ least, most ]',
  });
  return undefined;
}
