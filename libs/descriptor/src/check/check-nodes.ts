import { NAME_PATTERN, nearestName, readProperties } from '@underware/underservices';
import { DESCRIPTOR_DATA_TYPES } from '../profile/data-types.js';
import { isA } from '../profile/profile.js';
import { toValue } from '../source/source-node.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import { asMap, checkKeywords, isEmpty, listAt } from '../template/keywords.js';
import { typeOf } from './check-type.js';
import type { CheckedNode, Compilation } from './compilation.js';
import { readRequirements } from './read-requirements.js';

const RESERVED_NAMES = new Set(['any', 'constructor', 'prototype', 'SELF', 'HOST', 'SOURCE', 'TARGET']);

/** Every node template against its type, then every requirement against the node it names. */
export function checkNodes(nodes: MapNode, compilation: Compilation): Map<string, CheckedNode> {
  const checked = new Map<string, CheckedNode>();
  for (const [name, { keyOffset, node }] of nodes.entries) {
    checkName(name, keyOffset, compilation);
    const result = checkNode(name, keyOffset, node, compilation);
    if (result !== undefined) checked.set(name, result);
  }
  for (const node of checked.values()) checkTargets(node, checked, nodes, compilation);
  return checked;
}

export function checkName(name: string, offset: number, { findings }: Compilation): void {
  if (NAME_PATTERN.test(name) && !RESERVED_NAMES.has(name)) return;
  findings.add(offset, {
    code: 'NAME_INVALID',
    message: RESERVED_NAMES.has(name) ? `The name ${name} is taken` : `${name.slice(0, 80)} is no valid name`,
    expected: 'a letter, then at most 62 letters, digits, - or _',
  });
}

function checkNode(
  name: string,
  keyOffset: number,
  node: SourceNode,
  compilation: Compilation,
): CheckedNode | undefined {
  const { profile, findings, budget } = compilation;
  const map = asMap(node, `node ${name}`, findings);
  if (map === undefined) return undefined;
  checkKeywords(
    map,
    'a node template',
    {
      read: ['type', 'description', 'properties', 'requirements'],
      ignored: ['metadata'],
      unsupported: [
        'artifacts',
        'attributes',
        'capabilities',
        'copy',
        'count',
        'directives',
        'interfaces',
        'node_filter',
      ],
    },
    findings,
  );
  const type = typeOf(map, keyOffset, profile.nodeTypes, 'node type', compilation);
  if (type === undefined) return undefined;
  const propertiesEntry = map.entries.get('properties');
  const propertiesNode: SourceNode =
    propertiesEntry === undefined || isEmpty(propertiesEntry.node)
      ? { kind: 'map', offset: propertiesEntry?.keyOffset ?? keyOffset, entries: new Map() }
      : propertiesEntry.node;
  const reading = readProperties(toValue(propertiesNode, budget), type.properties, DESCRIPTOR_DATA_TYPES);
  findings.addModel(propertiesNode, reading.findings, propertiesEntry?.keyOffset ?? keyOffset);
  return {
    name,
    type: type.name,
    keyOffset,
    properties: reading.value,
    propertiesNode,
    requirements: readRequirements(listAt(map, 'requirements', findings), type, compilation),
  };
}

function checkTargets(
  node: CheckedNode,
  checked: ReadonlyMap<string, CheckedNode>,
  written: MapNode,
  compilation: Compilation,
): void {
  const { profile, findings } = compilation;
  const type = profile.nodeTypes.get(node.type);
  const counts = new Map<string, number>();
  for (const requirement of node.requirements) {
    counts.set(requirement.name, (counts.get(requirement.name) ?? 0) + 1);
    const wanted = type?.requirements[requirement.name]?.target;
    if (wanted !== undefined) {
      checkReference(requirement.target, requirement.offset, wanted, checked, written, compilation);
    }
  }
  for (const [name, { min, max, target, description }] of Object.entries(type?.requirements ?? {})) {
    const count = counts.get(name) ?? 0;
    if (count >= min && count <= max) continue;
    findings.add(node.keyOffset, {
      code: count < min ? 'REQUIREMENT_MISSING' : 'REQUIREMENT_TOO_MANY',
      message: `${node.name} has ${count} of requirement ${name}: ${description}`,
      expected: `${min === max ? min : `${min} or more`}, e.g. - ${name}: <name of a ${target}>`,
    });
  }
}

/** That a name is of a node of a type; false with a finding. */
export function checkReference(
  name: string,
  offset: number,
  wanted: string,
  checked: ReadonlyMap<string, CheckedNode>,
  written: MapNode,
  { profile, findings }: Compilation,
): boolean {
  const target = checked.get(name);
  if (target !== undefined && isA(profile, target.type, wanted)) return true;
  // A node whose own type is wrong has its finding already.
  if (target === undefined && written.entries.has(name)) return false;
  const valid = [...checked.values()]
    .filter(({ type }) => isA(profile, type, wanted))
    .map((node) => node.name);
  findings.add(offset, {
    code: target === undefined ? 'REFERENCE_UNKNOWN' : 'REFERENCE_TYPE',
    message:
      target === undefined
        ? `There is no node ${name.slice(0, 80)}`
        : `${name} is a ${target.type}, not a ${wanted}`,
    expected: valid.length === 0 ? `a node of type ${wanted}` : `one of ${valid.slice(0, 20).join(', ')}`,
    nearest: nearestName(name, valid),
  });
  return false;
}
