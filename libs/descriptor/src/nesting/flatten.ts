import type { NodeTemplate, PolicyTemplate } from '@underware/tosca';
import type { Findings } from '../finding.js';
import { valuesOf } from '../service/service-node.js';
import type { ServiceNode, ServicePolicy, ServiceRequirement } from '../service/service-node.js';
import { flatName } from './flat-name.js';
import { policyTargets } from './policy-targets.js';
import { renameEnds } from './rename-ends.js';
import { isLeaf } from './leaves.js';
import { resolveRequirement } from './resolve.js';
import type { Scope } from './scope.js';

export interface FlatService {
  nodes: Map<string, ServiceNode>;
  policies: ServicePolicy[];
}

/** All scopes as one service: names made unique, requirements followed through mappings, policies kept. */
export function flatten(entry: Scope, findings: Findings): FlatService {
  const flat: FlatService = { nodes: new Map(), policies: [] };
  addScope(entry, flat, findings);
  return flat;
}

function addScope(scope: Scope, flat: FlatService, findings: Findings): void {
  for (const template of scope.topology.nodes.values()) {
    const inner = scope.inner.get(template.name);
    if (inner !== undefined) addScope(inner, flat, findings);
    else if (isLeaf(scope, template)) addNode(scope, template, flat, findings);
  }
  for (const template of scope.topology.policies.values()) {
    flat.policies.push({
      name: flatName(scope, template.name),
      place: template.place,
      template,
      properties: values(scope, template),
      targets: policyTargets(scope, template, findings),
    });
  }
}

function addNode(scope: Scope, template: NodeTemplate, flat: FlatService, findings: Findings): void {
  const name = flatName(scope, template.name);
  if (flat.nodes.has(name)) {
    findings.add(template.place, {
      code: 'NAME_DUPLICATE',
      message: `${name} is the name of two nodes, once nested templates are in their place`,
      expected: 'names that stay apart when those of outer and inner nodes are joined by _',
    });
    return;
  }
  flat.nodes.set(name, {
    name,
    place: template.place,
    template,
    properties: values(scope, template),
    requirements: requirements(scope, template, findings),
  });
}

function values(scope: Scope, { properties }: NodeTemplate | PolicyTemplate): Record<string, unknown> {
  return valuesOf(properties, ({ value, schema }) => renameEnds(value, schema, scope));
}

function requirements(scope: Scope, template: NodeTemplate, findings: Findings): ServiceRequirement[] {
  const names = new Set(template.requirements.map(({ name }) => name));
  for (const { node, requirement } of scope.topology.substitution?.requirements ?? []) {
    if (node.name === template.name && requirement !== undefined) names.add(requirement);
  }
  return [...names].flatMap((name) => {
    // A target from outside comes with what this node's own requirement says of the relationship.
    const own = template.requirements.find((each) => each.name === name && each.target === undefined);
    const ofNode = valuesOf(own?.relationship.properties ?? new Map());
    return resolveRequirement(scope, template, name).flatMap((end): ServiceRequirement[] => {
      if ('target' in end) {
        const { target, requirement } = end;
        const properties = { ...ofNode, ...valuesOf(requirement.relationship.properties) };
        return [{ name, target, place: requirement.place, properties }];
      }
      const { place, target, capability } = end.unmapped;
      findings.add(place, {
        code: 'SUBSTITUTION_INVALID',
        message: `The template that stands for ${target?.name ?? ''} does not say what its capability ${capability?.name ?? ''} is`,
        expected: `${capability?.name ?? 'the capability'} among the capabilities of its substitution_mappings`,
      });
      return [];
    });
  });
}
