import { nearestName } from '@underware/core';
import { fits } from '../model/derivation.js';
import type { Substitution } from '../model/topology.js';
import type { Schema } from '../model/schema.js';
import type { NodeType } from '../model/types.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { Entity } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { exactTypeEntity } from './entities.js';
import { isEmpty, mapAt, namedItems, textOf } from './entries.js';
import { checkRequirementMappings, mapRequirements } from './map-requirements.js';
import { findNode, pathOf } from './mapping-path.js';
import { checkFilterOf1 } from './node-filter.js';

interface Names {
  inputs: ReadonlyMap<string, Schema>;
  outputs: ReadonlySet<string>;
}

/** How the template stands for a node: what of the node's type goes to what of the template. */
export function readSubstitution(names: Names, context: TemplateContext): Substitution | undefined {
  const map = mapAt(context.template, 'substitution_mappings');
  if (map === undefined) return undefined;
  const nodeType = context.type('node', map.entries.get('node_type')?.node);
  const filter = map.entries.get('substitution_filter')?.node;
  if (filter !== undefined && !isEmpty(filter)) checkFilter(filter, nodeType, context);
  const properties = mapProperties(mapAt(map, 'properties'), nodeType, names.inputs, context);
  if (context.is2) checkInputsMapped(map, properties, names.inputs, context);
  const requirements = mapRequirements(map, nodeType, context);
  checkRequirementMappings(requirements, nodeType, context);
  return {
    place: map.place,
    nodeType,
    ...(filter === undefined ? {} : { filter }),
    properties,
    attributes: mapAttributes(mapAt(map, 'attributes'), nodeType, names.outputs, context),
    capabilities: mapCapabilities(map.entries.get('capabilities')?.node, nodeType, context),
    requirements: requirements.map(({ name, place, node, requirement }) => ({
      name,
      place,
      node: node.template,
      ...(requirement === undefined ? {} : { requirement }),
    })),
    interfaces: mapInterfaces(mapAt(map, 'interfaces'), nodeType, context),
  };
}

/** By node template, the properties that a mapping of 1.x gives a value: `property: [ node, property ]`. */
export function providedProperties(context: TemplateContext): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>();
  const map = mapAt(mapAt(context.template, 'substitution_mappings'), 'properties');
  for (const { node } of map?.entries.values() ?? []) {
    const [template, property] = pathOf(node).map((step) => textOf(step) ?? '');
    if (template === undefined || property === undefined) continue;
    const names = result.get(template);
    if (names === undefined) result.set(template, new Set([property]));
    else names.add(property);
  }
  return result;
}

function checkFilter(filter: SourceNode, type: NodeType | undefined, context: TemplateContext): void {
  const scope = context.functions;
  if (context.is2) {
    const self = type === undefined ? undefined : exactTypeEntity(type, scope);
    context.values.checkCondition(filter, { ...scope, self });
  } else {
    checkFilterOf1(
      filter,
      { type, capability: undefined, target: undefined, wellFormed: true },
      scope,
      context,
    );
  }
}

/** Does a node, as functions see it, meet the filter? Undefined where that is not known yet. Nothing is reported. */
export function meetsFilter(
  filter: SourceNode,
  node: Entity,
  type: NodeType | undefined,
  context: TemplateContext,
): boolean | undefined {
  if (isEmpty(filter)) return true;
  if (context.is2) return context.values.conditionHolds(filter, { ...context.functions, self: node });
  const filtered = { type, capability: undefined, target: node, wellFormed: false };
  return checkFilterOf1(filter, filtered, context.functions, context).met;
}

/** A name of 2.0 may be a path: `[ CAPABILITY, name, property ]` is read as such a text. */
const isPath = (name: string): boolean => /^\s*\[/.test(name);

function mapProperties(
  map: MapNode | undefined,
  type: NodeType | undefined,
  inputs: ReadonlyMap<string, Schema>,
  context: TemplateContext,
): Map<string, string> {
  const result = new Map<string, string>();
  for (const [name, { keyPlace, node }] of map?.entries ?? []) {
    const schema = type?.properties.get(name);
    if (schema === undefined && type?.open === false && !isPath(name)) {
      context.add(keyPlace, {
        code: 'PROPERTY_UNKNOWN',
        message: `Node type ${type.name} has no property ${clip(name)} to map`,
        expected: oneOf(type.properties.keys()) ?? 'no properties',
        nearest: () => nearestName(name, type.properties.keys()),
      });
    }
    const path = pathOf(node);
    const [first, second] = path;
    if (first === undefined) continue;
    const input = textOf(first) ?? '';
    if (second !== undefined) findNode(first, context);
    else if (inputs.has(input)) result.set(name, input);
    else if (context.is2 || node.kind === 'list') reportInput(input, first.place, inputs, context);
    // Before, a value that the substituted node must have.
    else if (schema !== undefined && node.kind === 'scalar')
      context.values.checkValue(node, schema, context.functions);
    const target = inputs.get(input);
    const fine = [schema?.type, target?.type].includes(undefined) || compatible(schema, target);
    if (second !== undefined || fine) continue;
    context.add(first.place, {
      code: 'SUBSTITUTION_INVALID',
      message: `Property ${clip(name)} of type ${schema?.type?.name ?? ''} can not be mapped to input ${clip(input)} of type ${target?.type?.name ?? ''}`,
      expected: `an input of type ${schema?.type?.name ?? ''}`,
    });
  }
  return result;
}

function compatible(property: Schema | undefined, input: Schema | undefined): boolean {
  const [from, to] = [property?.type, input?.type];
  if (from === undefined || to === undefined) return true;
  if (from.name === to.name || from.primitive === 'any' || to.primitive === 'any') return true;
  return fits(from, to) || fits(to, from);
}

function reportInput(
  name: string,
  place: Place,
  inputs: ReadonlyMap<string, Schema>,
  context: TemplateContext,
): void {
  context.add(place, {
    code: 'INPUT_UNKNOWN',
    message: `There is no input ${clip(name)} to map to`,
    expected: oneOf(inputs.keys()) ?? 'an input of the template',
    nearest: () => nearestName(name, inputs.keys()),
  });
}

/** 2.0: a substituting template must get every input it can not do without. */
function checkInputsMapped(
  map: MapNode,
  properties: ReadonlyMap<string, string>,
  inputs: ReadonlyMap<string, Schema>,
  context: TemplateContext,
): void {
  const mapped = new Set(properties.values());
  for (const [name, { required, default: preset, fixed }] of inputs) {
    if (!required || preset !== undefined || fixed !== undefined || mapped.has(name)) continue;
    context.add(map.entries.get('properties')?.keyPlace ?? map.place, {
      code: 'SUBSTITUTION_INVALID',
      message: `Input ${clip(name)} has no default, and no property is mapped to it`,
      expected: `a property mapped to ${clip(name)}`,
    });
  }
}

function mapAttributes(
  map: MapNode | undefined,
  type: NodeType | undefined,
  outputs: ReadonlySet<string>,
  context: TemplateContext,
): Map<string, string> {
  const result = new Map<string, string>();
  for (const [name, { keyPlace, node }] of map?.entries ?? []) {
    const known = type === undefined || type.open || type.attributes.has(name) || type.properties.has(name);
    if (!known && !isPath(name)) {
      context.add(keyPlace, {
        code: 'ATTRIBUTE_UNKNOWN',
        message: `Node type ${type.name} has no attribute ${clip(name)} to map`,
        expected: oneOf(type.attributes.keys()) ?? 'no attributes',
        nearest: () => nearestName(name, type.attributes.keys()),
      });
    }
    const [first, second] = pathOf(node);
    const output = textOf(first);
    if (first === undefined || output === undefined) continue;
    if (second !== undefined) findNode(first, context);
    else if (outputs.has(output)) result.set(name, output);
    else {
      context.add(first.place, {
        code: 'REFERENCE_UNKNOWN',
        message: `There is no output ${clip(output)} to map`,
        expected: oneOf(outputs) ?? 'an output of the template',
        nearest: () => nearestName(output, outputs),
      });
    }
  }
  return result;
}

function mapCapabilities(
  written: SourceNode | undefined,
  type: NodeType | undefined,
  context: TemplateContext,
): Substitution['capabilities'] {
  const result = new Map<string, { node: NodeDraft['template']; capability: string }>();
  for (const [name, { keyPlace, node }] of namedItems(written)) {
    const outer = type?.capabilities.get(name);
    if (outer === undefined && type?.open === false) {
      context.add(keyPlace, {
        code: 'CAPABILITY_UNKNOWN',
        message: `Node type ${type.name} has no capability ${clip(name)} to map`,
        expected: oneOf(type.capabilities.keys()) ?? 'no capabilities',
        nearest: () => nearestName(name, type.capabilities.keys()),
      });
    }
    const [first, second] = pathOf(node);
    const target = first === undefined ? undefined : findNode(first, context);
    const capability = textOf(second);
    if (target === undefined || second === undefined || capability === undefined) continue;
    const inner = target.type?.capabilities.get(capability);
    if (inner !== undefined) result.set(name, { node: target.template, capability });
    else if (target.type?.open === false) {
      context.add(second.place, {
        code: 'CAPABILITY_UNKNOWN',
        message: `${clip(target.template.name)} has no capability ${clip(capability)}`,
        expected: oneOf(target.type.capabilities.keys()) ?? 'no capabilities',
        nearest: () => nearestName(capability, target.type?.capabilities.keys() ?? []),
      });
    }
    if (inner?.type === undefined || outer?.type === undefined) continue;
    if (fits(inner.type, outer.type) || fits(outer.type, inner.type)) continue;
    context.add(second.place, {
      code: 'SUBSTITUTION_INVALID',
      message: `Capability ${clip(name)} of type ${outer.type.name} can not be mapped to one of type ${inner.type.name}`,
      expected: `a capability of type ${outer.type.name}`,
    });
  }
  return result;
}

function mapInterfaces(
  map: MapNode | undefined,
  type: NodeType | undefined,
  context: TemplateContext,
): Substitution['interfaces'] {
  const result = new Map<string, ReadonlyMap<string, string>>();
  for (const [name, { keyPlace, node }] of map?.entries ?? []) {
    const known = type?.interfaces.get(name);
    if (known === undefined && type?.open === false) {
      context.add(keyPlace, {
        code: 'INTERFACE_UNKNOWN',
        message: `Node type ${type.name} has no interface ${clip(name)} to map`,
        expected: oneOf(type.interfaces.keys()) ?? 'no interfaces',
        nearest: () => nearestName(name, type.interfaces.keys()),
      });
      continue;
    }
    const operations = new Map<string, string>();
    const entries = node.kind === 'map' ? (mapAt(node, 'operations') ?? node).entries : [];
    for (const [operation, { keyPlace: place, node: target }] of entries) {
      if (known !== undefined && known.type?.open !== true && !known.operations.has(operation)) {
        context.add(place, {
          code: 'OPERATION_UNKNOWN',
          message: `Interface ${clip(name)} of ${type?.name ?? ''} has no operation ${clip(operation)}`,
          expected: oneOf(known.operations.keys()) ?? 'no operations',
          nearest: () => nearestName(operation, known.operations.keys()),
        });
      }
      const workflow = textOf(target);
      if (workflow === undefined) continue;
      if (context.workflows.has(workflow)) operations.set(operation, workflow);
      else {
        context.add(target.place, {
          code: 'REFERENCE_UNKNOWN',
          message: `There is no workflow ${clip(workflow)} to map to`,
          expected: oneOf(context.workflows.keys()) ?? 'a workflow of the template',
          nearest: () => nearestName(workflow, context.workflows.keys()),
        });
      }
    }
    result.set(name, operations);
  }
  return result;
}
