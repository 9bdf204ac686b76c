import type { ForwardingPath, Port, ServiceGraph, Underservice } from '@underware/core';
import type { Place } from '@underware/tosca';
import { parsePrefix } from '@underware/underservices';
import type { Findings } from '../finding.js';
import { placeIn } from '../service/service-node.js';
import type { ServicePolicy } from '../service/service-node.js';
import type { ServiceParts } from '../service/service-parts.js';

type Report = (place: Place, message: string, expected: string, severity?: 'warning') => void;

/** Forwarding paths that no packet could go: hops that are not beside one another, underservices that are elsewhere. */
export function checkPaths(graph: ServiceGraph, parts: ServiceParts, findings: Findings): void {
  const paths = new Map((graph.forwardingPaths ?? []).map((path) => [path.name, path]));
  const report: Report = (place, message, expected, severity = undefined) =>
    findings.add(place, {
      code: 'POLICY_INVALID',
      message,
      expected,
      ...(severity === undefined ? {} : { severity }),
    });
  for (const policy of parts.policiesOf('underware.policies.ForwardingPath')) {
    const path = paths.get(policy.name);
    if (path === undefined) continue;
    checkHops(path, policy, graph, report);
    checkMatch(path, policy, report);
  }
  checkSameFlows([...paths.values()], parts, report);
}

function checkHops(path: ForwardingPath, policy: ServicePolicy, graph: ServiceGraph, report: Report): void {
  const ports = new Map(graph.ports.map((port) => [port.name, port]));
  const underservices = new Map(graph.underservices.map((each) => [each.name, each]));
  const onPath = new Set(path.hops.filter(({ kind }) => kind === 'port').map(({ name }) => name));
  let before: Port | undefined;
  for (const [i, { name, kind }] of path.hops.entries()) {
    const place = policy.targets[i]?.place ?? policy.place;
    if (kind === 'underservice') {
      const bound = underservices.get(name)?.bindings ?? [];
      if (bound.length === 0 || bound.some(({ port }) => onPath.has(port))) continue;
      report(
        place,
        `${name} sees no packet of ${path.name}: it is bound to no port of that path`,
        `an underservice of ${[...onPath].join(', ') || 'a port among the targets'}`,
      );
      continue;
    }
    const port = ports.get(name);
    if (port === undefined) continue;
    if (before !== undefined && !areNeighbours(before, port, graph)) {
      report(
        place,
        `${path.name} can not go from ${before.name} to ${name}: they share neither a link nor a VNF, and no router is at both`,
        `a port on link ${before.link} or of VNF ${before.vnf}`,
      );
    }
    before = port;
  }
  if (before === undefined && path.hops.length > 0) {
    report(policy.place, `${path.name} comes by no port`, 'a port among the targets');
  } else if (path.hops.length > 0) checkSteered(path, policy, onPath, graph.underservices, report);
}

/** On one link, two ends of one VNF, or both at a router. */
function areNeighbours(a: Port, b: Port, { underservices }: ServiceGraph): boolean {
  // What was not known was reported, or is not known yet.
  if ([a.link, b.link, a.vnf, b.vnf].includes('')) return true;
  if (a.link === b.link || a.vnf === b.vnf) return true;
  return underservices.some(
    ({ kind, bindings }) =>
      kind === 'router' && [a, b].every((port) => bindings.some((binding) => binding.port === port.name)),
  );
}

function checkSteered(
  path: ForwardingPath,
  policy: ServicePolicy,
  onPath: ReadonlySet<string>,
  underservices: readonly Underservice[],
  report: Report,
): void {
  const steered = new Set(
    underservices
      .filter(({ kind }) => kind === 'steering')
      .flatMap(({ bindings }) => bindings.map(({ port }) => port)),
  );
  const missing = [...onPath].filter((port) => !steered.has(port));
  if (missing.length === 0) return;
  report(
    policy.place,
    `Nothing sends the packets of ${path.name} on at ${missing.join(', ')}`,
    'a node of type underware.nodes.Steering at every port of the path',
    'warning',
  );
}

function checkMatch({ match }: ForwardingPath, policy: ServicePolicy, report: Report): void {
  for (const [i, classifier] of match.entries()) {
    const { protocol, sourcePrefix, destinationPrefix, sourcePorts, destinationPorts } = classifier;
    const at = (property: string): Place => placeIn(policy, ['match', i, property]).value;
    const [from, to] = [sourcePrefix, destinationPrefix].map((text) => parsePrefix(text ?? ''));
    if (from !== undefined && to !== undefined && from.family !== to.family) {
      report(
        at('destination'),
        `No packet goes from ${from.family} to ${to.family}`,
        `an ${from.family} prefix`,
      );
    }
    if (protocol === 'tcp' || protocol === 'udp') continue;
    for (const [property, ports] of [
      ['source_ports', sourcePorts],
      ['destination_ports', destinationPorts],
    ] as const) {
      if (ports !== undefined)
        report(at(property), 'Ports need a protocol that has them', 'protocol: tcp or protocol: udp');
    }
  }
}

/** Of two paths that begin at one port and take the same flows, one is never gone. */
function checkSameFlows(paths: readonly ForwardingPath[], { policies }: ServiceParts, report: Report): void {
  const takers = new Map<string, string>();
  for (const { name, hops, match } of paths) {
    const key = JSON.stringify([hops[0]?.name, match]);
    const taker = takers.get(key);
    const place = policies.find((policy) => policy.name === name)?.place;
    if (taker === undefined) takers.set(key, name);
    else if (place !== undefined)
      report(
        place,
        `${taker} takes the flows of ${name} from ${hops[0]?.name ?? ''} already`,
        'another match',
      );
  }
}
