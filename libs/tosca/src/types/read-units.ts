import type { DataType } from '../model/schema.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import { mapAt, nodeAt, textAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

type Units = NonNullable<DataType['units']>;

/** The units of a `scalar` type of 2.0: its own with prefixes, over those of its parent. */
export function readUnits(
  node: MapNode,
  parent: DataType | undefined,
  reader: TypeReader,
): Units | undefined {
  const inherited = parent?.units;
  const own = mapAt(node, 'units');
  const prefixes = mapAt(node, 'prefixes');
  if (own === undefined && prefixes === undefined) return inherited;
  const factors = new Map(inherited?.factors);
  const bases = own === undefined ? factors : readFactors(own, reader);
  if (prefixes !== undefined && bases.size !== 1) {
    reader.report.add(prefixes.place, {
      code: 'KEYWORD_INVALID',
      message: 'Prefixes are for a type with one unit',
      expected: 'one unit of factor 1, or no prefixes',
    });
  }
  for (const [unit, factor] of bases) factors.set(unit, factor);
  if (prefixes !== undefined) {
    for (const [prefix, factor] of readFactors(prefixes, reader)) {
      for (const [unit, base] of [...bases].slice(0, 1)) factors.set(prefix + unit, base * factor);
    }
  }
  const ones = [...factors].filter(([, factor]) => factor === 1).map(([unit]) => unit);
  const named = nodeAt(node, 'canonical_unit');
  if (own !== undefined && ones.length === 0) {
    reader.report.add(own.place, {
      code: 'KEYWORD_INVALID',
      message: 'No unit has the factor 1',
      expected: 'a unit of factor 1, which the others are multiples of',
    });
  }
  if (named?.kind === 'scalar' && !factors.has(named.text)) {
    reader.report.add(named.place, {
      code: 'KEYWORD_INVALID',
      message: `${named.text.slice(0, 80)} is none of the units`,
      expected: `one of ${[...factors.keys()].slice(0, 20).join(', ')}`,
    });
  }
  const canonical = textAt(node, 'canonical_unit') || (inherited?.canonical ?? ones[0] ?? '');
  return { factors, canonical, integer: inherited?.integer ?? isInteger(node, reader) };
}

function readFactors(node: MapNode, reader: TypeReader): Map<string, number> {
  const factors = new Map<string, number>();
  for (const [unit, { node: factor }] of node.entries) {
    if (factor.kind === 'scalar' && typeof factor.value === 'number' && factor.value > 0) {
      factors.set(unit, factor.value);
    } else reportFactor(factor, reader);
  }
  return factors;
}

function reportFactor(factor: SourceNode, reader: TypeReader): void {
  reader.report.add(factor.place, {
    code: 'KEYWORD_INVALID',
    message: 'The factor of a unit is a number',
    expected: 'a number above 0',
  });
}

function isInteger(node: MapNode, reader: TypeReader): boolean {
  const named = nodeAt(node, 'data_type');
  const type = reader.type('data', named);
  if (
    named !== undefined &&
    type !== undefined &&
    type.primitive !== 'integer' &&
    type.primitive !== 'float'
  ) {
    reader.report.add(named.place, {
      code: 'KEYWORD_INVALID',
      message: `A scalar has no number of type ${type.name}`,
      expected: 'integer, float, or a type derived from one',
    });
  }
  return type?.primitive === 'integer';
}
