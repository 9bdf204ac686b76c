import { nearestName } from '@underware/core';
import type { DataType, Schema } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { MapNode, ScalarNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { resolvePlain } from '../source/resolve-plain.js';
import { entrySchemaOf, keySchemaOf, primitiveSchema, schemaOfType } from './primitive-schema.js';
import { readScalar } from './read-scalar.js';
import { isCallKey, strayCall, unescape } from './recognise-call.js';
import type { FunctionScope, Value } from './scope.js';
import { clip, oneOf, shown, withArticle } from './shown.js';
import { specialProblem } from './special-types.js';
import { editionOf } from './surroundings.js';
import type { Read, Surroundings } from './surroundings.js';

/** Defaults filled in, in one compilation: a few types whose fields have defaults can stand for billions of values. */
const MOST_DEFAULTS = 500_000;

/** Reads what is written as data and not as the call of a function. What is inside may be calls again. */
export class LiteralReader {
  private defaults = 0;

  constructor(
    private readonly read: Read,
    /** Tries the clauses on a value; false where one does not hold, as reported. */
    private readonly constrain: (node: SourceNode, value: Value, schema: Schema, at: Surroundings) => boolean,
  ) {}

  readLiteral(node: SourceNode, schema: Schema | undefined, at: Surroundings): Value {
    if (node.kind === 'map' && is2(at)) this.checkStray(node, at);
    const type = schema?.type;
    if (schema === undefined || type === undefined || type.primitive === 'any')
      return this.readPlain(node, at);
    if (node.kind === 'scalar' && node.value === UNRESOLVED) return UNRESOLVED;
    if (isAbsent(node, at.scope) && type.primitive !== 'nil') return this.readAbsent(node, schema, at);
    const value = this.readTyped(node, schema, type, at);
    if (value === UNRESOLVED) return UNRESOLVED;
    const problem = specialProblem(type, value);
    if (problem !== undefined) return mismatch(node, type, at, problem);
    return this.constrain(node, value, schema, at) ? value : UNRESOLVED;
  }

  private readTyped(node: SourceNode, schema: Schema, type: DataType, at: Surroundings): Value {
    switch (type.primitive) {
      case undefined:
        return this.readStruct(node, type, at);
      case 'list':
        return this.readList(node, schema, type, at);
      case 'map':
        return this.readMap(node, schema, type, at);
      case 'range':
        return this.readRange(node, type, at);
      default: {
        if (node.kind !== 'scalar') return mismatch(node, type, at);
        const edition = editionOf(at.scope.version);
        // 2.0 takes no YAML type beyond the core ones, as what they mean differs between tools.
        if (edition === '2.0' && node.tag !== undefined) {
          return mismatch(node, type, at, `a value without the tag ${clip(node.tag)}`);
        }
        const text = edition === '2.0' && node.text.startsWith('$$') ? unescaped(node) : node;
        const reading = readScalar(text, type, { edition, nested: at.nested });
        if (!('value' in reading)) return mismatch(node, type, at, reading.expected, reading.nearest);
        return this.isNumberOf(text, type, at) ? reading.value : UNRESOLVED;
      }
    }
  }

  /** 2.0: may the number before the unit be one of the scalar's? */
  private isNumberOf(node: ScalarNode, { units }: DataType, at: Surroundings): boolean {
    if (units?.number === undefined || units.number.constraints.length === 0) return true;
    const text = node.text.trim().split(/\s/, 1)[0] ?? '';
    const number: ScalarNode = { ...node, text, value: Number(text), quoted: false };
    return this.constrain(number, number.value, schemaOfType(units.number), at);
  }

  private checkStray(node: MapNode, at: Surroundings): void {
    const stray = strayCall(node);
    if (stray === undefined) return;
    at.report?.add(stray.place, {
      code: 'FUNCTION_INVALID',
      message: `The call of ${clip(stray.name)} is not the only key of its mapping`,
      expected: `$${clip(stray.name)} where it is a key and no call`,
    });
  }

  /** 1.x: a key without a value is as good as none. */
  private readAbsent(node: SourceNode, schema: Schema, at: Surroundings): Value {
    if (schema.default !== undefined && !isAbsent(schema.default, at.scope)) {
      return this.readDefault(schema.default, schema, at);
    }
    if (!schema.required) return null;
    at.report?.add(node.place, {
      code: 'PROPERTY_MISSING',
      // Authors leave values to others so, and write null where they mean one: right as a file, not to be deployed.
      severity: 'warning',
      message: 'A value is required here, and there is none',
      expected: withArticle(schema.type?.name ?? 'value'),
    });
    return UNRESOLVED;
  }

  private readList(node: SourceNode, schema: Schema, type: DataType, at: Surroundings): Value {
    if (node.kind !== 'list') return mismatch(node, type, at, 'a list');
    const entry = entrySchemaOf(schema);
    const inside = within(at);
    return node.items.map((item) => this.read(item, entry, inside).value);
  }

  private readMap(node: SourceNode, schema: Schema, type: DataType, at: Surroundings): Value {
    if (node.kind !== 'map') return mismatch(node, type, at, 'a map');
    const entry = entrySchemaOf(schema);
    const key = keySchemaOf(schema);
    const inside = within(at);
    const value: [string, Value][] = [];
    for (const [name, { keyPlace, node: item }] of node.entries) {
      if (key !== undefined && !isCallKey(name)) this.readKey(name, keyPlace, key, inside);
      value.push([keyName(name, at), this.read(item, entry, inside).value]);
    }
    return Object.fromEntries(value);
  }

  private readKey(name: string, place: Place, schema: Schema, at: Surroundings): void {
    const quoted = schema.type?.primitive === 'string';
    this.read(
      { kind: 'scalar', place, value: quoted ? name : resolvePlain(name), text: name, quoted },
      schema,
      at,
    );
  }

  private readRange(node: SourceNode, type: DataType, at: Surroundings): Value {
    const [lower, upper, more] = node.kind === 'list' ? node.items : [];
    if (lower === undefined || upper === undefined || more !== undefined) {
      return mismatch(node, type, at, 'a lower and an upper bound, as in [ 1, 4 ]');
    }
    const bound = (item: SourceNode, unbounded: number): Value =>
      item.kind === 'scalar' && item.text === 'UNBOUNDED'
        ? unbounded
        : this.read(item, primitiveSchema('integer'), within(at)).value;
    const least = bound(lower, -Infinity);
    const most = bound(upper, Infinity);
    if (typeof least === 'number' && typeof most === 'number' && least > most) {
      return mismatch(node, type, at, 'a lower bound that is not above the upper one');
    }
    return least === UNRESOLVED || most === UNRESOLVED ? UNRESOLVED : [least, most];
  }

  private readStruct(node: SourceNode, type: DataType, at: Surroundings): Value {
    // What an unread ancestor is may be no struct.
    if (node.kind !== 'map' && type.open) return this.readPlain(node, at);
    if (node.kind !== 'map') {
      const names = oneOf(type.properties.keys());
      return mismatch(node, type, at, names === undefined ? 'a mapping' : `a mapping with ${names}`);
    }
    const inside = within(at);
    const value = new Map<string, Value>();
    for (const [written, { keyPlace, node: item }] of node.entries) {
      const name = keyName(written, at);
      const field = type.properties.get(name);
      if (field === undefined && !type.open && !isCallKey(written)) unknownField(name, keyPlace, type, at);
      value.set(name, this.read(item, field, inside).value);
    }
    for (const [name, field] of type.properties) {
      if (value.has(name)) continue;
      const fallback = field.fixed ?? field.default;
      if (fallback !== undefined && !isAbsent(fallback, at.scope)) {
        value.set(name, this.readDefault(fallback, field, inside));
      } else if (field.required) {
        at.report?.add(node.place, {
          code: 'PROPERTY_MISSING',
          message: `The property ${clip(name)} of ${type.name} has no value`,
          expected: `${clip(name)}: ${withArticle(field.type?.name ?? 'value')}`,
        });
      }
    }
    return Object.fromEntries(value);
  }

  /** Silently: it is checked where it is defined. */
  private readDefault(node: SourceNode, schema: Schema, at: Surroundings): Value {
    this.defaults += 1;
    if (this.defaults > MOST_DEFAULTS) return UNRESOLVED;
    return this.read(node, schema, { ...at, report: undefined }).value;
  }

  /** Without a type: data as it is, functions evaluated. */
  private readPlain(node: SourceNode, at: Surroundings): Value {
    switch (node.kind) {
      case 'scalar':
        return typeof node.value === 'string' ? keyName(node.value, at) : node.value;
      case 'list':
        return node.items.map((item) => this.read(item, undefined, within(at)).value);
      case 'map': {
        const value: [string, Value][] = [];
        for (const [key, { node: item }] of node.entries) {
          value.push([keyName(key, at), this.read(item, undefined, within(at)).value]);
        }
        return Object.fromEntries(value);
      }
    }
  }
}

/** 1.x: written as a key without a value, or null. */
export function isAbsent(node: SourceNode, scope: FunctionScope): boolean {
  return node.kind === 'scalar' && node.value === null && scope.version !== 'tosca_2_0';
}

export function mismatch(
  node: SourceNode,
  type: DataType,
  at: Surroundings,
  expected?: string,
  nearest?: string,
): typeof UNRESOLVED {
  at.report?.add(node.place, {
    code: 'TYPE_MISMATCH',
    message: `${shown(node)} is no value of type ${type.name}`,
    expected: expected ?? withArticle(type.primitive ?? 'mapping'),
    nearest,
  });
  return UNRESOLVED;
}

function unknownField(name: string, place: Place, type: DataType, at: Surroundings): void {
  at.report?.add(place, {
    code: 'PROPERTY_UNKNOWN',
    message: `The type ${type.name} has no property ${clip(name)}`,
    expected: oneOf(type.properties.keys()),
    nearest: () => nearestName(name, type.properties.keys()),
  });
}

function within(at: Surroundings): Surroundings {
  return at.nested ? at : { ...at, nested: true };
}

function is2({ scope }: Surroundings): boolean {
  return scope.version === 'tosca_2_0';
}

function keyName(name: string, at: Surroundings): string {
  return is2(at) ? unescape(name) : name;
}

function unescaped(node: ScalarNode): ScalarNode {
  const text = unescape(node.text);
  return { ...node, text, value: typeof node.value === 'string' ? text : node.value };
}
