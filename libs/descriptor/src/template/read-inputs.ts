import { nearestName, readValue, SCALAR_UNITS, UNRESOLVED } from '@underware/underservices';
import type { PropertySchema } from '@underware/underservices';
import type { Findings } from '../finding.js';
import { DESCRIPTOR_DATA_TYPES } from '../profile/data-types.js';
import { toValue } from '../source/source-node.js';
import type { MapEntry, MapNode, SourceNode, WalkBudget } from '../source/source-node.js';
import { asMap, checkKeywords, isEmpty, textAt } from './keywords.js';
import { readConstraints } from './read-constraints.js';

export interface Input {
  keyOffset: number;
  value: unknown;
  used: boolean;
}

export interface GivenInputs {
  values: Readonly<Record<string, unknown>>;
  /** When false, an input without a value is not a finding: the file is checked by itself. */
  required: boolean;
}

const TYPES = ['string', 'integer', 'float', 'boolean', 'list', 'map', ...Object.keys(SCALAR_UNITS)];

/** The value of every input: as given, else its default; checked against its definition. */
export function readInputs(
  inputs: MapNode | undefined,
  given: GivenInputs,
  budget: WalkBudget,
  findings: Findings,
): Map<string, Input> {
  const result = new Map<string, Input>();
  for (const [name, { keyOffset, node }] of inputs?.entries ?? []) {
    result.set(name, {
      keyOffset,
      value: readInput(name, keyOffset, node, given, budget, findings),
      used: false,
    });
  }
  for (const name of Object.keys(given.values)) {
    if (result.has(name)) continue;
    findings.add(inputs?.offset ?? 0, {
      code: 'INPUT_UNKNOWN',
      message: `A value was given for ${name.slice(0, 80)}, which is no input of this descriptor`,
      expected: result.size === 0 ? 'no inputs' : `one of ${[...result.keys()].join(', ')}`,
      nearest: nearestName(name, result.keys()),
    });
  }
  return result;
}

function readInput(
  name: string,
  keyOffset: number,
  node: SourceNode,
  given: GivenInputs,
  budget: WalkBudget,
  findings: Findings,
): unknown {
  const definition = isEmpty(node)
    ? ({ kind: 'map', offset: node.offset, entries: new Map<string, MapEntry>() } as const)
    : asMap(node, `input ${name}`, findings);
  if (definition === undefined) return UNRESOLVED;
  checkKeywords(
    definition,
    'an input',
    {
      read: ['type', 'description', 'default', 'required', 'constraints', 'validation', 'entry_schema'],
      ignored: ['metadata', 'status', 'key_schema', 'value', 'mapping'],
    },
    findings,
  );
  const schema = readSchema(definition, budget, findings);
  const preset = definition.entries.get('default');
  if (schema === undefined) return UNRESOLVED;
  let value: unknown = UNRESOLVED;
  if (preset !== undefined) {
    const reading = readValue(toValue(preset.node, budget), schema, DESCRIPTOR_DATA_TYPES);
    findings.addModel(preset.node, reading.findings, preset.keyOffset);
    if (reading.findings.length === 0) value = toValue(preset.node, budget);
  }
  if (Object.hasOwn(given.values, name)) {
    const wanted = coerce(given.values[name], schema.type);
    const { findings: wrong } = readValue(wanted, schema, DESCRIPTOR_DATA_TYPES);
    for (const { message, expected, nearest } of wrong) {
      findings.add(keyOffset, {
        code: 'CONSTRAINT_VIOLATED',
        message: `The value given for input ${name}: ${message}`,
        expected,
        nearest,
      });
    }
    return wrong.length === 0 ? wanted : UNRESOLVED;
  }
  const optional = textAt(definition, 'required', findings) === 'false';
  if (preset === undefined && !optional && given.required) {
    findings.add(keyOffset, {
      code: 'INPUT_MISSING',
      message: `No value was given for input ${name}, which has no default`,
      expected: `a value of type ${schema.type}`,
    });
  }
  return preset === undefined && optional ? null : value;
}

function readSchema(definition: MapNode, budget: WalkBudget, findings: Findings): PropertySchema | undefined {
  const type = textAt(definition, 'type', findings) ?? 'string';
  if (!TYPES.includes(type) && !DESCRIPTOR_DATA_TYPES.has(type)) {
    const known = [...TYPES, ...DESCRIPTOR_DATA_TYPES.keys()];
    findings.add(definition.entries.get('type')?.node.offset ?? definition.offset, {
      code: 'TYPE_UNKNOWN',
      message: `Unknown type ${type.slice(0, 80)}`,
      expected: `one of ${TYPES.join(', ')}`,
      nearest: nearestName(type, known),
    });
    return undefined;
  }
  const constraints = (['constraints', 'validation'] as const).flatMap((style) =>
    readConstraints(definition.entries.get(style)?.node, style, budget, findings),
  );
  const entry = definition.entries.get('entry_schema')?.node;
  const entrySchema =
    entry?.kind === 'map'
      ? readSchema(entry, budget, findings)
      : entry?.kind === 'scalar' && !isEmpty(entry)
        ? { type: entry.text, description: 'an entry' }
        : undefined;
  return {
    type,
    description: textAt(definition, 'description', findings) ?? 'an input',
    constraints,
    ...(entrySchema === undefined ? {} : { entrySchema }),
  };
}

/** Values from a command line are text: `--input replicas=3`. */
function coerce(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || type === 'string') return value;
  if (type === 'integer' || type === 'float')
    return /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (type !== 'list' && type !== 'map') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
