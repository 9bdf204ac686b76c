import type { DataType, Primitive, Schema } from '../model/schema.js';

const made = new Map<Primitive, Schema>();

/** What a function returns where no definition says more. */
export function primitiveSchema(primitive: Primitive): Schema {
  let schema = made.get(primitive);
  if (schema === undefined) {
    schema = schemaOfType({
      kind: 'data',
      name: primitive,
      place: 0,
      open: false,
      primitive,
      properties: new Map(),
      constraints: [],
    });
    made.set(primitive, schema);
  }
  return schema;
}

const ofTypes = new WeakMap<DataType, Schema>();

/** A schema that says no more than a type. */
export function schemaOfType(type: DataType): Schema {
  let schema = ofTypes.get(type);
  if (schema === undefined) {
    schema = { place: 0, description: '', type, required: true, constraints: [], status: 'supported' };
    ofTypes.set(type, schema);
  }
  return schema;
}

const lists = new WeakMap<Schema, Schema>();

/** `list` of something. */
export function listSchema(entrySchema: Schema | undefined): Schema {
  const bare = primitiveSchema('list');
  if (entrySchema === undefined) return bare;
  let schema = lists.get(entrySchema);
  if (schema === undefined) {
    schema = { ...bare, entrySchema };
    lists.set(entrySchema, schema);
  }
  return schema;
}

export function entrySchemaOf(schema: Schema | undefined): Schema | undefined {
  return schema?.entrySchema ?? schema?.type?.entrySchema;
}

export function keySchemaOf(schema: Schema | undefined): Schema | undefined {
  return schema?.keySchema ?? schema?.type?.keySchema;
}
