import { violation } from './constraint.js';
import { nearestName } from './nearest.js';
import { UNRESOLVED } from './property-schema.js';
import type { DataTypes, ModelFinding, PropertySchema, PropertySchemas } from './property-schema.js';
import { readScalarUnit, SCALAR_UNITS } from './scalar-unit.js';

export interface Reading<T> {
  /** With defaults filled in and units in bytes and seconds; only what was understood. */
  value: T;
  findings: ModelFinding[];
}

type Path = (string | number)[];

/** Checks a mapping of properties against its schema; every finding in one go. */
export function readProperties(
  value: unknown,
  schemas: PropertySchemas,
  types: DataTypes,
  path: Path = [],
): Reading<Record<string, unknown>> {
  const findings: ModelFinding[] = [];
  return { value: readStruct(value, schemas, types, path, findings), findings };
}

/** Checks one value against the schema of its property. */
export function readValue(
  value: unknown,
  schema: PropertySchema,
  types: DataTypes,
  path: Path = [],
): Reading<unknown> {
  const findings: ModelFinding[] = [];
  return { value: read(value, schema, types, path, findings), findings };
}

function readStruct(
  value: unknown,
  schemas: PropertySchemas,
  types: DataTypes,
  path: Path,
  findings: ModelFinding[],
): Record<string, unknown> {
  if (value === UNRESOLVED) return {};
  if (!isMapping(value)) {
    findings.push(mismatch(path, value, 'a mapping of properties'));
    return {};
  }
  const result: [string, unknown][] = [];
  for (const [name, entry] of Object.entries(value)) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) {
      findings.push(unknownProperty([...path, name], name, Object.keys(schemas)));
      continue;
    }
    // An empty value means "not given", as YAML authors write `image:`.
    if (entry === null) continue;
    result.push([name, read(entry, schema, types, [...path, name], findings)]);
  }
  const given = new Set(result.map(([name]) => name));
  for (const [name, schema] of Object.entries(schemas)) {
    if (given.has(name)) continue;
    if (schema.default !== undefined) {
      result.push([name, read(schema.default, schema, types, [...path, name], findings)]);
    } else if (schema.required !== false) {
      findings.push({
        code: 'PROPERTY_MISSING',
        severity: 'error',
        path,
        at: 'key',
        message: `Property ${name} is missing`,
        expected: `${name}: ${describeType(schema, types)} (${schema.description})`,
      });
    }
  }
  return Object.fromEntries(result);
}

function read(
  value: unknown,
  schema: PropertySchema,
  types: DataTypes,
  path: Path,
  findings: ModelFinding[],
): unknown {
  if (value === UNRESOLVED) return value;
  const before = findings.length;
  const result = readType(value, schema, types, path, findings);
  if (findings.length > before || hasUnresolved(result)) return result;
  for (const constraint of schema.constraints ?? []) {
    const expected = violation(constraint, result);
    if (expected === undefined) continue;
    const finding: ModelFinding = {
      code: 'CONSTRAINT_VIOLATED',
      severity: 'error',
      path,
      at: 'value',
      message: `${show(value)} is not allowed here`,
      expected,
    };
    if (constraint.kind === 'valid_values' && typeof value === 'string') {
      const nearest = nearestName(
        value,
        constraint.values.filter((valid) => typeof valid === 'string'),
      );
      if (nearest !== undefined) finding.nearest = nearest;
    }
    findings.push(finding);
  }
  return result;
}

function readType(
  value: unknown,
  schema: PropertySchema,
  types: DataTypes,
  path: Path,
  findings: ModelFinding[],
): unknown {
  const refuse = (): unknown => {
    findings.push(mismatch(path, value, describeType(schema, types)));
    return value;
  };
  switch (schema.type) {
    case 'any':
      return value;
    case 'string':
    case 'boolean':
      return typeof value === schema.type ? value : refuse();
    case 'integer':
      return Number.isSafeInteger(value) ? value : refuse();
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? value : refuse();
    case 'list':
      if (!Array.isArray(value)) return refuse();
      return schema.entrySchema === undefined
        ? value
        : readEntries(value, schema.entrySchema, types, path, findings);
    case 'map': {
      if (!isMapping(value)) return refuse();
      const entrySchema = schema.entrySchema;
      if (entrySchema === undefined) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, entry]) => [
          key,
          read(entry, entrySchema, types, [...path, key], findings),
        ]),
      );
    }
  }
  if (Object.hasOwn(SCALAR_UNITS, schema.type)) {
    // A number is what an earlier reading made of the text: bytes or seconds.
    if (typeof value === 'number' && value >= 0) return value;
    return (typeof value === 'string' ? readScalarUnit(schema.type, value) : undefined) ?? refuse();
  }
  const type = types.get(schema.type);
  if (type?.kind === 'struct') return readStruct(value, type.properties, types, path, findings);
  return type?.accepts(value) === true ? value : refuse();
}

function readEntries(
  value: unknown[],
  schema: PropertySchema,
  types: DataTypes,
  path: Path,
  findings: ModelFinding[],
): unknown[] {
  return value.map((entry, i) => read(entry, schema, types, [...path, i], findings));
}

export function describeType(schema: PropertySchema, types: DataTypes): string {
  const entries = schema.entrySchema;
  if (schema.type === 'list' && entries !== undefined) return `a list of ${describeType(entries, types)}`;
  if (schema.type === 'map' && entries !== undefined) {
    return `a mapping of names to ${describeType(entries, types)}`;
  }
  const example = SCALAR_UNITS[schema.type]?.example;
  if (example !== undefined) return `${schema.type}, e.g. ${example}`;
  const type = types.get(schema.type);
  if (type?.kind === 'scalar') return type.expected;
  if (type?.kind === 'struct') {
    return `${schema.type.split('.').pop() ?? schema.type} {${Object.keys(type.properties).join(', ')}}`;
  }
  return schema.type;
}

export function unknownProperty(path: Path, name: string, known: string[]): ModelFinding {
  const nearest = nearestName(name, known);
  return {
    code: 'PROPERTY_UNKNOWN',
    severity: 'error',
    path,
    at: 'key',
    message: `Unknown property ${name}`,
    expected: known.length === 0 ? 'no property' : `one of ${known.join(', ')}`,
    ...(nearest === undefined ? {} : { nearest }),
  };
}

function mismatch(path: Path, value: unknown, expected: string): ModelFinding {
  const quote = expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  return {
    code: 'TYPE_MISMATCH',
    severity: 'error',
    path,
    at: 'value',
    message: `${show(value)} has the wrong type`,
    expected: quote ? `string: write it in quotes, "${String(value)}"` : expected,
  };
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `A list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'A mapping';
  const text = JSON.stringify(value) ?? 'This value';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function hasUnresolved(value: unknown): boolean {
  if (value === UNRESOLVED) return true;
  return Array.isArray(value) && value.includes(UNRESOLVED);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
