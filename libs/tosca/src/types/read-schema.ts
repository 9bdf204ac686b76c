import { CONSTRUCTS } from '../grammar/constructs.js';
import type { DataType, Schema } from '../model/schema.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { isSame } from '../source/is-same.js';
import { mapAt, nodeAt, textAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

/** What is defined: a parameter may go without a type, and an attribute is never required. */
export type SchemaKind = 'property' | 'attribute' | 'argument';

/** The definitions in the mapping at `section`, each over the inherited one of its name. */
export function readSchemas(
  owner: MapNode,
  section: string,
  kind: SchemaKind,
  inherited: ReadonlyMap<string, Schema> | undefined,
  reader: TypeReader,
): ReadonlyMap<string, Schema> {
  const own = new Map<string, Schema>();
  for (const [name, { keyPlace, node }] of mapAt(owner, section)?.entries ?? []) {
    own.set(name, readSchema(name, node, keyPlace, kind, inherited?.get(name), reader));
  }
  return reader.fold(inherited, own);
}

/** The same where nothing but a parent can have defined what a value is given to: in 2.0, values need a definition. */
export function readDeclared(
  owner: MapNode,
  section: string,
  inherited: ReadonlyMap<string, Schema> | undefined,
  reader: TypeReader,
): ReadonlyMap<string, Schema> {
  for (const [name, { keyPlace, node }] of mapAt(owner, section)?.entries ?? []) {
    if (!reader.isTwo || inherited?.has(name) === true || isDefinition(node, 'argument')) continue;
    reader.missing(keyPlace, `${name.slice(0, 80)} of ${section} is a value: it has no type`, 'type');
  }
  return readSchemas(owner, section, 'argument', inherited, reader);
}

export function readSchema(
  name: string,
  node: SourceNode,
  place: Place,
  kind: SchemaKind,
  inherited: Schema | undefined,
  reader: TypeReader,
): Schema {
  const schema = isDefinition(node, kind)
    ? definition(name, node, place, kind, inherited, reader)
    : valued(name, node, place, kind, inherited, reader);
  reader.schemas.push(schema);
  return schema;
}

function isDefinition(node: SourceNode, kind: SchemaKind): node is MapNode {
  if (node.kind !== 'map') return false;
  const { keys } = CONSTRUCTS[kind];
  return node.entries.size === 0 || [...node.entries.keys()].some((key) => Object.hasOwn(keys, key));
}

/** A value alone: 2.0 fixes an inherited property so, and every version gives a value to a parameter so. */
function valued(
  name: string,
  node: SourceNode,
  place: Place,
  kind: SchemaKind,
  inherited: Schema | undefined,
  reader: TypeReader,
): Schema {
  const empty: Schema = {
    place,
    description: '',
    type: undefined,
    required: true,
    constraints: [],
    status: 'supported',
  };
  if (kind === 'argument') return { ...(inherited ?? empty), place, default: node };
  if (inherited === undefined) {
    if (!reader.open) {
      reader.report.add(node.place, {
        code: reader.isStrict ? 'KEYWORD_MISSING' : 'KEYWORD_INVALID',
        message: `The ${kind} ${name.slice(0, 80)} is inherited from nowhere: it has no type`,
        expected: 'a mapping with a type',
      });
    }
    return { ...empty, place };
  }
  checkFixed(name, place, node, inherited, reader);
  return { ...inherited, place, fixed: node };
}

function definition(
  name: string,
  node: MapNode,
  place: Place,
  kind: SchemaKind,
  inherited: Schema | undefined,
  reader: TypeReader,
): Schema {
  const named = nodeAt(node, 'type');
  const type = named === undefined ? inherited?.type : reader.type('data', named);
  if (named === undefined && inherited === undefined && kind !== 'argument') {
    reader.missing(place, `The ${kind} ${name.slice(0, 80)} has no type`, 'type');
  }
  reader.checkRefined(named?.place ?? place, `The ${kind} ${name.slice(0, 80)}`, type, inherited?.type);
  const value = node.entries.get('value');
  if (inherited !== undefined) checkFixed(name, place, value?.node, inherited, reader);
  else if (value !== undefined && kind === 'property' && !reader.isTwo && !reader.open) {
    reader.refinement(value.keyPlace, {
      message: `${name.slice(0, 80)} is defined here: only a refinement of it may fix its value`,
      expected: 'a default',
    });
  }
  const entrySchema = readEntrySchema(node, 'entry_schema', inherited?.entrySchema, type, reader);
  const keySchema = readEntrySchema(node, 'key_schema', inherited?.keySchema, type, reader);
  const fallback = node.entries.get('default')?.node ?? inherited?.default;
  const fixed = value?.node ?? inherited?.fixed;
  if (named !== undefined) checkEntrySchema(name, place, type, entrySchema, reader);
  return {
    place,
    description: textAt(node, 'description') || (inherited?.description ?? ''),
    type,
    required: readRequired(name, node, kind, inherited, reader),
    ...(fallback === undefined ? {} : { default: fallback }),
    constraints: [...(inherited?.constraints ?? []), ...readClauses(node)],
    ...(entrySchema === undefined ? {} : { entrySchema }),
    ...(keySchema === undefined ? {} : { keySchema }),
    ...(fixed === undefined ? {} : { fixed }),
    status: readStatus(node, inherited, reader),
  };
}

/** `constraints` of 1.x, `validation` of 2.0. */
export function readClauses(node: MapNode): SourceNode[] {
  const constraints = nodeAt(node, 'constraints');
  const validation = nodeAt(node, 'validation');
  return [
    ...(constraints?.kind === 'list' ? constraints.items : []),
    ...(validation === undefined ? [] : [validation]),
  ];
}

function readRequired(
  name: string,
  node: MapNode,
  kind: SchemaKind,
  inherited: Schema | undefined,
  reader: TypeReader,
): boolean {
  if (kind === 'attribute') return false;
  const written = nodeAt(node, 'required');
  if (written?.kind !== 'scalar') return inherited?.required ?? true;
  const required = /^(?:true|yes|on)$/i.test(written.text);
  if (!required && inherited?.required === true) {
    reader.refinement(written.place, {
      message: `${name.slice(0, 80)} is required by the type it is inherited from`,
      expected: 'required: true',
    });
  }
  return required;
}

const STATUSES = ['supported', 'unsupported', 'experimental', 'deprecated'] as const;

function readStatus(node: MapNode, inherited: Schema | undefined, reader: TypeReader): Schema['status'] {
  const written = nodeAt(node, 'status');
  if (written?.kind !== 'scalar') return inherited?.status ?? 'supported';
  const status = STATUSES.find((each) => each === written.text.toLowerCase());
  if (status !== written.text) {
    reader.report.add(written.place, {
      code: 'KEYWORD_INVALID',
      ...(status === undefined ? {} : { severity: 'warning' }),
      message: `${written.text.slice(0, 80)} is no status`,
      expected: `one of ${STATUSES.join(', ')}`,
    });
  }
  return status ?? 'supported';
}

/** A fixed value may be repeated, not changed; 2.0 lets nothing else of the definition change either. */
function checkFixed(
  name: string,
  place: Place,
  value: SourceNode | undefined,
  inherited: Schema,
  reader: TypeReader,
): void {
  if (inherited.fixed === undefined) return;
  if (value === undefined ? !reader.isTwo : isSame(value, inherited.fixed)) return;
  reader.refinement(place, {
    message: `${name.slice(0, 80)} has a fixed value, which cannot be refined`,
    expected: 'no definition of it here',
  });
}

/** The schema of entries or keys at a keyname: a name of a type, or a mapping. */
export function readEntrySchema(
  owner: MapNode,
  section: 'entry_schema' | 'key_schema',
  inherited: Schema | undefined,
  ownerType: DataType | undefined,
  reader: TypeReader,
): Schema | undefined {
  const node = nodeAt(owner, section);
  if (node === undefined || node.kind === 'list') return inherited;
  const primitive = ownerType?.primitive;
  const fits = primitive === 'map' || (section === 'entry_schema' && primitive === 'list');
  if (!fits && ownerType !== undefined && !ownerType.open && primitive !== 'any') {
    reader.report.add(owner.entries.get(section)?.keyPlace ?? node.place, {
      code: 'KEYWORD_INVALID',
      // 1.x files often keep an entry_schema on what is no list any more; nothing reads it.
      ...(reader.isTwo ? {} : { severity: 'warning' }),
      message: `${ownerType.name} has no ${section === 'entry_schema' ? 'entries' : 'keys'}`,
      expected: `a ${section === 'entry_schema' ? 'list or map' : 'map'}, or no ${section}`,
    });
  }
  return readAnonymous(node, inherited, reader);
}

/** A schema without a name: of entries, keys, arguments and results of functions. */
export function readAnonymous(node: SourceNode, inherited: Schema | undefined, reader: TypeReader): Schema {
  const named = node.kind === 'map' ? nodeAt(node, 'type') : node;
  const type = reader.type('data', named) ?? (named === undefined ? inherited?.type : undefined);
  if (named === undefined && inherited === undefined && reader.isTwo) {
    reader.report.add(node.place, {
      code: 'KEYWORD_MISSING',
      message: 'A schema has no type, and inherits none',
      expected: 'type: …',
    });
  }
  reader.checkRefined(node.place, 'The entry', type, inherited?.type);
  const body: MapNode = node.kind === 'map' ? node : { kind: 'map', place: node.place, entries: new Map() };
  const entrySchema = readEntrySchema(body, 'entry_schema', inherited?.entrySchema, type, reader);
  const keySchema = readEntrySchema(body, 'key_schema', inherited?.keySchema, type, reader);
  if (node.kind === 'map') checkEntrySchema('The entry', node.place, type, entrySchema, reader);
  return {
    place: node.place,
    description: textAt(body, 'description'),
    type,
    required: true,
    constraints: [...(inherited?.constraints ?? []), ...readClauses(body)],
    ...(entrySchema === undefined ? {} : { entrySchema }),
    ...(keySchema === undefined ? {} : { keySchema }),
    status: 'supported',
  };
}

/** In 2.0 a list or map says what it holds; 1.x takes strings where it does not. */
function checkEntrySchema(
  name: string,
  place: Place,
  type: DataType | undefined,
  entrySchema: Schema | undefined,
  reader: TypeReader,
): void {
  if (!reader.isTwo || type === undefined || type.open || entrySchema !== undefined) return;
  if ((type.primitive !== 'list' && type.primitive !== 'map') || type.entrySchema !== undefined) return;
  reader.report.add(place, {
    code: 'KEYWORD_MISSING',
    message: `${name.slice(0, 80)} is a ${type.primitive} and does not say of what`,
    expected: 'entry_schema: …',
  });
}
