import type { DataType, Schema } from '../model/schema.js';
import { readClauses, readEntrySchema, readSchemas } from './read-schema.js';
import { readUnits } from './read-units.js';
import { withLazy } from './lazy.js';
import type { Base } from './base.js';
import { mapAt, nodeAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

export function makeDataType(base: Base, parent: DataType | undefined, reader: TypeReader): DataType {
  const { name, place, node, open } = base;
  const primitive = parent?.primitive;
  checkForm(base, parent, reader);
  const eager = {
    kind: 'data' as const,
    name,
    place,
    open,
    ...(parent === undefined ? {} : { parent }),
    ...(primitive === undefined ? {} : { primitive }),
    constraints: [...(parent?.constraints ?? []), ...readClauses(node)],
  };
  type Lazy = Pick<DataType, 'properties'> & {
    entrySchema: Schema | undefined;
    keySchema: Schema | undefined;
    units: DataType['units'] | undefined;
  };
  const type = withLazy<typeof eager, Lazy>(eager, {
    properties: () => readSchemas(node, 'properties', 'property', parent?.properties, reader),
    // The type itself stands for the owner: it has what its parent is.
    entrySchema: () => readEntrySchema(node, 'entry_schema', parent?.entrySchema, parent, reader),
    keySchema: () => readEntrySchema(node, 'key_schema', parent?.keySchema, parent, reader),
    units: () => (primitive === 'scalar' ? readUnits(node, parent, reader) : undefined),
  });
  // Checked as if it were a property of the type: its own clauses, and what its entries may hold.
  reader.schemas.push({
    place,
    description: '',
    // `undefined` is what an optional field reads as where it is not there.
    type: type as DataType,
    required: true,
    constraints: readClauses(node),
    status: 'supported',
  });
  return type as DataType;
}

function checkForm({ name, node, place }: Base, parent: DataType | undefined, reader: TypeReader): void {
  const properties = mapAt(node, 'properties');
  if (reader.version === 'tosca_simple_yaml_1_3' && name !== 'tosca.datatypes.Root') {
    const derives = nodeAt(node, 'derived_from') !== undefined;
    if (properties?.entries.size === 0 || (!derives && properties === undefined)) {
      reader.report.add(properties?.place ?? place, {
        code: 'KEYWORD_MISSING',
        message: `${name.slice(0, 120)} has neither a parent nor properties`,
        expected: 'derived_from, or one property or more',
      });
    }
  }
  if (properties !== undefined && parent?.primitive !== undefined && parent.primitive !== 'any') {
    reader.report.add(node.entries.get('properties')?.keyPlace ?? properties.place, {
      code: 'KEYWORD_INVALID',
      message: `${name.slice(0, 120)} derives from ${parent.primitive}: its values have no properties`,
      expected: 'no properties, or a type that derives from no built-in one',
    });
  }
  for (const key of ['units', 'prefixes', 'canonical_unit', 'data_type']) {
    const entry = node.entries.get(key);
    if (entry === undefined || parent?.primitive === 'scalar' || parent?.open === true) continue;
    reader.report.add(entry.keyPlace, {
      code: 'KEYWORD_INVALID',
      message: `${key} is for types that derive from scalar`,
      expected: 'derived_from: scalar',
    });
  }
}
