import type { DataType, Primitive, Schema } from '../model/schema.js';
import { entrySchemaOf } from './primitive-schema.js';

/** In 1.x text stands for any of these, as an input does that is declared a string and used as a size. */
const WRITTEN_AS_TEXT = new Set<Primitive>([
  'string',
  'integer',
  'float',
  'boolean',
  'bytes',
  'timestamp',
  'version',
  'scalar-unit.size',
  'scalar-unit.time',
  'scalar-unit.frequency',
  'scalar-unit.bitrate',
]);

/** Could a value of the one schema be one of the other? What is not known could. */
export function assignable(
  from: Schema | undefined,
  to: Schema | undefined,
  edition: '1.x' | '2.0',
): boolean {
  const source = from?.type;
  const target = to?.type;
  if (source === undefined || target === undefined || source === target) {
    return source !== target || entriesAssignable(from, to, edition);
  }
  if (source.open || target.open || source.primitive === 'any' || target.primitive === 'any') return true;
  if (isA(source, target)) return true;
  const fromStruct = source.primitive === undefined;
  const toStruct = target.primitive === undefined;
  // A value of the parent may be one of the child; a map may have the fields of a struct.
  if (fromStruct && toStruct) return isA(target, source);
  if (fromStruct || toStruct) return source.primitive === 'map' || target.primitive === 'map';
  return primitivesAssignable(source, target, edition) && entriesAssignable(from, to, edition);
}

function entriesAssignable(
  from: Schema | undefined,
  to: Schema | undefined,
  edition: '1.x' | '2.0',
): boolean {
  const source = entrySchemaOf(from);
  const target = entrySchemaOf(to);
  return (
    source === target || source === undefined || target === undefined || assignable(source, target, edition)
  );
}

function primitivesAssignable(source: DataType, target: DataType, edition: '1.x' | '2.0'): boolean {
  const from = source.primitive;
  const to = target.primitive;
  if (from === 'scalar' && to === 'scalar') {
    // Different quantities, unless one derives from the other; a type of its own may repeat another's units.
    return (
      source.units === undefined ||
      target.units === undefined ||
      source.units.canonical === target.units.canonical
    );
  }
  if (from === to || (from === 'integer' && to === 'float')) return true;
  if (edition === '2.0' || from === undefined || to === undefined) return false;
  // A range is written as a list.
  if ((from === 'list' && to === 'range') || (from === 'range' && to === 'list')) return true;
  if (from === 'float' && to === 'integer') return true;
  return (from === 'string' && WRITTEN_AS_TEXT.has(to)) || (to === 'string' && WRITTEN_AS_TEXT.has(from));
}

export function isA(type: DataType, ancestor: DataType): boolean {
  for (let at: DataType | undefined = type; at !== undefined; at = at.parent) {
    if (at === ancestor || at.name === ancestor.name) return true;
  }
  return false;
}
