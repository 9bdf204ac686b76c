import { nearestName, readProperties } from '@underware/underservices';
import { DESCRIPTOR_DATA_TYPES } from '../profile/data-types.js';
import type { NodeType, RequirementSchema } from '../profile/profile.js';
import { toValue } from '../source/source-node.js';
import type { ListNode, MapNode, SourceNode } from '../source/source-node.js';
import { asMap, checkKeywords, mapAt, textAt } from '../template/keywords.js';
import { typeOf } from './check-type.js';
import type { CheckedRequirement, Compilation } from './compilation.js';

/** `- name: node` or `- name: { node: …, relationship: { properties: … } }`. */
export function readRequirements(
  list: ListNode | undefined,
  type: NodeType,
  compilation: Compilation,
): CheckedRequirement[] {
  return (list?.items ?? []).flatMap((item) => {
    const map = asMap(item, 'A requirement', compilation.findings);
    return [...(map?.entries ?? [])].flatMap(([name, { keyOffset, node }]) => {
      const schema = Object.hasOwn(type.requirements, name) ? type.requirements[name] : undefined;
      if (schema === undefined) {
        const known = Object.keys(type.requirements);
        compilation.findings.add(keyOffset, {
          code: 'REQUIREMENT_UNKNOWN',
          message: `${type.name} has no requirement ${name.slice(0, 80)}`,
          expected: known.length === 0 ? 'no requirements' : `one of ${known.join(', ')}`,
          nearest: nearestName(name, known),
        });
        return [];
      }
      const requirement = readRequirement(name, keyOffset, node, schema, compilation);
      return requirement === undefined ? [] : [requirement];
    });
  });
}

function readRequirement(
  name: string,
  keyOffset: number,
  node: SourceNode,
  schema: RequirementSchema,
  compilation: Compilation,
): CheckedRequirement | undefined {
  const { findings } = compilation;
  if (node.kind === 'scalar' && node.text !== '') {
    return { name, target: node.text, offset: node.offset, properties: {} };
  }
  const map = asMap(node, `requirement ${name}`, findings);
  if (map === undefined) return undefined;
  checkKeywords(
    map,
    'a requirement',
    {
      read: ['node', 'relationship'],
      ignored: ['capability'],
      unsupported: ['node_filter', 'count', 'occurrences'],
    },
    findings,
  );
  const properties = readRelationship(map, keyOffset, schema, compilation);
  const target = textAt(map, 'node', findings);
  if (target === undefined) {
    findings.add(keyOffset, {
      code: 'KEYWORD_MISSING',
      message: `Requirement ${name} names no node`,
      expected: `node: a node of type ${schema.target}`,
    });
    return undefined;
  }
  return { name, target, offset: map.entries.get('node')?.node.offset ?? keyOffset, properties };
}

function readRelationship(
  requirement: MapNode,
  keyOffset: number,
  schema: RequirementSchema,
  compilation: Compilation,
): Record<string, unknown> {
  const { findings, budget, profile } = compilation;
  const entry = requirement.entries.get('relationship');
  if (entry === undefined) return {};
  const map: MapNode | undefined =
    entry.node.kind === 'scalar'
      ? {
          kind: 'map',
          offset: entry.node.offset,
          entries: new Map([['type', { keyOffset, node: entry.node }]]),
        }
      : asMap(entry.node, 'relationship', findings);
  if (map === undefined) return {};
  checkKeywords(
    map,
    'a relationship',
    { read: ['type', 'properties'], unsupported: ['interfaces'] },
    findings,
  );
  if (map.entries.has('type')) {
    const type = typeOf(map, entry.keyOffset, profile.relationshipTypes, 'relationship type', compilation);
    if (type !== undefined && type.name !== schema.relationship) {
      findings.add(map.entries.get('type')?.node.offset ?? keyOffset, {
        code: 'REFERENCE_TYPE',
        message: `The relationship is a ${type.name}`,
        expected: schema.relationship,
      });
    }
  }
  const properties = mapAt(map, 'properties', findings);
  const known = profile.relationshipTypes.get(schema.relationship);
  if (properties === undefined || known === undefined) return {};
  const reading = readProperties(toValue(properties, budget), known.properties, DESCRIPTOR_DATA_TYPES);
  findings.addModel(properties, reading.findings);
  return reading.value;
}
