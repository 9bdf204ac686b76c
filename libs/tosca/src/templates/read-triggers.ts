import { nearestName } from '@underware/core';
import type { Trigger } from '../model/topology.js';
import { isAtLeast } from '../model/version.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { FunctionScope } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { isEmpty, mapAt, namedItems, textAt, textOf } from './entries.js';
import { readActivities } from './read-activities.js';

/** What makes a policy act: an event, a condition and activities. */
export function readTriggers(
  written: SourceNode | undefined,
  scope: FunctionScope,
  context: TemplateContext,
): Map<string, Trigger> {
  const result = new Map<string, Trigger>();
  for (const [name, { keyPlace, node }] of namedItems(written)) {
    if (node.kind === 'map') result.set(name, readTrigger(name, keyPlace, node, scope, context));
  }
  return result;
}

function readTrigger(
  name: string,
  place: Place,
  map: MapNode,
  scope: FunctionScope,
  context: TemplateContext,
): Trigger {
  // 1.0 calls it event_type, and writes it as a mapping.
  const event = map.entries.get('event')?.node ?? map.entries.get('event_type')?.node;
  checkTargetFilter(mapAt(map, 'target_filter'), context);
  const condition = map.entries.get('condition')?.node;
  if (context.is2 && condition !== undefined && !isEmpty(condition)) {
    context.values.checkCondition(condition, scope);
  }
  return {
    name,
    place,
    event: textOf(event) ?? (event?.kind === 'map' ? (textAt(event, 'type') ?? '') : ''),
    ...(condition === undefined ? {} : { condition }),
    activities: readActivities(map.entries.get('action')?.node, scope, context),
    node: map,
  };
}

/** Of 1.x: the node (template or type) whose events count. */
function checkTargetFilter(filter: MapNode | undefined, context: TemplateContext): void {
  const node = filter?.entries.get('node')?.node;
  const name = textOf(node);
  if (node === undefined || name === undefined || context.nodes.has(name)) return;
  if (context.file.scope.find('node', name) !== undefined || !context.file.scope.complete) return;
  context.add(node.place, {
    code: 'REFERENCE_UNKNOWN',
    // Before 1.3 it was not said what the filter names.
    ...(isAtLeast(context.version, 'tosca_simple_yaml_1_3') ? {} : { severity: 'warning' }),
    message: `There is no node template or node type ${clip(name)}`,
    expected: oneOf(context.nodes.keys()) ?? 'a node template',
    nearest: () => nearestName(name, context.nodes.keys()),
  });
}
