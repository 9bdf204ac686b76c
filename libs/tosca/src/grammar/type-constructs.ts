import type { ConstructName } from './construct-name.js';
import {
  ANY,
  BOOLEAN,
  either,
  GIVEN,
  key,
  list,
  map,
  must,
  ONE,
  ONE_THREE,
  pairs,
  PROSE,
  RANGE,
  SCALAR,
  TEXT,
  THREE,
  TEXTS,
  TOLERATED,
  TWO,
  VERSION,
} from './shape.js';
import type { Construct, Keyname } from './shape.js';

/** Keynames of every type; `derived_from`, `version`, `metadata` and `description` are never inherited. */
const TYPE = {
  derived_from: key(TEXT),
  version: key(VERSION),
  metadata: key(map(GIVEN)),
  description: key(PROSE),
} satisfies Record<string, Keyname>;

const PROPERTIES = { properties: key(map('property')) };
const ATTRIBUTES = { attributes: key(map('attribute')) };

/** What a value may be: shared by properties, attributes, parameters and entries. */
const VALUE = {
  description: key(PROSE),
  constraints: key(list(ANY), ONE),
  validation: key(ANY, TWO),
  entry_schema: key('schema'),
  key_schema: key('schema'),
} satisfies Record<string, Keyname>;

const PROPERTY = {
  type: key(TEXT),
  ...VALUE,
  required: key(BOOLEAN),
  default: key(ANY),
  status: key(TEXT),
  metadata: key(map(GIVEN)),
  'external-schema': key(TEXT, ONE),
  external_schema: key(TEXT, ONE),
} satisfies Record<string, Keyname>;

/** What is not written may be inherited, by a type from its parent and by a template from its type. */
const ARTIFACT = {
  type: key(TEXT),
  file: key(TEXT),
  repository: key(TEXT),
  description: key(PROSE),
  metadata: key(map(GIVEN)),
  deploy_path: key(TEXT, ONE),
  version: key(SCALAR, ONE),
  artifact_version: key(SCALAR),
  checksum: key(SCALAR),
  checksum_algorithm: key(TEXT),
  properties: key(map(ANY)),
} satisfies Record<string, Keyname>;

/** Types, and the definitions in them. */
export const TYPE_CONSTRUCTS = {
  nodeType: {
    title: 'a node type',
    keys: {
      ...TYPE,
      ...PROPERTIES,
      ...ATTRIBUTES,
      capabilities: key(map('capability')),
      requirements: key(pairs('requirement')),
      interfaces: key(map('interface')),
      artifacts: key(map('artifact')),
    },
  },
  relationshipType: {
    title: 'a relationship type',
    keys: {
      ...TYPE,
      ...PROPERTIES,
      ...ATTRIBUTES,
      interfaces: key(map('interface')),
      // Of the profiles that are shared by the standard's community.
      kind: key(TEXT, { ...TWO, ...TOLERATED }),
      valid_target_types: key(TEXTS, ONE),
      valid_source_types: key(TEXTS, { ...ONE, ...TOLERATED }),
      valid_capability_types: key(TEXTS, TWO),
      valid_target_node_types: key(TEXTS, TWO),
      valid_source_node_types: key(TEXTS, TWO),
    },
    instead: { valid_target_types: 'valid_capability_types', valid_source_types: 'valid_source_node_types' },
  },
  capabilityType: {
    title: 'a capability type',
    keys: {
      ...TYPE,
      ...PROPERTIES,
      ...ATTRIBUTES,
      valid_source_types: key(TEXTS, ONE),
      valid_source_node_types: key(TEXTS, TWO),
      valid_relationship_types: key(TEXTS, TWO),
    },
    instead: { valid_source_types: 'valid_source_node_types' },
  },
  interfaceType: {
    title: 'an interface type',
    keys: {
      ...TYPE,
      inputs: key(map('argument')),
      operations: key(map('operation'), { nonEmptyIn13: true }),
      notifications: key(map('operation'), { nonEmptyIn13: true }),
    },
    othersIn1: { kind: 'construct', name: 'operation' },
  },
  dataType: {
    title: 'a data type',
    keys: {
      ...TYPE,
      ...PROPERTIES,
      constraints: key(list(ANY), ONE),
      validation: key(ANY, TWO),
      key_schema: key('schema'),
      entry_schema: key('schema'),
      data_type: key(TEXT, TWO),
      units: key(map(ANY), TWO),
      canonical_unit: key(TEXT, TWO),
      prefixes: key(map(ANY), TWO),
    },
    instead: { constraints: 'validation', validation: 'constraints' },
  },
  artifactType: {
    title: 'an artifact type',
    keys: { ...TYPE, ...PROPERTIES, mime_type: key(TEXT), file_ext: key(TEXTS) },
  },
  groupType: {
    title: 'a group type',
    keys: {
      ...TYPE,
      ...PROPERTIES,
      ...ATTRIBUTES,
      members: key(TEXTS),
      interfaces: key(map('interface'), ONE),
      capabilities: key(map('capability'), ONE),
      requirements: key(pairs('requirement'), ONE),
    },
  },
  policyType: {
    title: 'a policy type',
    keys: {
      ...TYPE,
      ...PROPERTIES,
      attributes: key(map('attribute'), TOLERATED),
      targets: key(TEXTS),
      triggers: key(either(map('trigger'), pairs('trigger'))),
      action: key(ANY, { until: 'tosca_simple_yaml_1_2', ...TOLERATED }),
      reservation: key(ANY, { until: 'tosca_simple_yaml_1_2', ...TOLERATED }),
    },
  },
  property: {
    title: 'a property definition',
    keys: { ...PROPERTY, value: key(ANY, THREE) },
    short: 'any',
    value: true,
    instead: { constraints: 'validation', validation: 'constraints', require: 'required' },
  },
  attribute: {
    title: 'an attribute definition',
    keys: {
      type: key(TEXT),
      ...VALUE,
      default: key(ANY),
      status: key(TEXT),
      metadata: key(map(GIVEN)),
      required: key(BOOLEAN, TOLERATED),
      value: key(ANY, { ...TWO, ...TOLERATED }),
    },
    short: 'any',
    value: true,
    instead: { constraints: 'validation', validation: 'constraints' },
  },
  schema: {
    title: 'a schema',
    keys: {
      // A refinement of 2.0 may leave it as it is inherited.
      type: key(TEXT, { mandatory: true, mandatoryUntil: 'tosca_simple_yaml_1_3' }),
      ...VALUE,
      metadata: key(map(GIVEN)),
      required: key(BOOLEAN, TOLERATED),
      default: key(ANY, TOLERATED),
      status: key(TEXT, TOLERATED),
    },
    short: 'text',
    instead: { constraints: 'validation', validation: 'constraints' },
  },
  input: {
    title: 'an input',
    keys: {
      ...PROPERTY,
      type: key(TEXT, { mandatory: true, mandatoryUntil: 'tosca_simple_yaml_1_2' }),
      value: key(ANY),
      mapping: key(ANY, TWO),
    },
    instead: { constraints: 'validation', validation: 'constraints', require: 'required' },
  },
  output: {
    title: 'an output',
    keys: {
      ...PROPERTY,
      value: key(ANY, { mandatory: true, mandatoryUntil: 'tosca_simple_yaml_1_2' }),
      mapping: key(ANY, TWO),
    },
    short: 'any',
    value: true,
    instead: { constraints: 'validation', validation: 'constraints' },
  },
  argument: {
    title: 'a parameter',
    keys: { ...PROPERTY, value: key(ANY), mapping: key(ANY) },
    short: 'any',
    value: true,
  },
  capability: {
    title: 'a capability definition',
    keys: {
      type: key(TEXT),
      description: key(PROSE),
      metadata: key(map(GIVEN)),
      ...PROPERTIES,
      ...ATTRIBUTES,
      valid_source_types: key(TEXTS, ONE),
      occurrences: key(RANGE, ONE),
      valid_source_node_types: key(TEXTS, TWO),
      valid_relationship_types: key(TEXTS, TWO),
    },
    short: 'text',
    instead: { valid_source_types: 'valid_source_node_types' },
  },
  requirement: {
    title: 'a requirement definition',
    keys: {
      description: key(PROSE),
      metadata: key(map(GIVEN)),
      capability: key(TEXT),
      node: key(TEXT),
      relationship: key('relationship'),
      node_filter: key(ANY),
      occurrences: key(RANGE, ONE),
      count_range: key(RANGE, TWO),
    },
    short: 'text',
    instead: { occurrences: 'count_range', count_range: 'occurrences' },
  },
  relationship: {
    title: 'a relationship definition',
    keys: {
      type: must(TEXT),
      description: key(PROSE),
      metadata: key(map(GIVEN)),
      properties: key(map('property')),
      attributes: key(map('attribute')),
      interfaces: key(map('interface')),
    },
    short: 'text',
  },
  interface: {
    title: 'an interface definition',
    keys: {
      type: key(TEXT),
      description: key(PROSE),
      metadata: key(map(GIVEN)),
      inputs: key(map('argument')),
      operations: key(map('operation'), { nonEmptyIn13: true }),
      notifications: key(map('operation'), { nonEmptyIn13: true }),
    },
    othersIn1: { kind: 'construct', name: 'operation' },
  },
  operation: {
    title: 'an operation definition',
    keys: {
      description: key(PROSE),
      metadata: key(map(GIVEN), TOLERATED),
      implementation: key('implementation'),
      inputs: key(map('argument')),
      outputs: key(map(ANY)),
    },
    short: 'text',
  },
  implementation: {
    title: 'an implementation',
    keys: {
      primary: key('artifact'),
      dependencies: key(list('artifact')),
      timeout: key(SCALAR, { ...ONE_THREE, toleratedIn2: true }),
      operation_host: key(TEXT, { ...ONE_THREE, toleratedIn2: true }),
      type: key(TEXT, TOLERATED),
      file: key(TEXT, TOLERATED),
      repository: key(TEXT, TOLERATED),
      description: key(PROSE, TOLERATED),
      properties: key(map(ANY), TOLERATED),
    },
    short: 'text',
  },
  artifact: { title: 'an artifact', keys: ARTIFACT, short: 'text' },
  trigger: {
    title: 'a trigger',
    // Before 1.3 the standard left most of it open, and files in use show it.
    keys: {
      description: key(PROSE),
      event: key(ANY, {
        mandatory: true,
        mandatorySince: 'tosca_simple_yaml_1_3',
        unless: 'event_type',
        strict: either(TEXT, { kind: 'construct', name: 'event' }),
      }),
      event_type: key(ANY, { ...ONE, strict: either(TEXT, { kind: 'construct', name: 'event' }) }),
      schedule: key(ANY, ONE),
      target_filter: key(ANY, { ...ONE, strict: { kind: 'construct', name: 'eventFilter' } }),
      condition: key(ANY),
      meter_name: key(ANY, { until: 'tosca_simple_yaml_1_2', ...TOLERATED }),
      metrics: key(ANY, { until: 'tosca_simple_yaml_1_2', ...TOLERATED }),
      action: key(ANY, {
        mandatory: true,
        mandatorySince: 'tosca_simple_yaml_1_3',
        strict: list('activity'),
      }),
      metadata: key(ANY, TOLERATED),
    },
  },
  eventFilter: {
    title: 'an event filter',
    keys: { node: must(TEXT), requirement: key(TEXT), capability: key(TEXT) },
  },
  event: {
    title: 'an event',
    keys: {
      type: key(TEXT, ONE),
      implementation: key(TEXT, ONE),
      metrics: key(TEXT, ONE),
      condition: key(ANY, ONE),
      threshold: key(ANY, ONE),
    },
  },
} satisfies Partial<Record<ConstructName, Construct>>;
