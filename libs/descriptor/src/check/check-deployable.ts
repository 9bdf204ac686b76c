import type { Assignments, NodeTemplate } from '@underware/tosca';
import type { Findings } from '../finding.js';
import { isUnderware } from '../nesting/leaves.js';
import { isStandIn, resolveRequirement } from '../nesting/resolve.js';
import { scopesWithin } from '../nesting/scope.js';
import type { Scope } from '../nesting/scope.js';
import { isNamed } from '../service/service-node.js';

/** What is right as TOSCA but cannot be deployed: nodes of other types, values that only a running service knows. */
export function checkDeployable(entry: Scope | undefined, findings: Findings): void {
  const scopes = entry === undefined ? [] : scopesWithin(entry);
  if (scopes.every(({ topology }) => topology.nodes.size === 0)) {
    findings.add(entry?.topology.place ?? 0, {
      code: 'NODE_NOT_DEPLOYABLE',
      message: 'There is nothing to deploy',
      expected: 'service_template with node_templates',
    });
    return;
  }
  for (const scope of scopes) {
    for (const node of scope.topology.nodes.values()) checkNode(scope, node, findings);
    for (const { name, properties } of scope.topology.policies.values())
      checkKnown(name, properties, findings);
  }
}

function checkNode(scope: Scope, node: NodeTemplate, findings: Findings): void {
  const wrong = scope.inner.has(node.name) || isStandIn(scope, node) ? undefined : whyNot(node);
  if (wrong !== undefined) {
    findings.add(node.place, {
      code: 'NODE_NOT_DEPLOYABLE',
      message: `${node.name.slice(0, 80)} ${wrong.why}`,
      expected: wrong.expected,
    });
    return;
  }
  checkKnown(node.name, node.properties, findings);
  if (node.count !== 1) {
    findings.add(node.place, {
      code: 'NODE_NOT_DEPLOYABLE',
      message: `${node.name.slice(0, 80)} is not one node: Underware deploys a count of 1 alone`,
      expected: 'a policy of type underware.policies.Scaling, or a node template for each',
    });
  }
  if (!scope.inner.has(node.name) && !isStandIn(scope, node)) checkConnected(scope, node, findings);
}

function whyNot({ type, directives }: NodeTemplate): { why: string; expected: string } | undefined {
  const name = (type?.name ?? 'unknown').slice(0, 80);
  if (directives.includes('substitute')) {
    return {
      why: 'is to be substituted, and no template among the files stands for it',
      expected: `an import of a template with substitution_mappings for ${name}`,
    };
  }
  if (directives.includes('select')) {
    return {
      why: 'is to be selected among what runs already, which Underware does not do',
      expected: 'a node of its own, or one that a requirement of substitution_mappings gives',
    };
  }
  if (isNamed(type, 'underware.nodes.Service')) {
    return {
      why: 'is a nested service of which nothing says what it is made of',
      expected: 'directives: [substitute], and an import of its template',
    };
  }
  if (isUnderware(type)) return undefined;
  return {
    why: `is of a type that Underware does not deploy: ${name}`,
    expected: 'a type of the profile underware, or one derived from it',
  };
}

/** A requirement that may be left to someone else must have a target once everything is in its place. */
function checkConnected(scope: Scope, node: NodeTemplate, findings: Findings): void {
  for (const { name, occurrences } of node.type?.requirements.values() ?? []) {
    if (occurrences.least === 0 || resolveRequirement(scope, node, name).length > 0) continue;
    findings.add(node.place, {
      code: 'REQUIREMENT_MISSING',
      message: `${node.name.slice(0, 80)} has nothing that its requirement ${name} ends at`,
      expected: `${name}: the name of a node`,
    });
  }
}

function checkKnown(owner: string, properties: Assignments, findings: Findings): void {
  for (const { name, place, value } of properties.values()) {
    if (!isUnresolved(value)) continue;
    findings.add(place, {
      code: 'VALUE_NOT_KNOWN',
      message: `The property ${name} of ${owner} depends on what only the running service knows`,
      expected: 'a value, an input, or a property',
    });
  }
}

function isUnresolved(value: unknown): boolean {
  if (typeof value === 'symbol') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.some(isUnresolved) : Object.values(value).some(isUnresolved);
}
