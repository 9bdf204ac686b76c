import { describe, expect, it } from '@jest/globals';
import { compileTosca } from '@underware/tosca';
import type { DataType, Schema } from '@underware/tosca';
import { DATA_TYPES, UNDERSERVICE_KINDS } from '@underware/underservices';
import type { PropertySchemas } from '@underware/underservices';
import { UNDERWARE_PROFILE } from './profile.js';

const { model } = compileTosca({
  entry: 'x.yaml',
  read: () => 'tosca_definitions_version: tosca_2_0\nservice_template: { node_templates: {} }\n',
  profiles: [UNDERWARE_PROFILE],
});
const scope = model?.entry.scope;

/** What both say of a property: whether it must be given, and what it is otherwise. */
function ofProfile(properties: ReadonlyMap<string, Schema> | undefined) {
  return Object.fromEntries(
    [...(properties ?? [])].map(([name, schema]) => [
      name,
      { required: schema.required && schema.default === undefined, default: plain(schema) },
    ]),
  );
}

function plain({ default: preset }: Schema): unknown {
  if (preset === undefined) return undefined;
  if (preset.kind === 'scalar') return preset.value;
  return preset.kind === 'list'
    ? preset.items.map((item) => (item.kind === 'scalar' ? item.value : item))
    : {};
}

function ofModel(properties: PropertySchemas) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      { required: schema.required !== false && schema.default === undefined, default: schema.default },
    ]),
  );
}

describe('the profile and the models of underservices say the same', () => {
  it.each([...UNDERSERVICE_KINDS.values()].map(({ kind }) => kind))('of a %s', (kind) => {
    const { nodeType, properties } = UNDERSERVICE_KINDS.get(kind) ?? { nodeType: '', properties: {} };
    const type = scope?.find('node', nodeType);
    const { directions, residency, ...own } = ofProfile(type?.properties);
    expect([directions, residency]).not.toContain(undefined);
    expect(own).toEqual(ofModel(properties));
  });

  const structs = [...DATA_TYPES].flatMap(([name, type]) => (type.kind === 'struct' ? [{ name, type }] : []));

  it.each(structs)('of a $name', ({ name, type }) => {
    const data: DataType | undefined = scope?.find('data', name);
    expect(ofProfile(data?.properties)).toEqual(ofModel(type.properties));
  });

  it.each([...DATA_TYPES.keys()])('%s is a type of the profile', (name) => {
    expect(scope?.find('data', name)?.name).toBe(name);
  });
});
