import { nearestName } from '@underware/core';
import type { InputParameter, OutputParameter } from '../model/topology.js';
import type { Schema } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import type { FunctionScope, Lookup, Slot } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { givenValue } from './given-value.js';
import { isEmpty, mapAt, textAt } from './entries.js';
import { presetOf } from './slot-lookup.js';

/** Values that the caller gives for the inputs. */
export interface GivenInputs {
  values: Readonly<Record<string, unknown>>;
  /** Whether an input without value is a finding; it is none where a file is checked by itself. */
  complete: boolean;
}

/** The inputs as functions see them: by what was given, else by default. */
export class InputLookup implements Lookup<Slot> {
  private readonly slots = new Map<string, Slot>();
  readonly used = new Set<string>();

  constructor(
    private readonly schemas: ReadonlyMap<string, Schema>,
    private readonly given: GivenInputs['values'],
    private readonly scope: () => FunctionScope,
  ) {}

  get(name: string): Slot | undefined {
    this.used.add(name);
    return this.slot(name);
  }

  slot(name: string): Slot | undefined {
    const schema = this.schemas.get(name);
    if (schema === undefined) return undefined;
    let slot = this.slots.get(name);
    if (slot === undefined) {
      const node = Object.hasOwn(this.given, name)
        ? givenValue(this.given[name], schema, schema.place)
        : presetOf(schema);
      slot = { schema, node, scope: this.scope() };
      this.slots.set(name, slot);
    }
    return slot;
  }

  keys(): Iterable<string> {
    return this.schemas.keys();
  }
}

/** Every input with its value, checked against its definition. */
export function readInputs(
  schemas: ReadonlyMap<string, Schema>,
  lookup: InputLookup,
  given: GivenInputs,
  context: TemplateContext,
): Map<string, InputParameter> {
  const result = new Map<string, InputParameter>();
  for (const [name, schema] of schemas) {
    const node = lookup.slot(name)?.node;
    let value: unknown = UNRESOLVED;
    if (node !== undefined && (!isEmpty(node) || schema.required)) {
      value = context.values.readValue(node, schema, context.functions);
    } else if (!schema.required) {
      value = null;
    } else if (given.complete) {
      context.add(schema.place, {
        code: 'INPUT_MISSING',
        message: `No value was given for input ${clip(name)}, which has no default`,
        expected: schema.type === undefined ? 'a value' : `a value of type ${schema.type.name}`,
      });
    }
    result.set(name, { name, place: schema.place, schema, value });
  }
  for (const name of Object.keys(given.values)) {
    if (schemas.has(name)) continue;
    context.add(mapAt(context.template, 'inputs')?.place ?? context.template.place, {
      code: 'INPUT_UNKNOWN',
      message: `A value was given for ${clip(name)}, which is no input of the template`,
      expected: oneOf(schemas.keys()) ?? 'no inputs',
      nearest: () => nearestName(name, schemas.keys()),
    });
  }
  return result;
}

/** Every output with its value, as far as it is known before the service runs. */
export function readOutputs(
  schemas: ReadonlyMap<string, Schema>,
  context: TemplateContext,
): Map<string, OutputParameter> {
  const result = new Map<string, OutputParameter>();
  for (const [name, { keyPlace, node }] of mapAt(context.template, 'outputs')?.entries ?? []) {
    const schema = schemas.get(name);
    const written = outputValue(node, schema);
    result.set(name, {
      name,
      place: keyPlace,
      description: schema?.description ?? (node.kind === 'map' ? (textAt(node, 'description') ?? '') : ''),
      schema,
      value:
        written === undefined
          ? UNRESOLVED
          : context.values.readValue(
              written,
              schema?.type === undefined ? undefined : schema,
              context.functions,
            ),
    });
  }
  return result;
}

/** What `value` says; a mapping that is no definition, or anything else, is the value itself. */
function outputValue(node: SourceNode, schema: Schema | undefined): SourceNode | undefined {
  return (
    (node.kind === 'map' ? node.entries.get('value')?.node : undefined) ?? schema?.fixed ?? schema?.default
  );
}
