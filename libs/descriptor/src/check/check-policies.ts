import { readProperties } from '@underware/underservices';
import { DESCRIPTOR_DATA_TYPES } from '../profile/data-types.js';
import { toValue } from '../source/source-node.js';
import type { ListNode, MapNode, SourceNode } from '../source/source-node.js';
import { asMap, checkKeywords, isEmpty, listAt } from '../template/keywords.js';
import { checkName, checkReference } from './check-nodes.js';
import { typeOf } from './check-type.js';
import type { CheckedNode, CheckedPolicy, Compilation } from './compilation.js';

/** Every policy against its type and the nodes it targets. */
export function checkPolicies(
  list: ListNode | undefined,
  nodes: ReadonlyMap<string, CheckedNode>,
  written: MapNode,
  compilation: Compilation,
): CheckedPolicy[] {
  const names = new Set<string>();
  return (list?.items ?? []).flatMap((item) => {
    const map = asMap(item, 'A policy', compilation.findings);
    return [...(map?.entries ?? [])].flatMap(([name, { keyOffset, node }]) => {
      checkName(name, keyOffset, compilation);
      if (names.has(name)) {
        compilation.findings.add(keyOffset, {
          code: 'NAME_DUPLICATE',
          message: `A policy named ${name} exists already`,
          expected: 'a name of its own for every policy',
        });
      }
      names.add(name);
      const policy = checkPolicy(name, keyOffset, node, nodes, written, compilation);
      return policy === undefined ? [] : [policy];
    });
  });
}

function checkPolicy(
  name: string,
  keyOffset: number,
  node: SourceNode,
  nodes: ReadonlyMap<string, CheckedNode>,
  written: MapNode,
  compilation: Compilation,
): CheckedPolicy | undefined {
  const { findings, profile, budget } = compilation;
  const map = asMap(node, `policy ${name}`, findings);
  if (map === undefined) return undefined;
  checkKeywords(
    map,
    'a policy',
    {
      read: ['type', 'description', 'targets', 'properties'],
      ignored: ['metadata'],
      unsupported: ['triggers'],
    },
    findings,
  );
  const type = typeOf(map, keyOffset, profile.policyTypes, 'policy type', compilation);
  if (type === undefined) return undefined;
  const entry = map.entries.get('properties');
  const propertiesNode: SourceNode =
    entry === undefined || isEmpty(entry.node)
      ? { kind: 'map', offset: entry?.keyOffset ?? keyOffset, entries: new Map() }
      : entry.node;
  const reading = readProperties(toValue(propertiesNode, budget), type.properties, DESCRIPTOR_DATA_TYPES);
  findings.addModel(propertiesNode, reading.findings, entry?.keyOffset ?? keyOffset);
  const targets = (listAt(map, 'targets', findings)?.items ?? []).flatMap((target) => {
    const text = target.kind === 'scalar' ? target.text : '';
    return checkReference(text, target.offset, type.targets.type, nodes, written, compilation)
      ? [{ name: text, offset: target.offset }]
      : [];
  });
  const count = map.entries.get('targets')?.node;
  const given = count?.kind === 'list' ? count.items.length : 0;
  if (given < type.targets.min || given > type.targets.max) {
    findings.add(map.entries.get('targets')?.keyOffset ?? keyOffset, {
      code: given < type.targets.min ? 'REQUIREMENT_MISSING' : 'REQUIREMENT_TOO_MANY',
      message: `Policy ${name} has ${given} targets`,
      expected: `${type.targets.min} or more of type ${type.targets.type}`,
    });
  }
  return { name, type: type.name, keyOffset, properties: reading.value, propertiesNode, targets };
}
