import type { Assignments, Capability } from '../model/topology.js';
import type { CapabilityDefinition } from '../model/types.js';
import { nearestName } from '../nearest-name.js';
import type { FunctionScope } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { mapAt } from './entries.js';
import { LazyMap, NOTHING } from './lazy-map.js';
import { readArtifacts } from './read-artifacts.js';
import { hasMandatory, readAssignments } from './read-assignments.js';
import { readCount } from './read-count.js';
import { readInterfaces } from './read-interfaces.js';
import { readMetadata } from './read-metadata.js';

/** The values of a node template, once every name in the service template is known. */
export function completeNode(
  node: NodeDraft,
  provided: ReadonlySet<string> | undefined,
  context: TemplateContext,
): void {
  const { template, type, map, entity } = node;
  const owner = { title: entity.title, place: template.place, open: entity.open };
  // What is selected has its values already.
  const complete = !template.directives.includes('select');
  const scope = (): FunctionScope => entity.scope;
  template.metadata = readMetadata([map], context);
  template.count = readCount(map.entries.get('count')?.node, scope, context);
  template.properties = readAssignments(
    mapAt(map, 'properties'),
    type?.properties ?? NOTHING,
    { ...owner, kind: 'property', complete, provided },
    scope,
    context,
  );
  template.attributes = readAssignments(
    mapAt(map, 'attributes'),
    type?.attributes ?? NOTHING,
    { ...owner, kind: 'attribute', complete: false },
    scope,
    context,
  );
  template.capabilities = readCapabilities(node, complete, context);
  template.artifacts = readArtifacts(mapAt(map, 'artifacts'), type?.artifacts ?? NOTHING, entity, context);
  template.interfaces = readInterfaces(
    mapAt(map, 'interfaces'),
    { ...owner, entity, definitions: type?.interfaces ?? NOTHING, artifacts: template.artifacts },
    context,
  );
}

/** Those written, and those that miss a value, at once; the others when they are asked for. */
function readCapabilities(
  node: NodeDraft,
  complete: boolean,
  context: TemplateContext,
): ReadonlyMap<string, Capability> {
  const { type, map } = node;
  const written = mapAt(map, 'capabilities');
  const own = new Map<string, Capability>();
  for (const [name, { keyPlace }] of written?.entries ?? []) {
    const definition = type?.capabilities.get(name);
    if (definition !== undefined) own.set(name, readCapability(definition, node, complete, context));
    else if (type?.open === false) {
      context.add(keyPlace, {
        code: 'CAPABILITY_UNKNOWN',
        message: `Node type ${type.name} has no capability ${clip(name)}`,
        expected: oneOf(type.capabilities.keys()) ?? 'no capabilities',
        nearest: nearestName(name, type.capabilities.keys()),
      });
    }
  }
  if (type === undefined || type.capabilities.size === own.size) return own;
  for (const definition of complete ? demanding(type.capabilities) : []) {
    if (!own.has(definition.name)) own.set(definition.name, readCapability(definition, node, true, context));
  }
  return new LazyMap<Capability>([type.capabilities], (name) => {
    const definition = type.capabilities.get(name);
    return own.get(name) ?? (definition && readCapability(definition, node, false, context));
  });
}

const DEMANDING = new WeakMap<object, readonly CapabilityDefinition[]>();

/** Those with a property that must be given. */
function demanding(capabilities: ReadonlyMap<string, CapabilityDefinition>): readonly CapabilityDefinition[] {
  let found = DEMANDING.get(capabilities);
  if (found === undefined) {
    found = [...capabilities.values()].filter(({ properties }) => hasMandatory(properties));
    DEMANDING.set(capabilities, found);
  }
  return found;
}

function readCapability(
  definition: CapabilityDefinition,
  { template, map, entity }: NodeDraft,
  complete: boolean,
  context: TemplateContext,
): Capability {
  const { name, type } = definition;
  const entry = mapAt(map, 'capabilities')?.entries.get(name);
  const written = entry?.node.kind === 'map' ? entry.node : undefined;
  const place = entry?.keyPlace ?? template.place;
  const read = (kind: 'property' | 'attribute', values: 'properties' | 'attributes'): Assignments =>
    readAssignments(
      mapAt(written, values),
      definition[values],
      {
        title: `capability ${clip(name)} of ${entity.title}`,
        place,
        open: type?.open ?? true,
        kind,
        complete: complete && kind === 'property',
      },
      () => entity.scope,
      context,
    );
  return {
    name,
    place,
    node: template,
    type,
    properties: read('property', 'properties'),
    attributes: read('attribute', 'attributes'),
  };
}
