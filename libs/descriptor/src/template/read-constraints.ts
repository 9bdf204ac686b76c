import { patternRefusal } from '@underware/underservices';
import type { Constraint } from '@underware/underservices';
import type { Findings } from '../finding.js';
import type { SourceNode, WalkBudget } from '../source/source-node.js';
import { toValue } from '../source/source-node.js';

/**
 * Constraints of 1.x (`- in_range: [1, 4]`) and the same as a 2.0 validation clause over `$value`
 * (`$in_range: [$value, [1, 4]]`, several under `$and`).
 */
export function readConstraints(
  node: SourceNode | undefined,
  style: 'constraints' | 'validation',
  budget: WalkBudget,
  findings: Findings,
): Constraint[] {
  if (node === undefined) return [];
  const clauses = style === 'constraints' && node.kind === 'list' ? node.items : [node];
  return clauses.flatMap((clause) => readClause(clause, style, budget, findings));
}

function readClause(
  node: SourceNode,
  style: 'constraints' | 'validation',
  budget: WalkBudget,
  findings: Findings,
): Constraint[] {
  const [entry] = node.kind === 'map' ? node.entries : [];
  if (node.kind !== 'map' || entry === undefined || node.entries.size !== 1) {
    findings.add(node.offset, {
      code: 'KEYWORD_INVALID',
      message: 'A constraint is one operator with its argument',
      expected: style === 'constraints' ? 'in_range: [1, 4]' : '$in_range: [$value, [1, 4]]',
    });
    return [];
  }
  const [operator, { keyOffset, node: argument }] = entry;
  if (style === 'validation' && operator === '$and' && argument.kind === 'list') {
    return argument.items.flatMap((item) => readClause(item, style, budget, findings));
  }
  const operand = style === 'constraints' ? argument : operandOf(argument);
  const constraint =
    operand === undefined ? undefined : toConstraint(operator.replace(/^\$/, ''), toValue(operand, budget));
  if (constraint === undefined) {
    findings.add(keyOffset, {
      code: style === 'validation' ? 'FUNCTION_UNSUPPORTED' : 'KEYWORD_INVALID',
      message: `${operator.slice(0, 80)} with this argument is no constraint that this compiler knows`,
      expected: 'valid_values, in_range, equal, greater_or_equal, …, min_length, max_length or pattern',
    });
    return [];
  }
  const refusal = constraint.kind === 'pattern' ? patternRefusal(constraint.pattern) : undefined;
  if (refusal !== undefined) {
    findings.add(argument.offset, {
      code: 'PATTERN_NOT_EVALUATED',
      severity: 'warning',
      message: `The pattern is not evaluated: ${refusal}`,
    });
    return [];
  }
  return [constraint];
}

/** `[$value, operand]`. */
function operandOf(argument: SourceNode): SourceNode | undefined {
  if (argument.kind !== 'list' || argument.items.length !== 2) return undefined;
  const [subject, operand] = argument.items;
  return subject?.kind === 'scalar' && subject.text === '$value' ? operand : undefined;
}

function toConstraint(operator: string, value: unknown): Constraint | undefined {
  switch (operator) {
    case 'valid_values':
      return Array.isArray(value) ? { kind: operator, values: value } : undefined;
    case 'in_range': {
      const [min, max] = Array.isArray(value) ? value : [];
      const low = min === 'UNBOUNDED' ? -Infinity : min;
      const high = max === 'UNBOUNDED' ? Infinity : max;
      if (typeof low !== 'number' || typeof high !== 'number') return undefined;
      return { kind: operator, min: low, max: high };
    }
    case 'equal':
      return { kind: operator, value };
    case 'greater_than':
    case 'greater_or_equal':
    case 'less_than':
    case 'less_or_equal':
    case 'length':
    case 'min_length':
    case 'max_length':
      return typeof value === 'number' ? { kind: operator, value } : undefined;
    case 'pattern':
    case 'matches':
      return typeof value === 'string' ? { kind: 'pattern', pattern: value } : undefined;
    default:
      return undefined;
  }
}
