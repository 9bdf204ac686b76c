import { nearestName } from '@underware/core';
import type { SourceNode } from '../source/source-node.js';
import type { Entity } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { textOf } from './entries.js';

/** Attribute mappings of an operation: `output: [ SELF, attribute ]`, also into a capability of the node. */
export function checkOutputs(outputs: SourceNode, entity: Entity, context: TemplateContext): void {
  if (outputs.kind !== 'map') return;
  for (const { node } of outputs.entries.values()) {
    // In a type's definition an output may also be a parameter with `mapping`.
    const mapping = node.kind === 'map' ? node.entries.get('mapping')?.node : node;
    if (mapping?.kind !== 'list') continue;
    const [first, ...rest] = mapping.items.map((item) => textOf(item) ?? '');
    if (first !== 'SELF' || entity.open === true) continue;
    const [place] = mapping.items.slice(1);
    const [name] = rest;
    if (name === undefined || place === undefined || rest.length > 2) continue;
    const holder = rest.length === 2 ? (entity.capabilities?.get(name) ?? undefined) : entity;
    const attribute = holder === undefined ? name : (rest[rest.length - 1] ?? name);
    const within = holder ?? entity;
    if (within.open === true || within.attributes.get(attribute) !== undefined) continue;
    if (within.properties.get(attribute) !== undefined) continue;
    context.add((mapping.items[holder === undefined ? 1 : rest.length] ?? place).place, {
      code: 'ATTRIBUTE_UNKNOWN',
      message: `There is no attribute ${clip(attribute)} of ${within.title} for an output`,
      expected: oneOf(within.attributes.keys()),
      nearest: () => nearestName(attribute, within.attributes.keys()),
    });
  }
}
