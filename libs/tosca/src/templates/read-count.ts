import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import type { FunctionScope } from '../values/scope.js';
import type { TemplateContext } from './context.js';
import { isEmpty } from './entries.js';

/** A `count` of 2.0: a number that is not negative, or a function that gives one; 1 where it is not written. */
export function readCount(
  node: SourceNode | undefined,
  owner: { scope: FunctionScope },
  context: TemplateContext,
): number | typeof UNRESOLVED {
  if (node === undefined || isEmpty(node)) return 1;
  const value = context.values.readValue(node, undefined, owner.scope);
  if (value === UNRESOLVED) return UNRESOLVED;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  // What is written out was checked with the grammar.
  if (node.kind === 'scalar') return UNRESOLVED;
  context.add(node.place, {
    code: 'TYPE_MISMATCH',
    message: 'A count is a whole number that is not negative',
    expected: 'an integer of 0 or more',
  });
  return UNRESOLVED;
}
