import type { Note, Report } from '../finding.js';
import type { Schema } from '../model/schema.js';
import type { ToscaVersion } from '../model/version.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import { assignable } from './assignable.js';
import type { Result } from './call.js';
import { all } from './compare.js';
import { Constraints } from './constraints.js';
import { FunctionCalls } from './function-calls.js';
import { isAbsent, LiteralReader } from './literal-reader.js';
import { Patterns } from './pattern.js';
import { listSchema, primitiveSchema } from './primitive-schema.js';
import { recogniseCall } from './recognise-call.js';
import type { WrittenCall } from './recognise-call.js';
import type { FunctionScope, Value } from './scope.js';
import { editionOf } from './surroundings.js';
import type { Surroundings } from './surroundings.js';
import { costOf, MOST_WORK, Work } from './work.js';

const TOO_MUCH_WORK: Note = {
  code: 'SOURCE_TOO_LARGE',
  message: 'Checking the values up to here took more work than any file needs: the rest is not checked',
  expected: 'fewer, shorter or plainer values and patterns',
};
/** Levels of values within values, through functions, properties and defaults. */
const DEEPEST = 300;
const TOO_DEEP: Note = {
  code: 'SOURCE_TOO_DEEP',
  message: `Values that ask for one another lead here from more than ${DEEPEST} levels above: it is not checked there`,
  expected: 'values that take fewer steps to tell',
};

/**
 * Checks and reads values for one compilation. What it finds goes to the report with the place of the very value; a
 * value that was found wrong reads as UNRESOLVED, so that nothing is reported twice.
 */
export class ValueChecker {
  private readonly work = new Work(MOST_WORK);
  private readonly patterns = new Patterns(this.work);
  private readonly calls = new FunctionCalls(
    (node, schema, at) => this.read(node, schema, at),
    this.patterns,
    this.work,
  );
  private readonly constraints = new Constraints(
    (node, schema, at) => this.read(node, schema, at),
    this.work,
    this.patterns,
  );
  private readonly literals = new LiteralReader(
    (node, schema, at) => this.read(node, schema, at),
    (node, value, schema, at) => this.constraints.constrain(node, value, schema, at),
  );
  private readonly presets = new Map<Schema, { node: SourceNode; version: ToscaVersion; value: Value }>();
  private depth = 0;
  private admitted = false;
  private tooDeep = false;

  constructor(readonly report: Report) {}

  /** Is the value, function calls included, one that the schema allows? */
  checkValue(node: SourceNode, schema: Schema, scope: FunctionScope): void {
    this.readValue(node, schema, scope);
  }

  /** Checks, and gives the plain value. Without a schema (an output, an undeclared parameter) functions alone count. */
  readValue(node: SourceNode, schema: Schema | undefined, scope: FunctionScope): Value {
    return this.read(node, schema, this.at(scope)).value;
  }

  /** The same for what a type gives: read once for all that have it, unless it depends on where it stands. */
  readPreset(node: SourceNode, schema: Schema, scope: FunctionScope): Value {
    const known = this.presets.get(schema);
    if (known?.node === node && known.version === scope.version) return known.value;
    const { queries } = this.calls;
    const value = this.readValue(node, schema, scope);
    if (this.calls.queries === queries) this.presets.set(schema, { node, version: scope.version, value });
    return value;
  }

  /** What type the value of an expression has, where that can be told. Nothing is reported. */
  typeOf(node: SourceNode, scope: FunctionScope): Schema | undefined {
    return this.read(node, undefined, silently(this.at(scope))).schema;
  }

  /** Are the clauses of a definition well formed for its type, and does its default (or fixed value) meet them? */
  checkSchema(schema: Schema, scope: FunctionScope): void {
    if (schema.type?.name === 'scalar') this.reportAbstract(schema);
    this.checkClauses(schema.constraints, schema, scope);
    for (const inner of [schema.entrySchema, schema.keySchema]) if (inner) this.checkSchema(inner, scope);
    if (schema.default !== undefined && !isAbsent(schema.default, scope)) {
      this.checkValue(schema.default, schema, scope);
    }
    if (schema.fixed !== undefined) this.checkValue(schema.fixed, schema, scope);
  }

  private reportAbstract(schema: Schema): void {
    this.report.add(schema.place, {
      code: 'KEYWORD_INVALID',
      message: 'The type scalar is abstract: it has no units',
      expected: 'a type derived from scalar, with units',
    });
  }

  /** The same for clauses alone: those of a data type, or of a node_filter of 1.x on a property of `schema`. */
  checkClauses(clauses: readonly SourceNode[], schema: Schema, scope: FunctionScope): void {
    this.constraints.check(clauses, schema, this.at(scope));
  }

  /** A condition of 2.0 (node_filter, substitution_filter, `condition` of a trigger or step): a Boolean expression. */
  checkCondition(node: SourceNode, scope: FunctionScope): void {
    this.constraints.checkBoolean(node, this.at(scope), 'FUNCTION_INVALID');
  }

  /** What a condition of 2.0 comes to; undefined where it is not known yet. Nothing is reported. */
  conditionHolds(node: SourceNode, scope: FunctionScope): boolean | undefined {
    return this.constraints.isTrue(node, silently(this.at(scope)));
  }

  /** Do clauses of a node_filter of 1.x hold for a value? Undefined: not known yet. Nothing is reported. */
  meets(
    node: SourceNode,
    schema: Schema,
    clauses: readonly SourceNode[],
    scope: FunctionScope,
  ): boolean | undefined {
    const at = silently(this.at(scope));
    const { value } = this.read(node, schema, at);
    const met = all(clauses.map((clause) => this.constraints.holds(clause, value, schema, at)));
    this.admit(node);
    return met;
  }

  private at(scope: FunctionScope): Surroundings {
    return { scope, report: this.report, nested: false };
  }

  private read(node: SourceNode, schema: Schema | undefined, at: Surroundings): Result {
    if (!this.work.spend(costOf(node.kind === 'scalar' ? node.text : undefined))) {
      this.admit(node);
      return { value: UNRESOLVED, schema };
    }
    if (this.depth > DEEPEST) {
      if (!this.tooDeep) this.report.add(node.place, TOO_DEEP);
      this.tooDeep = true;
      return { value: UNRESOLVED, schema };
    }
    this.depth += 1;
    const written = recogniseCall(node, editionOf(at.scope.version));
    const result =
      written === undefined || (written.doubtful && mayBeMap(schema, written.old))
        ? this.readLiteral(node, schema, at)
        : this.conform(node, written, this.calls.run(written, at), schema, at);
    this.depth -= 1;
    this.admit(node);
    return result;
  }

  /** What was not checked is not to pass for right. */
  private admit(node: SourceNode): void {
    if (!this.work.isSpent || this.admitted) return;
    this.admitted = true;
    this.report.add(node.place, TOO_MUCH_WORK);
  }

  private readLiteral(node: SourceNode, schema: Schema | undefined, at: Surroundings): Result {
    const value = this.literals.readLiteral(node, schema, at);
    return { value, schema: schema ?? literalSchema(node) };
  }

  /** Is what a function gives a value of the schema? */
  private conform(
    node: SourceNode,
    written: WrittenCall,
    result: Result,
    schema: Schema | undefined,
    at: Surroundings,
  ): Result {
    if (schema?.type === undefined) return result;
    const edition = editionOf(at.scope.version);
    if (!assignable(result.schema, schema, edition)) {
      at.report?.add(written.place, {
        code: 'TYPE_MISMATCH',
        message: `${written.name} gives a value of type ${result.schema?.type?.name ?? 'its own'} here`,
        expected: `a value of type ${schema.type.name}`,
      });
      return { value: UNRESOLVED, schema };
    }
    const value = this.converted(node, result, schema, at);
    if (value === UNRESOLVED) return { value, schema };
    return { value: this.constraints.constrain(node, value, schema, at) ? value : UNRESOLVED, schema };
  }

  /** 1.x: text that stands for a size, a number or a version is read as one, and a number as text. */
  private converted(node: SourceNode, { value, schema }: Result, wanted: Schema, at: Surroundings): Value {
    const from = schema?.type?.primitive;
    const to = wanted.type?.primitive;
    if (from === undefined || to === undefined || from === to || at.scope.version === 'tosca_2_0')
      return value;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return value;
    if (from.startsWith('scalar-unit')) return UNRESOLVED;
    const text = String(value);
    const quoted = typeof value === 'string' && to !== 'float';
    const number = typeof value === 'string' && to === 'float' ? Number(text) : value;
    const literal: SourceNode = { kind: 'scalar', place: node.place, value: number, text, quoted };
    return this.literals.readLiteral(literal, wanted, silently(at));
  }
}

function silently(at: Surroundings): Surroundings {
  return { ...at, report: undefined };
}

/** Whether a mapping with one key may be meant as it is written; `untyped`: where nothing says what is wanted. */
function mayBeMap(schema: Schema | undefined, untyped: boolean): boolean {
  if (schema === undefined) return untyped;
  const { type } = schema;
  return (
    type === undefined || type.primitive === undefined || type.primitive === 'map' || type.primitive === 'any'
  );
}

function literalSchema(node: SourceNode): Schema | undefined {
  if (node.kind === 'list') return listSchema(undefined);
  if (node.kind === 'map') return primitiveSchema('map');
  switch (typeof node.value) {
    case 'string':
      return primitiveSchema('string');
    case 'boolean':
      return primitiveSchema('boolean');
    case 'number':
      return primitiveSchema(/^[-+]?(?:\d+|0[ox][\da-fA-F]+)$/.test(node.text) ? 'integer' : 'float');
    default:
      return node.value === null ? primitiveSchema('nil') : undefined;
  }
}
