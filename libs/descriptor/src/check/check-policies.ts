import type { Findings } from '../finding.js';
import { readNumber } from '../graph/read-values.js';
import { placeIn } from '../service/service-node.js';
import type { ServiceParts } from '../service/service-parts.js';

/** How many targets a policy makes sense with. */
const LEAST_TARGETS: Readonly<Record<string, number>> = {
  'underware.policies.Affinity': 2,
  'underware.policies.AntiAffinity': 2,
  'underware.policies.Assertion': 1,
  'underware.policies.Placement': 1,
  'underware.policies.ForwardingPath': 2,
};

/** Types of which no target can have two. */
const ONE_EACH = ['Scaling', 'Healing', 'Residency'].map((name) => `underware.policies.${name}`);

export function checkPolicies(parts: ServiceParts, findings: Findings): void {
  // A target that is wrong by itself was reported, and is not among them.
  for (const [type, least] of Object.entries(LEAST_TARGETS)) {
    for (const { name, place, targets } of parts.policiesOf(type)) {
      if (findings.hasErrors || targets.length >= least) continue;
      findings.add(place, {
        code: 'POLICY_INVALID',
        message: `Policy ${name} has ${targets.length} targets`,
        expected: `${least} or more`,
      });
    }
  }
  for (const { name, targets, template } of parts.policies) {
    const path = template.type?.name === 'underware.policies.ForwardingPath';
    const seen = new Set<string>();
    for (const target of targets) {
      // A path may come by the same port again.
      if (seen.has(target.name) && !path) {
        findings.add(target.place, {
          code: 'BINDING_DUPLICATE',
          message: `${target.name} is a target of ${name} twice`,
          expected: 'every target once',
        });
      }
      seen.add(target.name);
    }
  }
  for (const type of ONE_EACH) {
    const holders = new Map<string, string>();
    for (const { name, targets } of parts.policiesOf(type)) {
      for (const target of targets) {
        const holder = holders.get(target.name);
        if (holder !== undefined && holder !== name) {
          findings.add(target.place, {
            code: 'POLICY_INVALID',
            message: `${target.name} is a target of ${holder} already`,
            expected: `one ${type.split('.').pop()} for it`,
          });
        }
        holders.set(target.name, name);
      }
    }
  }
  checkScaling(parts, findings);
}

function checkScaling(parts: ServiceParts, findings: Findings): void {
  for (const policy of parts.policiesOf('underware.policies.Scaling')) {
    const [minimum, initial, maximum] = ['minimum', 'initial', 'maximum'].map((name) =>
      readNumber(policy.properties[name], 1),
    );
    if (minimum === undefined || initial === undefined || maximum === undefined) continue;
    if (minimum <= initial && initial <= maximum) continue;
    findings.add(placeIn(policy, ['initial']).value, {
      code: 'POLICY_INVALID',
      message: `It starts with ${initial}, which is not from ${minimum} to ${maximum}`,
      expected: 'minimum ≤ initial ≤ maximum',
    });
  }
}
