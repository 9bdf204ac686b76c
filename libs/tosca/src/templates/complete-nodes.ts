import { nearestName } from '@underware/core';
import type { Capability } from '../model/topology.js';
import type { CapabilityDefinition } from '../model/types.js';
import { clip, oneOf } from '../values/shown.js';
import { checkScalable } from './check-scalable.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { mapAt } from './entries.js';
import { LazyMap, NOTHING } from './lazy-map.js';
import { readArtifacts } from './read-artifacts.js';
import {
  ATTRIBUTES,
  hasMandatory,
  PROPERTIES,
  readAssignments,
  SOME_PROPERTIES,
  UNWRITTEN_PROPERTIES,
} from './read-assignments.js';
import type { Owner } from './read-assignments.js';
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
  // What is selected has its values already.
  const complete = !template.directives.includes('select');
  template.metadata = readMetadata([map], context);
  template.count = readCount(map.entries.get('count')?.node, entity, context);
  template.properties = readAssignments(
    mapAt(map, 'properties'),
    type?.properties ?? NOTHING,
    entity,
    complete ? PROPERTIES : SOME_PROPERTIES,
    context,
    provided,
  );
  template.attributes = readAssignments(
    mapAt(map, 'attributes'),
    type?.attributes ?? NOTHING,
    entity,
    ATTRIBUTES,
    context,
  );
  template.capabilities = readCapabilities(node, complete, context);
  template.artifacts = readArtifacts(mapAt(map, 'artifacts'), type?.artifacts ?? NOTHING, entity, context);
  template.interfaces = readInterfaces(
    mapAt(map, 'interfaces'),
    { entity, definitions: type?.interfaces ?? NOTHING, artifacts: template.artifacts },
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
  const demanded = complete && type !== undefined ? demanding(type.capabilities) : [];
  const own: Map<string, Capability> = written || demanded.length > 0 ? new Map() : NONE;
  for (const [name, { keyPlace }] of written?.entries ?? []) {
    const definition = type?.capabilities.get(name);
    if (definition !== undefined) own.set(name, readCapability(definition, node, complete, context));
    else if (type?.open === false) {
      context.add(keyPlace, {
        code: 'CAPABILITY_UNKNOWN',
        message: `Node type ${type.name} has no capability ${clip(name)}`,
        expected: oneOf(type.capabilities.keys()) ?? 'no capabilities',
        nearest: () => nearestName(name, type.capabilities.keys()),
      });
    }
  }
  if (type === undefined || type.capabilities.size === own.size) return own;
  for (const definition of demanded) {
    if (!own.has(definition.name)) own.set(definition.name, readCapability(definition, node, true, context));
  }
  return new LazyMap<Capability>(NOTHING, type.capabilities, (name) => {
    const definition = type.capabilities.get(name);
    return own.get(name) ?? (definition && readCapability(definition, node, false, context));
  });
}

/** Never written to. */
const NONE = new Map<string, Capability>();
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
  const whole = entry === undefined && !context.is2 ? UNWRITTEN_PROPERTIES : PROPERTIES;
  const owner: Owner = {
    title: `capability ${clip(name)} of ${entity.title}`,
    place,
    open: type?.open ?? true,
    get scope() {
      return entity.scope;
    },
  };
  const properties = readAssignments(
    mapAt(written, 'properties'),
    definition.properties,
    owner,
    complete ? whole : SOME_PROPERTIES,
    context,
  );
  if (entry !== undefined) checkScalable(type, properties, context);
  return {
    name,
    place,
    node: template,
    type,
    properties,
    attributes: readAssignments(
      mapAt(written, 'attributes'),
      definition.attributes,
      owner,
      ATTRIBUTES,
      context,
    ),
  };
}
