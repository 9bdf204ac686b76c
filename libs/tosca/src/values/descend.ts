import { nearestName } from '@underware/core';
import type { Schema } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { Call, Result } from './call.js';
import { UNKNOWN } from './call.js';
import { isRecord } from './compare.js';
import { entrySchemaOf } from './primitive-schema.js';
import type { Value } from './scope.js';
import { clip, oneOf, withArticle } from './shown.js';
import type { Step } from './step.js';

/** Follows the names and indices that lead into a value; a step that leads nowhere is reported. */
export function descend(from: Result, steps: readonly Step[], call: Call): Result {
  let at = from;
  for (const step of steps) {
    const next = step.dynamic ? dynamicEntry(at) : oneStep(at, step, call);
    if (next === undefined) return UNKNOWN;
    at = next;
  }
  return at;
}

/** An entry whose name or index only the run will know. */
function dynamicEntry({ schema }: Result): Result {
  return { value: UNRESOLVED, schema: entrySchemaOf(schema) };
}

function oneStep({ value, schema }: Result, step: Step, call: Call): Result | undefined {
  const type = schema?.type;
  const primitive = type?.primitive;
  if (type !== undefined && primitive === undefined) {
    const field = type.properties.get(step.text);
    if (field !== undefined) return { value: memberOf(value, step.text), schema: field };
    if (type.open) return UNKNOWN;
    call.add(step.place, {
      code: 'PROPERTY_UNKNOWN',
      message: `The type ${type.name} has no property ${clip(step.text)}`,
      expected: oneOf(type.properties.keys()),
      nearest: () => nearestName(step.text, type.properties.keys()),
    });
    return undefined;
  }
  if (primitive === 'list' || primitive === 'range' || (primitive === undefined && Array.isArray(value))) {
    return itemOf(value, entrySchemaOf(schema), step, call);
  }
  if (primitive === 'map' || (primitive === undefined && isRecord(value))) {
    const known = isRecord(value);
    if (known && !Object.hasOwn(value, step.text)) {
      return invalid(call, step, `The map has no key ${clip(step.text)}`, oneOf(Object.keys(value)));
    }
    return { value: memberOf(value, step.text), schema: entrySchemaOf(schema) };
  }
  // Text may hold anything: of json, of a type that is not known.
  if (primitive === undefined || primitive === 'any') return UNKNOWN;
  return invalid(
    call,
    step,
    `There is nothing inside of ${withArticle(type?.name ?? primitive)}, and so no ${clip(step.text)}`,
  );
}

function itemOf(value: Value, schema: Schema | undefined, step: Step, call: Call): Result | undefined {
  if (step.index === undefined) {
    return invalid(call, step, `${clip(step.text)} is no index of a list`, 'an integer from 0');
  }
  if (!Array.isArray(value)) return { value: UNRESOLVED, schema };
  if (step.index >= value.length) {
    return invalid(call, step, `The list has ${value.length} items, and none at ${step.index}`);
  }
  return { value: value[step.index], schema };
}

function memberOf(value: Value, key: string): Value {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : UNRESOLVED;
}

function invalid(call: Call, step: Step, message: string, expected?: string): undefined {
  call.add(step.place, { code: 'FUNCTION_INVALID', message, expected });
  return undefined;
}
