import type { Assignments, Topology } from '@underware/tosca';
import type { Findings } from '../finding.js';
import { isUnderware } from '../service/service-parts.js';

/** What is right as TOSCA but cannot be deployed: nodes of other types, values that only a running service knows. */
export function checkDeployable(topology: Topology | undefined, findings: Findings): void {
  if (topology === undefined || topology.nodes.size === 0) {
    findings.add(topology?.place ?? 0, {
      code: 'NODE_NOT_DEPLOYABLE',
      message: 'There is nothing to deploy',
      expected: 'service_template with node_templates',
    });
    return;
  }
  for (const { name, place, type, properties } of topology.nodes.values()) {
    if (isUnderware(type)) {
      checkKnown(name, properties, findings);
      continue;
    }
    findings.add(place, {
      code: 'NODE_NOT_DEPLOYABLE',
      message: `${name.slice(0, 80)} is of a type that Underware does not deploy: ${(type?.name ?? 'unknown').slice(0, 80)}`,
      expected: 'a type of the profile underware, or one derived from it',
    });
  }
  for (const { name, properties } of topology.policies.values()) checkKnown(name, properties, findings);
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
  return typeof value === 'object' && value !== null && Object.values(value).some(isUnresolved);
}
