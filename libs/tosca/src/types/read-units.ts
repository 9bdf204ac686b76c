import type { DataType, ScalarUnits } from '../model/schema.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { mapAt, nodeAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

/** The units of a `scalar` type of 2.0: its own with prefixes, over those of its parent. */
export function readUnits(
  node: MapNode,
  parent: DataType | undefined,
  reader: TypeReader,
): ScalarUnits | undefined {
  const inherited = parent?.units;
  const units = mapAt(node, 'units');
  const prefixes = mapAt(node, 'prefixes');
  if (units === undefined && inherited === undefined && parent?.open !== true) {
    reader.report.add(node.place, {
      code: 'KEYWORD_MISSING',
      message: 'A scalar type has no units',
      expected: 'units: { <unit>: 1, … }',
    });
    return undefined;
  }
  const number = readNumber(node, inherited, reader);
  const integer = number?.primitive === 'integer';
  const own = units === undefined ? new Map<string, number>() : readFactors(units, integer, reader);
  const prefixed =
    prefixes === undefined ? inherited?.prefixed : prefixedUnit(prefixes, own, inherited, reader);
  const factors = new Map([...(inherited?.factors ?? []), ...own]);
  if (prefixes !== undefined && prefixed !== undefined) {
    const byPrefix = readFactors(prefixes, integer, reader);
    if (inherited?.prefixed === undefined) checkOne(byPrefix, prefixes.place, 'prefix', reader);
    const base = factors.get(prefixed) ?? 1;
    for (const [prefix, factor] of byPrefix) factors.set(prefix + prefixed, base * factor);
  }
  if (units !== undefined && inherited === undefined) checkOne(own, units.place, 'unit', reader);
  // Where prefixes are wrong, so may be what is made of them.
  const doubtful = prefixes !== undefined && prefixed === undefined;
  const canonical = readCanonical(node, doubtful ? undefined : units?.place, factors, inherited, reader);
  return {
    factors,
    canonical,
    integer,
    ...(number === undefined ? {} : { number }),
    ...(prefixed === undefined ? {} : { prefixed }),
  };
}

/** `data_type`, which a derived type leaves as it is. */
function readNumber(
  node: MapNode,
  inherited: ScalarUnits | undefined,
  reader: TypeReader,
): DataType | undefined {
  const named = nodeAt(node, 'data_type');
  if (named === undefined) return inherited?.number;
  const type = reader.type('data', named);
  if (type !== undefined && type.primitive !== 'integer' && type.primitive !== 'float') {
    reader.report.add(named.place, {
      code: 'KEYWORD_INVALID',
      message: `A scalar has no number of type ${type.name}`,
      expected: 'integer, float, or a type derived from one',
    });
    return inherited?.number;
  }
  const before = inherited?.number?.name ?? 'float';
  if (inherited !== undefined && type !== undefined && type.name !== before) {
    reader.refinement(named.place, {
      message: `The numbers of a scalar are of type ${before} where it is derived from, and ${type.name} here`,
      expected: before,
    });
  }
  return inherited === undefined ? type : inherited.number;
}

function readFactors(node: MapNode, integer: boolean, reader: TypeReader): Map<string, number> {
  const factors = new Map<string, number>();
  for (const [unit, { node: factor }] of node.entries) {
    if (
      factor.kind === 'scalar' &&
      typeof factor.value === 'number' &&
      factor.value > 0 &&
      (!integer || Number.isInteger(factor.value))
    ) {
      factors.set(unit, factor.value);
    } else reportFactor(factor, integer, reader);
  }
  return factors;
}

function reportFactor(factor: SourceNode, integer: boolean, reader: TypeReader): void {
  reader.report.add(factor.place, {
    code: 'KEYWORD_INVALID',
    message: `A factor of a scalar with ${integer ? 'integers' : 'floats'} is a number`,
    expected: integer ? 'an integer above 0' : 'a number above 0',
  });
}

/** Prefixes go with one unit, of factor 1. */
function prefixedUnit(
  prefixes: MapNode,
  own: ReadonlyMap<string, number>,
  inherited: ScalarUnits | undefined,
  reader: TypeReader,
): string | undefined {
  const units = [
    ...(inherited?.prefixed === undefined ? (inherited?.factors.keys() ?? []) : [inherited.prefixed]),
    ...own.keys(),
  ];
  const [only] = units;
  if (only !== undefined && units.length === 1) return only;
  reader.report.add(prefixes.place, {
    code: 'KEYWORD_INVALID',
    message: 'Prefixes are for a type with one unit',
    expected: 'one unit of factor 1, or no prefixes',
  });
  return undefined;
}

function checkOne(
  factors: ReadonlyMap<string, number>,
  place: Place,
  what: 'unit' | 'prefix',
  reader: TypeReader,
): void {
  if ([...factors.values()].includes(1)) return;
  reader.report.add(place, {
    code: 'KEYWORD_INVALID',
    message: `No ${what} has the factor 1`,
    expected: `a ${what} of factor 1, which the others are multiples of`,
  });
}

function readCanonical(
  node: MapNode,
  place: Place | undefined,
  factors: ReadonlyMap<string, number>,
  inherited: ScalarUnits | undefined,
  reader: TypeReader,
): string {
  const ones = [...factors].filter(([, factor]) => factor === 1).map(([unit]) => unit);
  const named = nodeAt(node, 'canonical_unit');
  if (named?.kind !== 'scalar') {
    if (inherited === undefined && ones.length > 1 && place !== undefined) {
      reader.report.add(place, {
        code: 'KEYWORD_MISSING',
        message: 'More than one unit has the factor 1',
        expected: `canonical_unit: one of ${ones.slice(0, 20).join(', ')}`,
      });
    }
    return inherited?.canonical ?? ones[0] ?? '';
  }
  if (inherited !== undefined && named.text !== inherited.canonical) {
    reader.refinement(named.place, {
      message: 'The canonical unit is that of the type it is derived from',
      expected: inherited.canonical,
    });
    return inherited.canonical;
  }
  if (factors.get(named.text) !== 1) {
    const known = factors.has(named.text);
    reader.report.add(named.place, {
      code: 'KEYWORD_INVALID',
      message: known
        ? `${named.text.slice(0, 80)} is no canonical unit: its factor is ${factors.get(named.text)}`
        : `${named.text.slice(0, 80)} is none of the units`,
      expected: `one of ${(ones.length > 0 ? ones : [...factors.keys()]).slice(0, 20).join(', ')}`,
    });
  }
  return named.text;
}
