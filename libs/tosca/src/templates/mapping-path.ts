import { nearestName } from '@underware/core';
import type { SourceNode } from '../source/source-node.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { itemsOf, mapAt, textOf } from './entries.js';

/** What a mapping leads to: a list, also under `mapping` (1.2), else the one name. */
export function pathOf(node: SourceNode): readonly SourceNode[] {
  return itemsOf(node.kind === 'map' ? node.entries.get('mapping')?.node : node);
}

/** The node template that a mapping names; reported where there is none. */
export function findNode(named: SourceNode, context: TemplateContext): NodeDraft | undefined {
  const name = textOf(named);
  const found = name === undefined ? undefined : context.nodes.get(name);
  if (found !== undefined || name === undefined) return found;
  if (mapAt(context.template, 'node_templates')?.entries.has(name) === true) return undefined;
  context.add(named.place, {
    code: 'REFERENCE_UNKNOWN',
    message: `There is no node template ${clip(name)} to map to`,
    expected: oneOf(context.nodes.keys()) ?? 'a node template',
    nearest: () => nearestName(name, context.nodes.keys()),
  });
  return undefined;
}
