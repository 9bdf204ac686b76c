import { nearestName } from '@underware/core';
import type { Note } from '../finding.js';
import type { Primitive, Schema } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { all, any, COMPARABLE, compareValues, equalValues, lengthOf } from './compare.js';
import type { Patterns } from './pattern.js';
import { entrySchemaOf, primitiveSchema } from './primitive-schema.js';
import type { Value } from './scope.js';
import { schemaProblem } from './external-schema.js';
import { clip, shown, shownExpression } from './shown.js';
import { COMPARED } from './work.js';

/** A clause of 1.x, ready to be tried on values. */
export interface Clause {
  /** What a value has to be, in words. */
  expected: string;
  /** Undefined where it is not known. */
  holds(value: Value): boolean | undefined;
}

/** What a clause needs of its surroundings: operands are values of the constrained type, and may be functions. */
export interface ClauseReader {
  read(node: SourceNode, schema: Schema): { value: Value } | { wrong: true };
  add(place: Place, note: Note): void;
  patterns: Patterns;
  /** 1.x: a value alone is what the constrained one has to be. */
  bare: boolean;
}

const OPERATORS = [
  'equal',
  'greater_than',
  'greater_or_equal',
  'less_than',
  'less_or_equal',
  'in_range',
  'valid_values',
  'length',
  'min_length',
  'max_length',
  'pattern',
  'schema',
] as const;
type Operator = (typeof OPERATORS)[number];

const HAS_LENGTH: ReadonlySet<Primitive> = new Set<Primitive>(['string', 'list', 'map', 'bytes']);
const IS_TEXT: ReadonlySet<Primitive> = new Set<Primitive>(['string', 'version', 'timestamp']);

/** Reads an item of `constraints`; undefined where it is not well formed, which is reported. */
export function readClause(node: SourceNode, schema: Schema, reader: ClauseReader): Clause | undefined {
  if (node.kind === 'scalar' && node.value !== null && reader.bare && !isOperator(node.text)) {
    return new ClauseBuilder(schema, reader).build('equal', node);
  }
  const [entry] = node.kind === 'map' ? node.entries : [];
  if (node.kind !== 'map' || entry === undefined || node.entries.size !== 1) {
    reader.add(node.place, {
      code: 'CONSTRAINT_INVALID',
      message: 'A constraint is one operator with its operand',
      expected: 'for instance in_range: [ 1, 4 ]',
    });
    return undefined;
  }
  const [name, { keyPlace, node: operand }] = entry;
  if (!isOperator(name)) {
    reader.add(keyPlace, {
      code: 'CONSTRAINT_INVALID',
      message: `There is no constraint ${clip(name)}`,
      expected: `one of ${OPERATORS.join(', ')}`,
      nearest: () => nearestName(name, OPERATORS),
    });
    return undefined;
  }
  const primitive = schema.type?.primitive;
  const misfit = primitive === undefined || primitive === 'any' ? undefined : refuse(name, primitive);
  if (misfit !== undefined) {
    reader.add(keyPlace, {
      code: 'CONSTRAINT_INVALID',
      message: `The constraint ${name} does not apply to the type ${schema.type?.name ?? primitive}`,
      expected: misfit,
    });
    return undefined;
  }
  return new ClauseBuilder(schema, reader).build(name, operand);
}

function isOperator(name: string): name is Operator {
  return (OPERATORS as readonly string[]).includes(name);
}

/** What the operator is for, where it is not for this type. */
function refuse(operator: Operator, primitive: Primitive): string | undefined {
  switch (operator) {
    case 'greater_than':
    case 'greater_or_equal':
    case 'less_than':
    case 'less_or_equal':
      return COMPARABLE.has(primitive) ? undefined : 'a type whose values have an order';
    case 'in_range':
      return COMPARABLE.has(primitive) || primitive === 'range'
        ? undefined
        : 'a type whose values have an order';
    case 'length':
    case 'min_length':
    case 'max_length':
      return HAS_LENGTH.has(primitive) ? undefined : 'a string, list or map';
    case 'pattern':
      return IS_TEXT.has(primitive) ? undefined : 'a string';
    case 'equal':
    case 'valid_values':
    case 'schema':
      return undefined;
  }
}

class ClauseBuilder {
  private readonly primitive: Primitive | undefined;

  constructor(
    private readonly schema: Schema,
    private readonly reader: ClauseReader,
  ) {
    this.primitive = schema.type?.primitive;
  }

  build(operator: Operator, operand: SourceNode): Clause | undefined {
    switch (operator) {
      case 'equal':
        return this.operand(operand, this.schema, (value) => ({
          expected: shownExpression(operand),
          holds: (actual) => equalValues(actual, value, this.primitive),
        }));
      case 'greater_than':
        return this.order(operand, 'greater than', (order) => order > 0);
      case 'greater_or_equal':
        return this.order(operand, 'at least', (order) => order >= 0);
      case 'less_than':
        return this.order(operand, 'less than', (order) => order < 0);
      case 'less_or_equal':
        return this.order(operand, 'at most', (order) => order <= 0);
      case 'in_range':
        return this.range(operand);
      case 'valid_values':
        return this.validValues(operand);
      case 'length':
        return this.length(operand, 'exactly', (length, wanted) => length === wanted);
      case 'min_length':
        return this.length(operand, 'at least', (length, wanted) => length >= wanted);
      case 'max_length':
        return this.length(operand, 'at most', (length, wanted) => length <= wanted);
      case 'pattern':
        return this.pattern(operand);
      case 'schema':
        return this.externalSchema(operand);
    }
  }

  private order(operand: SourceNode, words: string, test: (order: number) => boolean): Clause | undefined {
    if (operand.kind === 'list' || isNull(operand)) return this.invalid(operand, 'one value');
    return this.operand(operand, this.schema, (bound) => ({
      expected: `${words} ${shownExpression(operand)}`,
      holds: (value) => {
        const order = compareValues(value, bound, this.primitive);
        return order === undefined ? undefined : test(order);
      },
    }));
  }

  private range(operand: SourceNode): Clause | undefined {
    if (operand.kind !== 'list' || operand.items.length !== 2) {
      return this.invalid(operand, 'the least and the greatest value, as in [ 1, 4 ]');
    }
    const schema = this.primitive === 'range' ? primitiveSchema('integer') : this.schema;
    const bounds: Value[] = [];
    for (const [index, item] of operand.items.entries()) {
      if (item.kind === 'scalar' && item.text === 'UNBOUNDED') {
        bounds.push(undefined);
        continue;
      }
      const read = item.kind === 'list' || isNull(item) ? undefined : this.reader.read(item, schema);
      if (read === undefined || !('value' in read)) return this.invalid(item, this.ofType(schema), index);
      bounds.push(read.value);
    }
    const [least, greatest] = bounds;
    if ((compareValues(least, greatest, this.primitive) ?? 0) > 0) {
      return this.invalid(operand, 'the least value first');
    }
    const within = (value: Value): boolean | undefined =>
      all([
        least === undefined
          ? true
          : known(compareValues(value, least, this.primitive), (order) => order >= 0),
        greatest === undefined
          ? true
          : known(compareValues(value, greatest, this.primitive), (order) => order <= 0),
      ]);
    return {
      expected: `within ${shownExpression(operand)}`,
      holds: (value) => (Array.isArray(value) ? all(value.map(within)) : within(value)),
    };
  }

  private validValues(operand: SourceNode): Clause | undefined {
    if (operand.kind !== 'list') return this.invalid(operand, 'a list of values');
    // Of a list, the values may be meant for its entries.
    const each = this.primitive === 'list' && operand.items.every((item) => item.kind === 'scalar');
    const schema = each ? entrySchemaOf(this.schema) : this.schema;
    const values: Value[] = [];
    for (const item of operand.items) {
      const read = schema === undefined ? { value: plainScalar(item) } : this.reader.read(item, schema);
      if (!('value' in read)) return this.invalid(item, this.ofType(schema));
      values.push(read.value);
    }
    const scalars = new Set(values.filter((value) => typeof value === 'string' || typeof value === 'number'));
    const valid = (value: Value): boolean | undefined => {
      if (scalars.has(value as string | number)) return true;
      if (!this.reader.patterns.work.spend(COMPARED * values.length)) return undefined;
      return any(values.map((candidate) => equalValues(value, candidate, this.primitive)));
    };
    return {
      expected: `one of ${shownExpression(operand).slice(1, -1)}`,
      holds: (value) => (each && Array.isArray(value) ? all(value.map(valid)) : valid(value)),
    };
  }

  private length(
    operand: SourceNode,
    words: string,
    test: (length: number, wanted: number) => boolean,
  ): Clause | undefined {
    if (isNull(operand)) return this.invalid(operand, 'a length of zero or more');
    return this.operand(operand, primitiveSchema('integer'), (wanted) => {
      if (typeof wanted === 'number' && wanted < 0) return this.invalid(operand, 'a length of zero or more');
      return {
        expected: `of length ${words} ${shownExpression(operand)}`,
        holds: (value) => {
          const length = lengthOf(value);
          return length === undefined || typeof wanted !== 'number' ? undefined : test(length, wanted);
        },
      };
    });
  }

  private pattern(operand: SourceNode): Clause | undefined {
    if (operand.kind !== 'scalar' || operand.value === null || operand.value === UNRESOLVED) {
      return this.invalid(operand, 'a regular expression');
    }
    const pattern = this.reader.patterns.read(operand.text, true);
    if (pattern.invalid !== undefined)
      return this.invalid(operand, `a regular expression: ${pattern.invalid}`);
    if (pattern.refused !== undefined) {
      this.reader.add(operand.place, {
        code: 'PATTERN_NOT_EVALUATED',
        severity: 'warning',
        message: `The pattern is not evaluated: ${pattern.refused}`,
      });
    }
    return {
      expected: `text that matches ${clip(operand.text)}`,
      holds: (value) => (typeof value === 'string' ? pattern.test(value) : undefined),
    };
  }

  /** A schema of another language, or where there is one: what it holds values to is for those who know it. */
  private externalSchema(operand: SourceNode): Clause | undefined {
    const problem =
      operand.kind === 'list' ? 'a schema' : operand.kind === 'map' ? undefined : schemaProblem(operand.text);
    return problem === undefined
      ? { expected: 'its schema', holds: () => true }
      : this.invalid(operand, problem);
  }

  private operand(
    operand: SourceNode,
    schema: Schema,
    make: (value: Value) => Clause | undefined,
  ): Clause | undefined {
    const read = this.reader.read(operand, schema);
    return 'value' in read ? make(read.value) : this.invalid(operand, this.ofType(schema));
  }

  private ofType(schema: Schema | undefined): string {
    return schema?.type === undefined ? 'a value' : `a value of type ${schema.type.name}`;
  }

  private invalid(node: SourceNode, expected: string, index?: number): undefined {
    const which = index === undefined ? '' : index === 0 ? ' for the least value' : ' for the greatest value';
    this.reader.add(node.place, {
      code: 'CONSTRAINT_INVALID',
      message: `${shown(node)} is no operand of this constraint${which}`,
      expected,
    });
    return undefined;
  }
}

function isNull(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function known(order: number | undefined, test: (order: number) => boolean): boolean | undefined {
  return order === undefined ? undefined : test(order);
}

function plainScalar(node: SourceNode): Value {
  return node.kind === 'scalar' ? node.value : UNRESOLVED;
}
