import type { DataType, Schema } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import { kindOf } from './call.js';
import { readClause } from './clause.js';
import type { Clause } from './clause.js';
import { all } from './compare.js';
import type { Patterns } from './pattern.js';
import { readArgument } from './evaluated-call.js';
import type { FunctionScope, Value } from './scope.js';
import { shown, shownExpression, withArticle } from './shown.js';
import { Trial } from './surroundings.js';
import type { Read, Surroundings } from './surroundings.js';
import { prepareValidation } from './validation.js';
import type { Validation } from './validation.js';
import { withoutClauses } from './without-clauses.js';
import { costOf } from './work.js';
import type { Work } from './work.js';

/** Clauses of 1.x and validations of 2.0: are they well formed, and does a value meet them? */
export class Constraints {
  private readonly clauses = new WeakMap<SourceNode, Map<DataType | undefined, Clause | 'wrong'>>();
  /** By the functions that a file defines, which go before those of the same name. */
  private readonly validations = new Map<unknown, Map<SourceNode, Validation | undefined>>();
  private readonly parts = new WeakMap<readonly SourceNode[], readonly SourceNode[]>();

  constructor(
    private readonly read: Read,
    private readonly work: Work,
    private readonly patterns: Patterns,
  ) {}

  /** Reports what is not well formed. */
  check(clauses: readonly SourceNode[], schema: Schema, at: Surroundings): void {
    for (const clause of clauses) {
      if (isExpression(clause)) {
        const subject = { value: UNRESOLVED, schema };
        this.checkBoolean(clause, { ...at, subject }, 'CONSTRAINT_INVALID');
      } else this.clause(clause, schema, at);
    }
  }

  checkBoolean(node: SourceNode, at: Surroundings, code: 'CONSTRAINT_INVALID' | 'FUNCTION_INVALID'): void {
    // Several in a list hold together.
    if (node.kind === 'list') {
      for (const item of node.items) this.checkBoolean(item, at, code);
      return;
    }
    const kind = kindOf(this.read(node, undefined, at));
    if (kind === undefined || kind === 'boolean') return;
    at.report?.add(node.place, {
      code,
      message: `${shown(node)} gives ${withArticle(kind)}`,
      expected: 'an expression that gives true or false',
    });
  }

  /** Tries all clauses of a schema and its type; reports those that do not hold. */
  constrain(node: SourceNode, value: Value, schema: Schema, at: Surroundings): boolean {
    const ofType = schema.type === undefined || this.meets(schema.type.constraints, node, value, schema, at);
    return this.meets(schema.constraints, node, value, schema, at) && ofType;
  }

  private meets(
    clauses: readonly SourceNode[],
    node: SourceNode,
    value: Value,
    schema: Schema,
    at: Surroundings,
  ): boolean {
    if (clauses.length === 0) return true;
    let met = true;
    for (const clause of this.partsOf(clauses)) {
      if (this.holds(clause, value, schema, at) !== false) continue;
      met = false;
      at.report?.add(node.place, {
        code: 'CONSTRAINT_VIOLATED',
        message: `${shown(node)} does not meet the constraint on it`,
        expected: this.expectation(clause, schema, at),
      });
    }
    return met;
  }

  /** What an `$and` holds, each by itself: only what does not hold is worth a finding. */
  private partsOf(clauses: readonly SourceNode[]): readonly SourceNode[] {
    let parts = this.parts.get(clauses);
    if (parts === undefined) {
      parts = clauses.flatMap(partsOf);
      this.parts.set(clauses, parts);
    }
    return parts;
  }

  /** Undefined where it is not known yet. Nothing is reported. */
  holds(clause: SourceNode, value: Value, schema: Schema, at: Surroundings): boolean | undefined {
    if (!this.work.spend(costOf(value))) return undefined;
    if (!isExpression(clause)) {
      return this.clause(clause, schema, { scope: at.scope, report: undefined, nested: false })?.holds(value);
    }
    const subject = { value, schema };
    const validation = this.validation(clause, at);
    if (validation !== undefined) return validation.holds(subject);
    return this.isTrue(clause, { scope: as2(at.scope), report: undefined, nested: false, subject });
  }

  private validation(node: SourceNode, { scope }: Surroundings): Validation | undefined {
    let known = this.validations.get(scope.functions);
    if (known === undefined) this.validations.set(scope.functions, (known = new Map()));
    let validation = known.get(node);
    if (validation === undefined && !known.has(node)) {
      const silent: Surroundings = { scope: as2(scope), report: undefined, nested: false };
      validation = prepareValidation(node, {
        functions: scope.functions,
        patterns: this.patterns,
        readLiteral: (literal, wanted) => readArgument(literal, wanted, this.read, silent),
      });
      known.set(node, validation);
    }
    return validation;
  }

  isTrue(node: SourceNode, at: Surroundings): boolean | undefined {
    if (node.kind === 'list') return all(node.items.map((item) => this.isTrue(item, at)));
    const { value } = this.read(node, undefined, at);
    return typeof value === 'boolean' ? value : undefined;
  }

  private expectation(clause: SourceNode, schema: Schema, at: Surroundings): string {
    if (isExpression(clause)) return shownExpression(clause);
    return this.clause(clause, schema, { ...at, report: undefined })?.expected ?? shownExpression(clause);
  }

  /** A clause of 1.x; read once for a type. */
  private clause(node: SourceNode, schema: Schema, at: Surroundings): Clause | undefined {
    const byType = this.clauses.get(node) ?? new Map<DataType | undefined, Clause | 'wrong'>();
    this.clauses.set(node, byType);
    const known = at.report === undefined ? byType.get(schema.type) : undefined;
    if (known !== undefined) return known === 'wrong' ? undefined : known;
    const clause = readClause(node, withoutClauses(schema), {
      read: (operand, wanted) => {
        const trial = new Trial();
        const { value } = this.read(operand, wanted, { ...at, report: trial, nested: false });
        return trial.problems === 0 ? { value } : { wrong: true };
      },
      add: (place, note) => at.report?.add(place, note),
      patterns: this.patterns,
      bare: at.scope.version !== 'tosca_2_0',
    });
    byType.set(schema.type, clause ?? 'wrong');
    return clause;
  }
}

/** 2.0: an expression over `$value`; 1.x has one operator with its operand. */
function isExpression(node: SourceNode): boolean {
  if (node.kind === 'list') return node.items.some(isExpression);
  if (node.kind === 'scalar') return node.text.startsWith('$') || typeof node.value === 'boolean';
  for (const key of node.entries.keys()) return key.startsWith('$');
  return false;
}

/** A validation is in the words of 2.0, also where the value that it is tried on is in a file of 1.x. */
function as2(scope: FunctionScope): FunctionScope {
  return scope.version === 'tosca_2_0' ? scope : { ...scope, version: 'tosca_2_0' };
}

function partsOf(clause: SourceNode): readonly SourceNode[] {
  const all =
    clause.kind === 'map' && clause.entries.size === 1 ? clause.entries.get('$and')?.node : undefined;
  return all?.kind === 'list' ? all.items.flatMap(partsOf) : [clause];
}
