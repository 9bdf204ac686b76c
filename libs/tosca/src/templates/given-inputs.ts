import type { Schema } from '../model/schema.js';

const DEEPEST = 32;
/** Units of 1.x whose factor is 1. */
const UNITS_OF_1: Readonly<Record<string, string>> = {
  'scalar-unit.size': 'B',
  'scalar-unit.time': 's',
  'scalar-unit.frequency': 'Hz',
  'scalar-unit.bitrate': 'bps',
};

/** Values of properties as a caller of the template would write them: what is counted in a unit is so again. */
export function givenInputs(
  values: Readonly<Record<string, unknown>>,
  schemas: ReadonlyMap<string, Schema>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, written(value, schemas.get(name), DEEPEST)]),
  );
}

function written(value: unknown, schema: Schema | undefined, left: number): unknown {
  const type = schema?.type;
  if (type === undefined || left === 0) return value;
  if (typeof value === 'number') {
    const unit = type.units?.canonical ?? UNITS_OF_1[type.primitive ?? ''];
    return unit === undefined ? value : `${value} ${unit}`;
  }
  const entry = schema?.entrySchema ?? type.entrySchema;
  if (Array.isArray(value)) return value.map((item) => written(item, entry, left - 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      written(item, type.properties.get(name) ?? entry, left - 1),
    ]),
  );
}
