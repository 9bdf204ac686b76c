import { nearestName } from '@underware/core';
import { derivesFrom } from '../model/derivation.js';
import type { Artifact, Interface, Operation } from '../model/topology.js';
import type { InterfaceDefinition, InterfaceType, OperationDefinition } from '../model/types.js';
import type { MapEntry, MapNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { clip, oneOf } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { checkOutputs } from './check-outputs.js';
import type { TemplateEntity } from './entities.js';
import { emptyMap, mapAt } from './entries.js';
import { LazyMap, NOTHING } from './lazy-map.js';
import { capitalized, INPUTS, readAssignments } from './read-assignments.js';
import { readImplementation } from './read-implementation.js';

export interface InterfaceOwner {
  entity: TemplateEntity;
  definitions: ReadonlyMap<string, InterfaceDefinition>;
  artifacts: ReadonlyMap<string, Artifact>;
}

/** Keynames of an interface of 1.x; every other one is an operation. */
const KEYNAMES = new Set(['type', 'description', 'metadata', 'inputs', 'operations', 'notifications']);

/** The interfaces of a template: those written, checked, and those that only its type has. */
export function readInterfaces(
  written: MapNode | undefined,
  owner: InterfaceOwner,
  context: TemplateContext,
): ReadonlyMap<string, Interface> {
  const { definitions } = owner;
  if (written === undefined && definitions.size === 0) return NOTHING;
  const own = new Map<string, Interface>();
  for (const [name, { keyPlace, node }] of written?.entries ?? []) {
    const map = node.kind === 'map' ? node : emptyMap(node.place);
    const definition = findDefinition(name, keyPlace, map, owner, context);
    if (definition === undefined) continue;
    own.set(definition.name, readInterface(keyPlace, map, definition, owner, context));
  }
  return new LazyMap<Interface>(own, definitions, (name) => {
    const definition = definitions.get(name);
    if (definition === undefined) return undefined;
    const { place } = owner.entity;
    return readInterface(place, emptyMap(place), { ...definition, open: true }, owner, context);
  });
}

type Known = Pick<InterfaceDefinition, 'name' | 'type' | 'inputs' | 'operations' | 'notifications'> & {
  open: boolean;
};

function findDefinition(
  name: string,
  place: Place,
  map: MapNode,
  owner: InterfaceOwner,
  context: TemplateContext,
): Known | undefined {
  const own = owner.definitions.get(name);
  if (own !== undefined) return { ...own, open: own.type?.open ?? true };
  // Of 1.x: by the name of its type, and one that only the template has, which then says its type.
  const typeNode = map.entries.get('type')?.node;
  const type =
    typeNode === undefined ? context.file.scope.find('interface', name) : context.type('interface', typeNode);
  const byType = [...owner.definitions.values()].find(
    (each) => type !== undefined && each.type !== undefined && derivesFrom(each.type, type),
  );
  if (byType !== undefined && !context.is2) return { ...byType, open: byType.type?.open ?? true };
  if (typeNode !== undefined && !context.is2) return ofType(name, type);
  if (owner.entity.open) return ofType(name, type);
  context.add(place, {
    code: 'INTERFACE_UNKNOWN',
    // Inputs for no operation, where there are no interfaces at all, do nothing.
    ...(owner.definitions.size === 0 && hasOnlyInputs(map) ? { severity: 'warning' } : {}),
    message: `${capitalized(owner.entity.title)} has no interface ${clip(name)}`,
    expected: oneOf(owner.definitions.keys()) ?? 'no interfaces',
    nearest: () => nearestName(name, owner.definitions.keys()),
  });
  return undefined;
}

function hasOnlyInputs(map: MapNode): boolean {
  return map.entries.size === 1 && map.entries.has('inputs');
}

function ofType(name: string, type: InterfaceType | undefined): Known {
  return {
    name,
    type,
    inputs: type?.inputs ?? NOTHING,
    operations: type?.operations ?? NOTHING,
    notifications: type?.notifications ?? NOTHING,
    open: type?.open ?? true,
  };
}

function readInterface(
  place: Place,
  map: MapNode,
  definition: Known,
  owner: InterfaceOwner,
  context: TemplateContext,
): Interface {
  const { entity } = owner;
  const title = `interface ${clip(definition.name)} of ${entity.title}`;
  const list = { open: definition.open, place, title };
  return {
    name: definition.name,
    place,
    type: definition.type,
    inputs: readAssignments(mapAt(map, 'inputs'), definition.inputs, entity, INPUTS, context),
    operations: readOperations(
      { ...list, written: writtenOperations(map, context), known: definition.operations, what: 'operation' },
      owner,
      context,
    ),
    notifications: readOperations(
      {
        ...list,
        written: mapAt(map, 'notifications')?.entries ?? NOTHING,
        known: definition.notifications,
        what: 'notification',
      },
      owner,
      context,
    ),
  };
}

/** Those under `operations`, and in 1.x every name that is no keyname. */
function writtenOperations(map: MapNode, context: TemplateContext): ReadonlyMap<string, MapEntry> {
  const listed = mapAt(map, 'operations')?.entries ?? NOTHING;
  if (context.is2) return listed;
  let all: Map<string, MapEntry> | undefined;
  for (const [name, entry] of map.entries) {
    if (KEYNAMES.has(name)) continue;
    all ??= new Map(listed);
    all.set(name, entry);
  }
  return all ?? listed;
}

interface OperationList {
  written: ReadonlyMap<string, MapEntry>;
  known: ReadonlyMap<string, OperationDefinition>;
  what: string;
  open: boolean;
  place: Place;
  /** Of the interface. */
  title: string;
}

function readOperations(
  { written, known, what, open, place, title }: OperationList,
  owner: InterfaceOwner,
  context: TemplateContext,
): ReadonlyMap<string, Operation> {
  if (written.size === 0 && known.size === 0) return NOTHING;
  const own = new Map<string, Operation>();
  for (const [name, { keyPlace, node }] of written) {
    const definition = known.get(name);
    if (definition === undefined && !open) {
      context.add(keyPlace, {
        code: 'OPERATION_UNKNOWN',
        message: `${capitalized(title)} has no ${what} ${clip(name)}`,
        expected: oneOf(known.keys()) ?? `no ${what}s`,
        nearest: () => nearestName(name, known.keys()),
      });
    }
    own.set(name, readOperation(name, { keyPlace, node }, definition, owner, context));
  }
  return new LazyMap<Operation>(own, known, (name) => {
    const definition = known.get(name);
    if (definition === undefined) return undefined;
    return readOperation(name, { keyPlace: place, node: emptyMap(place) }, definition, owner, context);
  });
}

function readOperation(
  name: string,
  { keyPlace: place, node }: MapEntry,
  definition: OperationDefinition | undefined,
  owner: InterfaceOwner,
  context: TemplateContext,
): Operation {
  const map = node.kind === 'map' ? node : emptyMap(place);
  // A text is its implementation.
  const written = node.kind === 'map' ? map.entries.get('implementation')?.node : node;
  const mapped = map.entries.get('outputs')?.node;
  if (mapped !== undefined) checkOutputs(mapped, owner.entity, context);
  const outputs = mapped ?? definition?.outputs;
  const inputs = readAssignments(
    mapAt(map, 'inputs'),
    definition?.inputs ?? NOTHING,
    owner.entity,
    INPUTS,
    context,
  );
  const implementation =
    readImplementation(written, owner.artifacts, context) ??
    readImplementation(definition?.implementation, owner.artifacts, undefined);
  return {
    name,
    place,
    inputs,
    ...(implementation === undefined ? {} : { implementation }),
    ...(outputs === undefined ? {} : { outputs }),
  };
}
