import { nearestName } from '@underware/core';
import type { Assigned, Assignments } from '../model/topology.js';
import type { Schema } from '../model/schema.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { FunctionScope } from '../values/scope.js';
import { equalValues } from '../values/compare.js';
import { clip, oneOf } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { LazyMap, NOTHING } from './lazy-map.js';
import { presetOf } from './slot-lookup.js';

/** What the values belong to. */
export interface Owner {
  /** For messages: `node template web`. */
  title: string;
  /** Where what is missing is reported. */
  place: Place;
  /** More than the schemas say may exist: the type is not fully known. */
  open: boolean;
  /** Of functions in the values. */
  scope: FunctionScope;
}

export interface AssignmentKind {
  word: 'property' | 'attribute' | 'input';
  /** Whether what is mandatory must be there; not where values come later or from elsewhere. */
  complete: boolean;
  /** Authors may add to what the schemas say. */
  open: boolean;
  /** Of what is missing or unknown. */
  severity?: 'warning';
}

export const PROPERTIES: AssignmentKind = { word: 'property', complete: true, open: false };
export const SOME_PROPERTIES: AssignmentKind = { word: 'property', complete: false, open: false };
/** Of what is not written at all, which files of 1.x leave to those who use it. */
export const UNWRITTEN_PROPERTIES: AssignmentKind = { ...PROPERTIES, severity: 'warning' };
/** What an allocation takes: names of no property of the capability are read, with a warning. */
export const ALLOCATIONS: AssignmentKind = { ...SOME_PROPERTIES, severity: 'warning' };
export const ATTRIBUTES: AssignmentKind = { word: 'attribute', complete: false, open: false };
export const INPUTS: AssignmentKind = { word: 'input', complete: false, open: true };

type Schemas = ReadonlyMap<string, Schema>;

/** Values against the schemas of their type: those given at once, the defaults of the others when they are asked for. */
export function readAssignments(
  given: MapNode | undefined,
  schemas: Schemas,
  owner: Owner,
  kind: AssignmentKind,
  context: TemplateContext,
  /** Names that have their value from elsewhere. */
  provided?: ReadonlySet<string>,
): Assignments {
  if (given === undefined && schemas.size === 0) return NOTHING;
  const { preset, mandatory } = summaryOf(schemas);
  if (kind.complete) {
    for (const name of mandatory) {
      if (given?.entries.has(name) !== true && provided?.has(name) !== true) {
        reportMissing(name, schemas.get(name), owner, kind, context);
      }
    }
  }
  const own =
    given === undefined || given.entries.size === 0
      ? NOTHING
      : readGiven(given, schemas, owner, kind, context);
  if (preset.size === 0) return own;
  return new LazyMap<Assigned>(own, preset, (name) => {
    const schema = schemas.get(name);
    const node = presetOf(schema);
    if (schema === undefined || node === undefined) return undefined;
    const value = context.values.readPreset(node, schema, owner.scope);
    return { name, place: owner.place, value, given: false, node, schema };
  });
}

function readGiven(
  given: MapNode,
  schemas: Schemas,
  owner: Owner,
  kind: AssignmentKind,
  context: TemplateContext,
): Assignments {
  const { scope } = owner;
  const open = owner.open || kind.open;
  const result = new Map<string, Assigned>();
  for (const [name, { keyPlace, node }] of given.entries) {
    const schema = schemas.get(name);
    if (schema === undefined && !open) {
      reportUnknown(name, keyPlace, schemas, owner, kind, context);
      if (kind !== ALLOCATIONS) continue;
    }
    if (schema?.fixed !== undefined && context.is2) {
      context.add(keyPlace, {
        code: 'REFINEMENT_INVALID',
        message: `${capitalized(kind.word)} ${clip(name)} of ${owner.title} has a fixed value by its type`,
        expected: 'no assignment',
      });
    }
    const written = kind === INPUTS && !context.is2 && isDefinition(node, schema) ? definedValue(node) : node;
    if (written === undefined) continue;
    const value = context.values.readValue(written, schema, scope);
    if (schema?.fixed !== undefined && !context.is2) {
      const fixed = context.values.readPreset(schema.fixed, schema, scope);
      if (equalValues(value, fixed, schema.type?.primitive) === false) {
        context.add(keyPlace, {
          code: 'REFINEMENT_INVALID',
          message: `${capitalized(kind.word)} ${clip(name)} of ${owner.title} has a fixed value by its type`,
          expected: 'no other value',
        });
      }
    }
    result.set(name, { name, place: written.place, value, given: true, node: written, schema });
  }
  return result;
}

const DEFINITION_KEYS = new Set([
  'type',
  'description',
  'required',
  'default',
  'value',
  'status',
  'constraints',
  'entry_schema',
]);

/** Files of 1.x also define an input where they should give it a value. */
function isDefinition(node: SourceNode, schema: Schema | undefined): node is MapNode {
  if (node.kind !== 'map' || node.entries.get('type')?.node.kind !== 'scalar') return false;
  const primitive = schema?.type?.primitive;
  const isStruct =
    schema?.type !== undefined && (primitive === undefined || primitive === 'map' || primitive === 'any');
  return !isStruct && [...node.entries.keys()].every((key) => DEFINITION_KEYS.has(key));
}

function definedValue(node: MapNode): SourceNode | undefined {
  return (node.entries.get('value') ?? node.entries.get('default'))?.node;
}

interface Summary {
  /** Names with a default or a fixed value. */
  preset: ReadonlySet<string>;
  /** Names that must be given. */
  mandatory: readonly string[];
}
const SUMMARIES = new WeakMap<Schemas, Summary>();

/** The same for every template of a type. */
function summaryOf(schemas: Schemas): Summary {
  let summary = SUMMARIES.get(schemas);
  if (summary === undefined) {
    const preset = new Set<string>();
    const mandatory: string[] = [];
    for (const [name, schema] of schemas) {
      if (presetOf(schema) !== undefined) preset.add(name);
      else if (schema.required) mandatory.push(name);
    }
    summary = { preset, mandatory };
    SUMMARIES.set(schemas, summary);
  }
  return summary;
}

/** Is there one that must be given? */
export function hasMandatory(schemas: Schemas): boolean {
  return summaryOf(schemas).mandatory.length > 0;
}

function reportMissing(
  name: string,
  schema: Schema | undefined,
  { title, place }: Owner,
  { word, severity }: AssignmentKind,
  context: TemplateContext,
): void {
  context.add(place, {
    code: 'PROPERTY_MISSING',
    ...(severity === undefined ? {} : { severity }),
    message: `${capitalized(title)} has no value for its mandatory ${word} ${clip(name)}`,
    expected: `${clip(name)}: a value${schema?.type === undefined ? '' : ` of type ${schema.type.name}`}`,
  });
}

function reportUnknown(
  name: string,
  place: Place,
  schemas: Schemas,
  { title }: Owner,
  { word, severity }: AssignmentKind,
  context: TemplateContext,
): void {
  context.add(place, {
    ...(severity === undefined ? {} : { severity }),
    code: word === 'attribute' ? 'ATTRIBUTE_UNKNOWN' : 'PROPERTY_UNKNOWN',
    message: `${capitalized(title)} has no ${word} ${clip(name)}`,
    expected: oneOf(schemas.keys()),
    nearest: () => nearestName(name, schemas.keys()),
  });
}

/** At the beginning of a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
