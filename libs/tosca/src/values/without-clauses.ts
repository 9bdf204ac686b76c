import type { Schema } from '../model/schema.js';

const made = new WeakMap<Schema, Schema>();

/** The type alone: what a value is compared with need not meet the clauses on the value. */
export function withoutClauses(schema: Schema): Schema {
  let bare = made.get(schema);
  if (bare === undefined) {
    bare = strip(schema);
    made.set(schema, bare);
  }
  return bare;
}

function strip(schema: Schema): Schema {
  const { type, entrySchema } = schema;
  const entry = entrySchema && withoutClauses(entrySchema);
  const bound = schema.constraints.length > 0 || (type !== undefined && type.constraints.length > 0);
  if (!bound && entry === entrySchema) return schema;
  return {
    ...schema,
    constraints: [],
    ...(entry === undefined ? {} : { entrySchema: entry }),
    ...(type === undefined ? {} : { type: { ...type, constraints: [] } }),
  };
}
