import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';

/** One argument of a function that leads somewhere: a name, an index, or a call that gives one of them at run time. */
export interface Step {
  text: string;
  index?: number;
  dynamic: boolean;
  place: Place;
}

/** Undefined where the node is neither a scalar nor a call. */
export function readStep(node: SourceNode, isCall: boolean): Step | undefined {
  if (isCall) return { text: '', dynamic: true, place: node.place };
  if (node.kind !== 'scalar' || node.value === null) return undefined;
  const step = { text: node.text, dynamic: node.value === UNRESOLVED, place: node.place };
  return /^\d{1,9}$/.test(node.text) ? { ...step, index: Number(node.text) } : step;
}
