import type { Assigned } from '../model/topology.js';
import type { Schema } from '../model/schema.js';
import { nearestName } from '../nearest-name.js';
import type { MapNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { FunctionScope } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { presetOf } from './slot-lookup.js';

export interface AssignmentRules {
  /** For messages: `node template web`. */
  title: string;
  /** Where what is missing is reported. */
  place: Place;
  kind: 'property' | 'attribute' | 'input';
  /** More than the schemas say may exist: the type is not fully known, or authors may add to it. */
  open: boolean;
  /** False where values come later or from elsewhere. */
  complete: boolean;
  /** Names that have their value from elsewhere. */
  provided?: ReadonlySet<string> | undefined;
}

/** Values against the schemas of their type: those given, then the defaults of the others. */
export function readAssignments(
  given: MapNode | undefined,
  schemas: ReadonlyMap<string, Schema>,
  rules: AssignmentRules,
  scope: FunctionScope,
  context: TemplateContext,
): Map<string, Assigned> {
  const result = new Map<string, Assigned>();
  for (const [name, { keyPlace, node }] of given?.entries ?? []) {
    const schema = schemas.get(name);
    if (schema === undefined && !rules.open) {
      reportUnknown(name, keyPlace, schemas, rules, context);
      continue;
    }
    if (schema?.fixed !== undefined && context.is2) {
      context.add(keyPlace, {
        code: 'REFINEMENT_INVALID',
        message: `${capitalized(rules.kind)} ${clip(name)} of ${rules.title} has a fixed value by its type`,
        expected: 'no assignment',
      });
    }
    const value = context.values.readValue(node, schema, scope);
    result.set(name, { name, place: node.place, value, given: true, node, schema });
  }
  for (const [name, schema] of schemas) {
    if (given?.entries.has(name)) continue;
    const node = presetOf(schema);
    if (node !== undefined) {
      const value = context.values.readValue(node, schema, scope);
      result.set(name, { name, place: rules.place, value, given: false, node, schema });
    } else if (schema.required && rules.complete && rules.provided?.has(name) !== true) {
      context.add(rules.place, {
        code: 'PROPERTY_MISSING',
        message: `${capitalized(rules.title)} has no value for its mandatory ${rules.kind} ${clip(name)}`,
        expected: `${clip(name)}: a value${schema.type === undefined ? '' : ` of type ${schema.type.name}`}`,
      });
    }
  }
  return result;
}

function reportUnknown(
  name: string,
  place: Place,
  schemas: ReadonlyMap<string, Schema>,
  { kind, title }: AssignmentRules,
  context: TemplateContext,
): void {
  context.add(place, {
    code: kind === 'attribute' ? 'ATTRIBUTE_UNKNOWN' : 'PROPERTY_UNKNOWN',
    message: `${capitalized(title)} has no ${kind} ${clip(name)}`,
    expected: oneOf(schemas.keys()),
    nearest: nearestName(name, schemas.keys()),
  });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
