import { nearestName } from '@underware/core';
import { isAbsent } from '../grammar/fits.js';
import type { Schema } from '../model/schema.js';
import type { InterfaceDefinition, InterfaceType, OperationDefinition } from '../model/types.js';
import type { MapEntry, MapNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { readDeclared, readSchemas } from './read-schema.js';
import { mapAt, nodeAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

type Definitions = ReadonlyMap<string, InterfaceDefinition>;
type Operations = ReadonlyMap<string, OperationDefinition>;

export function readInterfaces(
  owner: MapNode,
  inherited: Definitions | undefined,
  reader: TypeReader,
): Definitions {
  const own = new Map<string, InterfaceDefinition>();
  for (const [name, { keyPlace, node }] of mapAt(owner, 'interfaces')?.entries ?? []) {
    if (node.kind === 'map') own.set(name, readInterface(name, keyPlace, node, inherited?.get(name), reader));
  }
  return reader.fold(inherited, own);
}

function readInterface(
  name: string,
  place: Place,
  node: MapNode,
  inherited: InterfaceDefinition | undefined,
  reader: TypeReader,
): InterfaceDefinition {
  const type = interfaceType(name, place, node, inherited, reader);
  const base = inherited !== undefined && inherited.type === type ? inherited : type;
  const operations = readOperations(node, base?.operations, false, reader);
  if (type !== undefined && !type.open) checkOperations(node, type, base?.operations, reader);
  return {
    name,
    place,
    type,
    inputs: readSchemas(node, 'inputs', 'argument', base?.inputs, reader),
    operations,
    notifications: readNotifications(node, base?.notifications, reader),
  };
}

function interfaceType(
  name: string,
  place: Place,
  node: MapNode,
  inherited: InterfaceDefinition | undefined,
  reader: TypeReader,
): InterfaceType | undefined {
  const named = nodeAt(node, 'type');
  if (named === undefined) {
    // 1.x files name the interface as its type and leave the type out: `Standard`.
    const implied = inherited?.type ?? (reader.isTwo ? undefined : reader.scope.find('interface', name));
    if (implied === undefined && inherited === undefined) {
      const severity = reader.isStrict ? 'error' : 'warning';
      reader.missing(place, `The interface ${name.slice(0, 80)} has no type`, 'type', severity);
    }
    return implied;
  }
  const type = reader.type('interface', named);
  reader.checkRefined(named.place, `The interface ${name.slice(0, 80)}`, type, inherited?.type);
  return type;
}

/** Where the operations of an interface stand: at `operations`, and in 1.x beside its keynames. */
function operationEntries(node: MapNode, reader: TypeReader): [string, MapEntry][] {
  const entries = [...(mapAt(node, 'operations')?.entries ?? [])];
  if (reader.isTwo) return entries;
  return [...entries, ...[...node.entries].filter(([key]) => !INTERFACE_KEYS.has(key))];
}

const INTERFACE_KEYS = new Set([
  'type',
  'derived_from',
  'version',
  'metadata',
  'description',
  'inputs',
  'operations',
  'notifications',
]);

/** `first` where an interface type declares them: then there is nothing yet that they could be carried out on. */
export function readOperations(
  node: MapNode,
  inherited: Operations | undefined,
  first: boolean,
  reader: TypeReader,
): Operations {
  return readEach(operationEntries(node, reader), inherited, first, reader);
}

export function readNotifications(
  node: MapNode,
  inherited: Operations | undefined,
  reader: TypeReader,
  first = false,
): Operations {
  return readEach([...(mapAt(node, 'notifications')?.entries ?? [])], inherited, first, reader);
}

function readEach(
  entries: readonly [string, MapEntry][],
  inherited: Operations | undefined,
  first: boolean,
  reader: TypeReader,
): Operations {
  const own = new Map<string, OperationDefinition>();
  const reserved =
    first && reader.version === 'tosca_simple_yaml_1_3'
      ? entries.find(([name]) => name === 'inputs')
      : undefined;
  if (reserved !== undefined) {
    reader.report.add(reserved[1].keyPlace, {
      code: 'NAME_INVALID',
      message: 'inputs is reserved: no operation may have this name',
      expected: 'another name',
    });
  }
  for (const [name, entry] of entries)
    own.set(name, readOperation(name, entry, inherited?.get(name), first, reader));
  return reader.fold(inherited, own);
}

const NO_INPUTS: ReadonlyMap<string, Schema> = new Map();

function readOperation(
  name: string,
  { keyPlace, node }: MapEntry,
  inherited: OperationDefinition | undefined,
  first: boolean,
  reader: TypeReader,
): OperationDefinition {
  const short = node.kind === 'scalar' && !isAbsent(node) ? node : undefined;
  const body = node.kind === 'map' ? node : undefined;
  const implementation = short ?? (body && nodeAt(body, 'implementation'));
  if (first && reader.isStrict && implementation !== undefined) {
    reader.report.add(implementation.place, {
      code: 'KEYWORD_INVALID',
      message: `An interface type cannot implement ${name.slice(0, 80)}: only a node or relationship type can`,
      expected: 'no implementation',
    });
  }
  const outputs = (body && nodeAt(body, 'outputs')) ?? inherited?.outputs;
  const implemented = implementation ?? inherited?.implementation;
  return {
    name,
    place: keyPlace,
    inputs:
      body === undefined
        ? (inherited?.inputs ?? NO_INPUTS)
        : first
          ? readDeclared(body, 'inputs', inherited?.inputs, reader)
          : readSchemas(body, 'inputs', 'argument', inherited?.inputs, reader),
    ...(outputs === undefined ? {} : { outputs }),
    ...(implemented === undefined ? {} : { implementation: implemented }),
  };
}

/** What a definition refines must be there; files of 1.x add operations where they need them. */
function checkOperations(
  node: MapNode,
  type: InterfaceType,
  known: Operations | undefined,
  reader: TypeReader,
): void {
  for (const [name, { keyPlace }] of operationEntries(node, reader)) {
    if (known?.has(name) === true) continue;
    reader.report.add(keyPlace, {
      code: 'OPERATION_UNKNOWN',
      ...(reader.isTwo ? {} : { severity: 'warning' }),
      message: `${type.name} has no operation ${name.slice(0, 80)}`,
      expected: `one of ${[...(known?.keys() ?? [])].slice(0, 20).join(', ')}`,
      nearest: () => nearestName(name, known?.keys() ?? []),
    });
  }
}
