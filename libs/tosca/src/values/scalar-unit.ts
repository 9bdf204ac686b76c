import type { Primitive } from '../model/schema.js';

export type ScalarUnitPrimitive = Extract<Primitive, `scalar-unit.${string}`>;

const BINARY_AND_DECIMAL = {
  k: 1e3,
  Ki: 2 ** 10,
  M: 1e6,
  Mi: 2 ** 20,
  G: 1e9,
  Gi: 2 ** 30,
  T: 1e12,
  Ti: 2 ** 40,
};

const UNITS: Record<ScalarUnitPrimitive, ReadonlyMap<string, number>> = {
  'scalar-unit.size': prefixed('B', 1, BINARY_AND_DECIMAL),
  'scalar-unit.time': new Map([
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
    ['ms', 1e-3],
    ['us', 1e-6],
    ['ns', 1e-9],
  ]),
  'scalar-unit.frequency': prefixed('Hz', 1, { k: 1e3, M: 1e6, G: 1e9 }),
  'scalar-unit.bitrate': new Map([
    ...prefixed('bps', 1, BINARY_AND_DECIMAL),
    ...prefixed('Bps', 8, BINARY_AND_DECIMAL),
  ]),
};

const EXAMPLES: Record<ScalarUnitPrimitive, string> = {
  'scalar-unit.size': '128 MB',
  'scalar-unit.time': '5 s',
  'scalar-unit.frequency': '2.4 GHz',
  'scalar-unit.bitrate': '10 Mbps',
};

const AMOUNT = /^([0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][-+]?[0-9]{1,3})?)\s*([A-Za-z]{1,8})$/;

/**
 * A scalar with a unit of 1.x: bytes, seconds, Hz or bit/s. White space before the unit may be missing, and the unit may
 * be in any case, save that a bitrate has `b` for bits and `B` for bytes.
 */
export function readScalarUnit(
  type: ScalarUnitPrimitive,
  text: string,
): { value: number } | { expected: string; units?: Iterable<string>; unit?: string } {
  const match = AMOUNT.exec(text.trim());
  if (match === null) return { expected: `a number and a unit, such as ${EXAMPLES[type]}` };
  const [, amount = '', unit = ''] = match;
  const factor = factorOf(type, unit);
  if (factor === undefined) {
    const units = [...UNITS[type].keys()];
    return { expected: `a unit out of ${units.join(', ')}`, units, unit };
  }
  const value = Number(amount) * factor;
  return { value: type === 'scalar-unit.size' ? Math.round(value) : value };
}

function factorOf(type: ScalarUnitPrimitive, unit: string): number | undefined {
  const exact = UNITS[type].get(unit);
  if (exact !== undefined) return exact;
  const same = type === 'scalar-unit.bitrate' ? foldPrefix : (text: string) => text.toLowerCase();
  const wanted = same(unit);
  for (const [name, factor] of UNITS[type]) if (same(name) === wanted) return factor;
  return undefined;
}

/** Of a bitrate: only what comes before `bps` or `Bps` is without case, and `PS` of it. */
function foldPrefix(unit: string): string {
  return `${unit.slice(0, -3).toLowerCase()}${unit.slice(-3, -2)}${unit.slice(-2).toLowerCase()}`;
}

function prefixed(unit: string, factor: number, prefixes: Record<string, number>): Map<string, number> {
  const units = Object.entries(prefixes).map(([prefix, by]): [string, number] => [
    `${prefix}${unit}`,
    by * factor,
  ]);
  return new Map([[unit, factor], ...units]);
}
