import type { Activity, ActivityKind } from '../model/topology.js';
import type { SourceNode } from '../source/source-node.js';
import type { FunctionScope } from '../values/scope.js';
import type { TemplateContext } from './context.js';
import { itemsOf, mapAt, textOf } from './entries.js';
import { NOTHING } from './lazy-map.js';
import { INPUTS, readAssignments } from './read-assignments.js';

const KINDS: ReadonlySet<string> = new Set<ActivityKind>([
  'delegate',
  'set_state',
  'call_operation',
  'inline',
]);

/** The activities of a step or trigger; of 1.x there are others, which are passed by. */
export function readActivities(
  list: SourceNode | undefined,
  scope: FunctionScope,
  context: TemplateContext,
): Activity[] {
  return itemsOf(list).flatMap((item) => {
    if (item.kind !== 'map') return [];
    return [...item.entries].flatMap(([key, { keyPlace, node }]) => {
      if (!isKind(key)) return [];
      const map = node.kind === 'map' ? node : undefined;
      const naming =
        map === undefined ? node : map.entries.get(key === 'call_operation' ? 'operation' : 'workflow')?.node;
      const name = textOf(naming);
      if (name === undefined) return [];
      const inputs = readAssignments(
        mapAt(map, 'inputs'),
        NOTHING,
        { title: `activity ${key}`, place: keyPlace, open: true, scope },
        INPUTS,
        context,
      );
      return [{ kind: key, place: naming?.place ?? keyPlace, name, inputs }];
    });
  });
}

function isKind(key: string): key is ActivityKind {
  return KINDS.has(key);
}
