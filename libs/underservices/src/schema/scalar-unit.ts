/** TOSCA's units; a scalar unit is a number, white space, a unit: `128 MB`, `1.5 GiB`, `5 s`. */
const SIZE_UNITS: Record<string, number> = {
  B: 1,
  kB: 1e3,
  KiB: 2 ** 10,
  MB: 1e6,
  MiB: 2 ** 20,
  GB: 1e9,
  GiB: 2 ** 30,
  TB: 1e12,
  TiB: 2 ** 40,
};
const TIME_UNITS: Record<string, number> = { d: 86400, h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };

export const SCALAR_UNITS: Record<string, { units: Record<string, number>; example: string }> = {
  'scalar-unit.size': { units: SIZE_UNITS, example: '128 MB' },
  'scalar-unit.time': { units: TIME_UNITS, example: '5 s' },
};

/** Bytes or seconds, or undefined when the text is not a scalar of the type. TOSCA compares units without case. */
export function readScalarUnit(type: string, text: string): number | undefined {
  const match = /^([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([A-Za-z]{1,3})$/.exec(text.trim());
  const units = SCALAR_UNITS[type]?.units;
  if (match === null || units === undefined) return undefined;
  const [, amount = '', unit = ''] = match;
  const name = Object.keys(units).find((known) => known.toLowerCase() === unit.toLowerCase());
  if (name === undefined) return undefined;
  const value = Number(amount) * (units[name] ?? 0);
  return type === 'scalar-unit.size' ? Math.round(value) : value;
}
