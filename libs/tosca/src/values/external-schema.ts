import { xmlProblem } from './xml.js';

const TYPES: ReadonlySet<unknown> = new Set([
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
]);

/** What the text of a schema in JSON or XML lacks to be one; undefined where it may be one, or the name of a file that is. */
export function schemaProblem(text: string): string | undefined {
  const begins = text.trimStart()[0];
  if (begins === undefined) return 'a schema that says something';
  if (begins === '<') return xmlProblem(text) === undefined ? undefined : 'a schema in well-formed XML';
  return begins === '{' ? jsonSchemaProblem(text) : undefined;
}

function jsonSchemaProblem(text: string): string | undefined {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    return 'a schema in JSON';
  }
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return undefined;
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.every((type) => TYPES.has(type)) ? undefined : `type: one of ${[...TYPES].join(', ')}`;
}
