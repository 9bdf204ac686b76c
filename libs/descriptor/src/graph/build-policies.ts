import type {
  Affinity,
  AntiAffinity,
  ForwardingPath,
  Healing,
  PlacementRule,
  ResidencyPolicy,
  Scaling,
  ServiceGraph,
  SourcePosition,
} from '@underware/core';
import type { Place } from '@underware/tosca';
import type { ServicePolicy } from '../service/service-node.js';
import type { ServiceParts } from '../service/service-parts.js';
import {
  readList,
  readNumber,
  readOneOf,
  readStruct,
  readText,
  readTextMap,
  readTexts,
} from './read-values.js';

/** What policies say, by what it is said of. */
export interface ServicePolicies {
  antiAffinity: AntiAffinity[];
  affinity: Affinity[];
  placementRules: PlacementRule[];
  forwardingPaths: ForwardingPath[];
  /** By VNF. */
  scaling: ReadonlyMap<string, Scaling>;
  healing: ReadonlyMap<string, Healing>;
  /** By underservice. */
  residencies: ReadonlyMap<string, ResidencyPolicy>;
}

const SCOPES = ['host', 'zone'] as const;

export function buildPolicies(parts: ServiceParts, at: (place: Place) => SourcePosition): ServicePolicies {
  const ports = new Set(parts.nodesOf('underware.nodes.Port').map(({ name }) => name));
  const common = ({ name, targets, place }: ServicePolicy) => ({
    name,
    vnfs: targets.map((target) => target.name),
    position: at(place),
  });
  return {
    antiAffinity: parts.policiesOf('underware.policies.AntiAffinity').map((policy) => ({
      ...common(policy),
      scope: readOneOf(policy.properties['scope'], SCOPES),
    })),
    affinity: parts.policiesOf('underware.policies.Affinity').map((policy) => ({
      ...common(policy),
      scope: readOneOf(policy.properties['scope'], SCOPES),
    })),
    placementRules: parts.policiesOf('underware.policies.Placement').map((policy) => ({
      ...common(policy),
      ...buildPlacement(policy),
    })),
    forwardingPaths: parts
      .policiesOf('underware.policies.ForwardingPath')
      .map((policy) => buildPath(policy, ports, at(policy.place))),
    scaling: byTarget(parts, 'Scaling', buildScaling),
    healing: byTarget(parts, 'Healing', buildHealing),
    residencies: byTarget(parts, 'Residency', ({ properties }) =>
      readOneOf(properties['residency'], ['auto', 'dynamic', 'persistent']),
    ),
  };
}

function byTarget<Rule>(
  parts: ServiceParts,
  type: string,
  build: (policy: ServicePolicy) => Rule,
): Map<string, Rule> {
  return new Map(
    parts
      .policiesOf(`underware.policies.${type}`)
      .flatMap((policy) => policy.targets.map(({ name }) => [name, build(policy)] as const)),
  );
}

function buildPlacement({ properties }: ServicePolicy): Pick<PlacementRule, 'zones' | 'hostLabels'> {
  const zones = readTexts(properties['zones']);
  const hostLabels = readTextMap(properties['host_labels']);
  return {
    ...(zones.length === 0 ? {} : { zones }),
    ...(Object.keys(hostLabels).length === 0 ? {} : { hostLabels }),
  };
}

function buildScaling({ properties }: ServicePolicy): Scaling {
  return {
    minimum: readNumber(properties['minimum'], 1),
    initial: readNumber(properties['initial'], 1),
    maximum: readNumber(properties['maximum'], 1),
    step: readNumber(properties['step'], 1),
  };
}

function buildHealing({ properties }: ServicePolicy): Healing {
  return {
    actions: readTexts(properties['actions']).map((action) =>
      readOneOf(action, ['restart', 'replace', 'move']),
    ),
    attempts: readNumber(properties['attempts'], 3),
    windowSeconds: readNumber(properties['window'], 600),
  };
}

function buildPath(
  { name, targets, properties }: ServicePolicy,
  ports: ReadonlySet<string>,
  position: SourcePosition,
): NonNullable<ServiceGraph['forwardingPaths']>[number] {
  return {
    name,
    hops: targets.map((target) => ({
      kind: ports.has(target.name) ? 'port' : 'underservice',
      name: target.name,
    })),
    match: readList(properties['match']).map((each) => {
      const classifier = readStruct(each);
      const [protocol, source, destination, sourcePorts, destinationPorts] = [
        'protocol',
        'source',
        'destination',
        'source_ports',
        'destination_ports',
      ].map((property) => readText(classifier[property]) || undefined);
      return {
        ...(protocol === undefined ? {} : { protocol }),
        ...(source === undefined ? {} : { sourcePrefix: source }),
        ...(destination === undefined ? {} : { destinationPrefix: destination }),
        ...(sourcePorts === undefined ? {} : { sourcePorts }),
        ...(destinationPorts === undefined ? {} : { destinationPorts }),
      };
    }),
    position,
  };
}
