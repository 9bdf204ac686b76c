import { Findings } from '../finding.js';
import type { Finding } from '../finding.js';
import type { DataType, Primitive, Schema } from '../model/schema.js';
import { PRIMITIVES } from '../model/schema.js';
import type { ToscaVersion } from '../model/version.js';
import { readSource } from '../source/read-source.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import { Sources } from '../source/sources.js';
import { primitiveSchema } from './primitive-schema.js';
import type { Connection, Entity, FunctionScope, Lookup, Slot } from './scope.js';
import { ValueChecker } from './value-checker.js';

/** A small world for values: types and things of a service, written in YAML. */
export class World {
  readonly sources = new Sources();
  readonly findings = new Findings(this.sources);
  readonly checker = new ValueChecker(this.findings);
  readonly types = new Map<string, DataType>();

  constructor(readonly version: ToscaVersion) {
    for (const primitive of PRIMITIVES) {
      const { type } = primitiveSchema(primitive);
      if (type !== undefined) this.types.set(primitive, type);
    }
  }

  node(text: string): SourceNode {
    const node = readSource(this.sources, 'test.yaml', text, this.findings);
    if (node === undefined) throw new Error(`This is no YAML: ${text}`);
    return node;
  }

  /** `data_types`, in the order of derivation. */
  define(text: string): this {
    for (const [name, { node }] of entries(this.node(text))) {
      const parent = this.types.get(textAt(node, 'derived_from') ?? '');
      const definition = at(node, 'properties');
      const own = definition === undefined ? [] : entries(definition);
      const units = at(node, 'units');
      const type: DataType = {
        kind: 'data',
        name,
        place: node.place,
        open: false,
        properties: new Map(parent?.properties),
        constraints: [...(parent?.constraints ?? []), ...this.clauses(node)],
        ...(parent === undefined ? {} : { parent }),
        ...(parent?.primitive === undefined ? {} : { primitive: parent.primitive }),
        ...this.schemasOf(node, parent),
      };
      if (units !== undefined) {
        const factors = new Map(
          entries(units).map(([unit, { node: factor }]): [string, number] => [unit, Number(textOf(factor))]),
        );
        const canonical = [...factors].find(([, factor]) => factor === 1)?.[0] ?? '';
        type.units = { factors, canonical, integer: textAt(node, 'data_type') === 'integer' };
      } else if (parent?.units !== undefined) type.units = parent.units;
      this.types.set(name, type);
      for (const [property, { node: schema }] of own) {
        (type.properties as Map<string, Schema>).set(property, this.schemaOf(schema));
      }
    }
    return this;
  }

  /** A schema in the words of a property definition, or the name of a type alone. */
  schema(text: string): Schema {
    return this.schemaOf(this.node(text));
  }

  schemaOf(node: SourceNode): Schema {
    const name = node.kind === 'scalar' ? node.text : (textAt(node, 'type') ?? '');
    const fallback = at(node, 'default');
    return {
      place: node.place,
      description: '',
      type: this.types.get(name),
      required: textAt(node, 'required') !== 'false',
      constraints: this.clauses(node),
      status: 'supported',
      ...(fallback === undefined ? {} : { default: fallback }),
      ...this.schemasOf(node, undefined),
    };
  }

  slot(schema: string | undefined, value: string | undefined, scope: FunctionScope = this.scope()): Slot {
    return {
      schema: schema === undefined ? undefined : this.schema(schema),
      node: value === undefined ? undefined : this.node(value),
      scope,
    };
  }

  scope(more: Partial<FunctionScope> = {}): FunctionScope {
    return { version: this.version, inputs: new Map(), nodes: new Map(), relationships: new Map(), ...more };
  }

  /** What was found, as `CODE line:column`. */
  found(): string[] {
    return this.findings.all().map(short);
  }

  codes(): string[] {
    return this.findings
      .all()
      .filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);
  }

  private schemasOf(
    node: SourceNode,
    parent: DataType | undefined,
  ): { entrySchema?: Schema; keySchema?: Schema } {
    const entry = at(node, 'entry_schema');
    const key = at(node, 'key_schema');
    const entrySchema = entry === undefined ? parent?.entrySchema : this.schemaOf(entry);
    const keySchema = key === undefined ? parent?.keySchema : this.schemaOf(key);
    return { ...(entrySchema && { entrySchema }), ...(keySchema && { keySchema }) };
  }

  private clauses(node: SourceNode): SourceNode[] {
    const constraints = at(node, 'constraints');
    const validation = at(node, 'validation');
    return [
      ...(constraints?.kind === 'list' ? constraints.items : []),
      ...(validation === undefined ? [] : [validation]),
    ];
  }
}

const NOTHING: Lookup<never> = new Map<string, never>();

export function entity(title: string, parts: Partial<Entity> = {}): Entity {
  return { kind: 'node', title, properties: NOTHING, attributes: NOTHING, ...parts };
}

export function connect(source: Entity, target: Entity, parts: Partial<Connection> = {}): Connection {
  const capability = parts.capability;
  const relationship =
    parts.relationship ?? entity('relationship', { kind: 'relationship', source, target, capability });
  return { relationship, source, target, capability };
}

/** Reads a value and gives it, or the codes of what was found. */
export function read(version: ToscaVersion, schema: string, value: string, types = ''): unknown {
  const world = new World(version);
  if (types !== '') world.define(types);
  const result = world.checker.readValue(world.node(value), world.schema(schema), world.scope());
  const codes = world.codes();
  if (codes.length > 0) return codes;
  return result === UNRESOLVED ? 'UNRESOLVED' : result;
}

export function isPrimitive(name: string): name is Primitive {
  return (PRIMITIVES as readonly string[]).includes(name);
}

function short({ code, line, column }: Finding): string {
  return `${code} ${line}:${column}`;
}

function at(node: SourceNode, key: string): SourceNode | undefined {
  return node.kind === 'map' ? node.entries.get(key)?.node : undefined;
}

function textAt(node: SourceNode, key: string): string | undefined {
  const found = at(node, key);
  return found === undefined ? undefined : textOf(found);
}

function textOf(node: SourceNode): string | undefined {
  return node.kind === 'scalar' ? node.text : undefined;
}

function entries(node: SourceNode): [string, MapNode['entries'] extends Map<string, infer E> ? E : never][] {
  return node.kind === 'map' ? [...node.entries] : [];
}
