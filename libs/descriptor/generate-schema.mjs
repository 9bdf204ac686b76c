/**
 * A JSON Schema of descriptors, made of the profile, for editors: `profiles/underware.schema.json`. It knows the types of
 * the profile and leaves what users derive from them alone; `underware validate` is what decides. Run in the folder of the
 * library; `--check` exits 1 when the file is stale.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';

const profileFile = new URL('profiles/underware.yaml', import.meta.url);
const target = new URL('profiles/underware.schema.json', import.meta.url);
const { data_types, node_types, policy_types } = parse(await readFile(profileFile, 'utf8'));

const REF = '#/definitions/';
const PRIMITIVES = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  float: { type: 'number' },
  boolean: { type: 'boolean' },
};
/** Where a value is expected there may be a function instead, in the words of any version. */
const FUNCTION_NAME = '^(\\$.+|get_[a-z_]+|concat|join|token)$';
const FUNCTION = { $ref: `${REF}function` };

/** What a value may be, functions aside; refinements of one type are folded into another by the caller. */
function bareValue({ type, entry_schema, validation }) {
  const limits = limitsOf(validation, type);
  if (type === 'list') return { type: 'array', items: value(entry_schema), ...limits };
  if (type === 'map') return { type: 'object', additionalProperties: value(entry_schema), ...limits };
  if (type in PRIMITIVES) return { ...PRIMITIVES[type], ...limits };
  return Object.keys(limits).length === 0
    ? { $ref: `${REF}${type}` }
    : { allOf: [{ $ref: `${REF}${type}` }, limits] };
}

function value(schema) {
  const { description, default: preset } = schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    anyOf: [bareValue(schema), FUNCTION],
  };
}

/** Clauses that JSON Schema has words for; limits of what has a unit are left to `underware validate`. */
function limitsOf(validation, type) {
  if (validation?.$and !== undefined)
    return Object.assign({}, ...validation.$and.map((each) => limitsOf(each, type)));
  const [[clause, [subject, bound] = []] = []] = Object.entries(validation ?? {});
  const ofLength = typeof subject === 'object';
  const names = ofLength
    ? ({ list: ['minItems', 'maxItems'], map: ['minProperties', 'maxProperties'] }[type] ?? [
        'minLength',
        'maxLength',
      ])
    : ['minimum', 'maximum'];
  const [least, most] = names;
  switch (clause) {
    case '$valid_values':
      return data_types[type]?.units === undefined ? { enum: bound } : {};
    case '$matches':
      return { pattern: `^(?:${bound})$` };
    case '$less_or_equal':
      return typeof bound === 'number' ? { [most]: bound } : {};
    case '$greater_or_equal':
      return typeof bound === 'number' ? { [least]: bound } : {};
    default:
      return {};
  }
}

function dataType({ derived_from, description, units, validation, properties }) {
  if (units !== undefined) {
    const names = Object.keys(units).join('|');
    return { description, type: 'string', pattern: `^\\s*[+-]?[0-9.]+([eE][+-]?[0-9]+)?\\s*(${names})\\s*$` };
  }
  if (properties === undefined) {
    return { description, ...PRIMITIVES[derived_from], ...limitsOf(validation, derived_from) };
  }
  return { description, ...struct(properties) };
}

function struct(properties) {
  const required = Object.entries(properties)
    .filter(([, schema]) => schema.required !== false && schema.default === undefined)
    .map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, value(schema)])),
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
  };
}

/** With what a type inherits. */
function inherited(types, name, key) {
  const type = types[name];
  if (type === undefined) return [];
  return [...inherited(types, type.derived_from, key), type[key]].filter((each) => each !== undefined);
}

function templateOf(types, name) {
  const properties = struct(Object.assign({}, ...inherited(types, name, 'properties')));
  const requirements = inherited(types, name, 'requirements').flat();
  const names = requirements.flatMap((each) => Object.entries(each));
  return {
    description: types[name].description,
    properties: {
      properties,
      ...(types === node_types ? { requirements: listOf(names) } : {}),
    },
    // What is copied, selected or substituted gets the rest from elsewhere.
    ...(properties.required === undefined
      ? {}
      : { anyOf: ['properties', 'copy', 'directives'].map((key) => ({ required: [key] })) }),
  };
}

function listOf(requirements) {
  return {
    type: 'array',
    items: {
      type: 'object',
      properties: Object.fromEntries(requirements.map(([name, { description }]) => [name, { description }])),
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
    },
  };
}

/** A template of any type: the properties of those of the profile, by name. */
function templates(types) {
  const names = Object.keys(types);
  return {
    type: 'object',
    required: ['type'],
    properties: {
      type: { anyOf: [{ enum: names }, { type: 'string', not: { pattern: '^underware\\.' } }] },
      description: { type: 'string' },
      metadata: { type: 'object' },
      properties: { type: 'object' },
      ...(types === policy_types
        ? { targets: { type: 'array', items: { type: 'string' } } }
        : { directives: { type: 'array', items: { type: 'string' } } }),
    },
    allOf: names.map((name) => ({
      if: { properties: { type: { const: name } }, required: ['type'] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema, not a promise
      then: { $ref: `${REF}${name}` },
    })),
  };
}

const named = (of) => ({ type: 'object', additionalProperties: of });
const oneEach = (of) => ({
  type: 'array',
  items: { type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: of },
});
const input = {
  type: 'object',
  properties: {
    type: { type: 'string', description: 'a primitive, or a data type' },
    description: { type: 'string' },
    required: { type: 'boolean', default: true },
    default: { description: 'what it is where no value is given' },
    validation: { type: 'object', description: '2.0: what a value must meet' },
    constraints: { type: 'array', description: '1.x: what a value must meet' },
    entry_schema: { description: 'list, map: what each entry is' },
  },
};
const template = {
  type: 'object',
  properties: {
    description: { type: 'string' },
    inputs: { description: 'what the service is given when it is deployed', ...named(input) },
    node_templates: named({ $ref: `${REF}node` }),
    policies: { anyOf: [oneEach({ $ref: `${REF}policy` }), named({ $ref: `${REF}policy` })] },
    groups: named({ type: 'object', required: ['type'] }),
    outputs: { type: 'object' },
    substitution_mappings: {
      type: 'object',
      description: 'how the template stands for a node of another one',
    },
    relationship_templates: { type: 'object' },
    workflows: { type: 'object' },
  },
};

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Descriptor of Underware',
  description: 'Generated from the profile underware: do not edit.',
  type: 'object',
  required: ['tosca_definitions_version'],
  properties: {
    tosca_definitions_version: {
      enum: ['tosca_2_0', ...['3', '2', '1', '0'].map((minor) => `tosca_simple_yaml_1_${minor}`)],
    },
    description: { type: 'string' },
    metadata: {
      type: 'object',
      properties: {
        template_name: { description: 'name of the service' },
        template_version: { description: 'version of the service' },
      },
    },
    imports: { type: 'array' },
    service_template: { description: 'TOSCA 2.0', ...template },
    topology_template: { description: 'TOSCA 1.x', ...template },
  },
  definitions: {
    function: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      patternProperties: { [FUNCTION_NAME]: {} },
      additionalProperties: false,
    },
    node: templates(node_types),
    policy: templates(policy_types),
    ...Object.fromEntries(Object.entries(data_types).map(([name, type]) => [name, dataType(type)])),
    ...Object.fromEntries(Object.keys(node_types).map((name) => [name, templateOf(node_types, name)])),
    ...Object.fromEntries(Object.keys(policy_types).map((name) => [name, templateOf(policy_types, name)])),
  },
};

const generated = `${JSON.stringify(schema, undefined, 1)}\n`;
if (process.argv.includes('--check')) {
  const found = await readFile(target, 'utf8').catch(() => '');
  if (found !== generated) {
    process.stderr.write(
      'libs/descriptor/profiles/underware.schema.json is stale: run npm run generate -w libs/descriptor\n',
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(target, generated);
}
