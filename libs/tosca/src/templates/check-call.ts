import { nearestName } from '@underware/core';
import type { Activity, Interface } from '../model/topology.js';
import type { Schema } from '../model/schema.js';
import type { SourceNode } from '../source/source-node.js';
import type { FunctionScope } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { textOf } from './entries.js';
import { presetOf } from './slot-lookup.js';

/** 2.0: a call gives an operation the inputs that it declares, and none that it does not. */
export function checkCall(
  { name, place, inputs }: Activity,
  called: { node: NodeDraft; interface: Interface; operation: string },
  scope: FunctionScope,
  context: TemplateContext,
): void {
  const definition = called.node.type?.interfaces.get(called.interface.name);
  const declared = definition?.operations.get(called.operation);
  if (definition === undefined || declared === undefined || definition.type?.open === true) return;
  const schemas = new Map<string, Schema>([...definition.inputs, ...declared.inputs]);
  for (const [input, { node, place: at }] of inputs) {
    const schema = schemas.get(input);
    if (schema === undefined) {
      context.add(at, {
        code: 'INPUT_UNKNOWN',
        message: `Operation ${clip(name)} has no input ${clip(input)}`,
        expected: oneOf(schemas.keys()) ?? 'no inputs',
        nearest: nearestName(input, schemas.keys()),
      });
      continue;
    }
    context.values.checkValue(node, schema, scope);
    const source = inputNamed(node);
    const optional = source === undefined ? undefined : scope.inputs?.get(source)?.schema;
    if (schema.required && optional?.required === false && presetOf(optional) === undefined) {
      context.add(at, {
        code: 'INPUT_MISSING',
        message: `Input ${clip(input)} of ${clip(name)} must have a value, and ${clip(source ?? '')} may have none`,
        expected: `an input that is required or has a default`,
      });
    }
  }
  const assigned = called.interface.operations.get(called.operation)?.inputs;
  for (const [input, schema] of schemas) {
    if (!schema.required || presetOf(schema) !== undefined || inputs.has(input)) continue;
    if (called.interface.inputs.has(input) || assigned?.has(input) === true) continue;
    context.add(place, {
      code: 'INPUT_MISSING',
      message: `The call of ${clip(name)} gives no value to its input ${clip(input)}`,
      expected: `${clip(input)}: a value${schema.type === undefined ? '' : ` of type ${schema.type.name}`}`,
    });
  }
}

/** Of a value that is just `{ $get_input: name }`. */
function inputNamed(node: SourceNode): string | undefined {
  if (node.kind !== 'map' || node.entries.size !== 1) return undefined;
  const argument = node.entries.get('$get_input')?.node;
  const first = argument?.kind === 'list' && argument.items.length === 1 ? argument.items[0] : argument;
  return textOf(first);
}
