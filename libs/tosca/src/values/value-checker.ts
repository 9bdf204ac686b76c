import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import type { Schema } from '../model/schema.js';
import type { Report } from '../finding.js';
import type { FunctionScope, Value } from './scope.js';

/**
 * Checks and reads values for one compilation. What it finds goes to the report with the place of the very value; a
 * value that was found wrong reads as UNRESOLVED, so that nothing is reported twice.
 */
export class ValueChecker {
  constructor(readonly report: Report) {}

  /** Is the value, function calls included, one that the schema allows? */
  checkValue(node: SourceNode, schema: Schema, scope: FunctionScope): void {
    this.readValue(node, schema, scope);
  }

  /** Checks, and gives the plain value. Without a schema (an output, an undeclared parameter) functions alone count. */
  readValue(_node: SourceNode, _schema: Schema | undefined, _scope: FunctionScope): Value {
    return UNRESOLVED;
  }

  /** Are the clauses of a definition well formed for its type, and does its default (or fixed value) meet them? */
  checkSchema(_schema: Schema, _scope: FunctionScope): void {}

  /** The same for clauses alone: those of a data type, or of a node_filter of 1.x on a property of `schema`. */
  checkClauses(_clauses: readonly SourceNode[], _schema: Schema, _scope: FunctionScope): void {}

  /** A condition of 2.0 (node_filter, substitution_filter, `condition` of a trigger or step): a Boolean expression. */
  checkCondition(_node: SourceNode, _scope: FunctionScope): void {}

  /** Do clauses of a node_filter of 1.x hold for a value? Undefined: not known yet. */
  meets(
    _node: SourceNode,
    _schema: Schema,
    _clauses: readonly SourceNode[],
    _scope: FunctionScope,
  ): boolean | undefined {
    return undefined;
  }
}
