import type { Assigned, Capability } from '../model/topology.js';
import type { Schema } from '../model/schema.js';
import { nearestName } from '../nearest-name.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { entriesAt, mapAt } from './entries.js';
import { readArtifacts } from './read-artifacts.js';
import { readAssignments } from './read-assignments.js';
import { readCount } from './read-count.js';
import { readInterfaces } from './read-interfaces.js';
import { readMetadata } from './read-metadata.js';

/** The values of a node template, once every name in the service template is known. */
export function completeNode(
  node: NodeDraft,
  provided: ReadonlySet<string> | undefined,
  context: TemplateContext,
): void {
  const { template, type, map, scope, entity } = node;
  const { title } = entity;
  const owner = { title, place: template.place, open: type?.open ?? true };
  // What is selected has its values already.
  const complete = !template.directives.includes('select');
  const none = new Map<string, Schema>();
  template.metadata = readMetadata([map], context);
  template.count = readCount(map.entries.get('count')?.node, scope, context);
  template.properties = readAssignments(
    mapAt(map, 'properties'),
    type?.properties ?? none,
    { ...owner, kind: 'property', complete, provided },
    scope,
    context,
  );
  template.attributes = readAssignments(
    mapAt(map, 'attributes'),
    type?.attributes ?? none,
    { ...owner, kind: 'attribute', complete: false },
    scope,
    context,
  );
  template.capabilities = readCapabilities(node, complete, context);
  const artifacts = readArtifacts(
    mapAt(map, 'artifacts'),
    type?.artifacts ?? new Map(),
    { title, scope },
    context,
  );
  template.artifacts = artifacts;
  template.interfaces = readInterfaces(
    mapAt(map, 'interfaces'),
    { ...owner, entity, scope, definitions: type?.interfaces ?? new Map(), artifacts },
    context,
  );
}

function readCapabilities(
  node: NodeDraft,
  complete: boolean,
  context: TemplateContext,
): Map<string, Capability> {
  const { template, type, map, scope, entity } = node;
  const result = new Map<string, Capability>();
  for (const [name, { keyPlace }] of entriesAt(map, 'capabilities')) {
    if (type === undefined || type.open || type.capabilities.has(name)) continue;
    context.add(keyPlace, {
      code: 'CAPABILITY_UNKNOWN',
      message: `Node type ${type.name} has no capability ${clip(name)}`,
      expected: oneOf(type.capabilities.keys()) ?? 'no capabilities',
      nearest: nearestName(name, type.capabilities.keys()),
    });
  }
  for (const [name, definition] of type?.capabilities ?? []) {
    const entry = mapAt(map, 'capabilities')?.entries.get(name);
    const written = entry?.node.kind === 'map' ? entry.node : undefined;
    const place = entry?.keyPlace ?? template.place;
    const rules = {
      title: `capability ${clip(name)} of ${entity.title}`,
      place,
      open: definition.type?.open ?? true,
    };
    const read = (
      kind: 'property' | 'attribute',
      values: 'properties' | 'attributes',
    ): Map<string, Assigned> =>
      readAssignments(
        mapAt(written, values),
        definition[values],
        { ...rules, kind, complete: complete && kind === 'property' },
        scope,
        context,
      );
    result.set(name, {
      name,
      place,
      node: template,
      type: definition.type,
      properties: read('property', 'properties'),
      attributes: read('attribute', 'attributes'),
    });
  }
  return result;
}
