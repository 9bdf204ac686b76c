import type { ForwardingPath, Port, ServiceGraph } from '@underware/core';
import type { Place } from '@underware/tosca';
import { parsePrefix } from '@underware/underservices';
import type { Findings } from '../finding.js';
import { few } from './few.js';
import { placeIn } from '../service/service-node.js';
import type { ServicePolicy } from '../service/service-node.js';
import type { ServiceParts } from '../service/service-parts.js';

type Report = (place: Place, message: string, expected: string, severity?: 'warning') => void;

/** What paths go through, looked up once for all of them. */
interface Layout {
  ports: ReadonlyMap<string, Port>;
  /** By underservice: the ports it is bound to. */
  bound: ReadonlyMap<string, ReadonlySet<string>>;
  /** By port: the routers that are at it. */
  routers: ReadonlyMap<string, readonly string[]>;
  /** Ports with something that sends packets on. */
  steered: ReadonlySet<string>;
}

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
  const layout = layoutOf(graph);
  const policies = parts.policiesOf('underware.policies.ForwardingPath');
  for (const policy of policies) {
    const path = paths.get(policy.name);
    if (path === undefined) continue;
    checkHops(path, policy, layout, report);
    checkMatch(path, policy, report);
  }
  checkSameFlows(policies, paths, report);
}

function layoutOf({ ports, underservices }: ServiceGraph): Layout {
  const routers = new Map<string, string[]>();
  const steered = new Set<string>();
  for (const { name, kind, bindings } of underservices) {
    for (const { port } of bindings) {
      if (kind === 'router') {
        const atPort = routers.get(port);
        if (atPort === undefined) routers.set(port, [name]);
        else atPort.push(name);
      }
      if (kind === 'steering') steered.add(port);
    }
  }
  return {
    ports: new Map(ports.map((port) => [port.name, port])),
    bound: new Map(
      underservices.map(({ name, bindings }) => [name, new Set(bindings.map(({ port }) => port))]),
    ),
    routers,
    steered,
  };
}

function checkHops(path: ForwardingPath, policy: ServicePolicy, layout: Layout, report: Report): void {
  const onPath = new Set(path.hops.filter(({ kind }) => kind === 'port').map(({ name }) => name));
  let before: Port | undefined;
  for (const [i, { name, kind }] of path.hops.entries()) {
    const place = policy.targets[i]?.place ?? policy.place;
    if (kind === 'underservice') {
      const bound = layout.bound.get(name) ?? new Set();
      if (bound.size === 0 || [...bound].some((port) => onPath.has(port))) continue;
      report(
        place,
        `${name} sees no packet of ${path.name}: it is bound to no port of that path`,
        `an underservice of ${few(onPath) || 'a port among the targets'}`,
      );
      continue;
    }
    const port = layout.ports.get(name);
    if (port === undefined) continue;
    if (before !== undefined && !areNeighbours(before, port, layout)) {
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
  } else if (path.hops.length > 0) checkSteered(path, policy, onPath, layout, report);
}

/** On one link, two ends of one VNF, or both at a router. */
function areNeighbours(a: Port, b: Port, { routers }: Layout): boolean {
  // What was not known was reported, or is not known yet.
  if ([a.link, b.link, a.vnf, b.vnf].includes('')) return true;
  if (a.link === b.link || a.vnf === b.vnf) return true;
  const others = new Set(routers.get(b.name));
  return routers.get(a.name)?.some((router) => others.has(router)) ?? false;
}

function checkSteered(
  path: ForwardingPath,
  policy: ServicePolicy,
  onPath: ReadonlySet<string>,
  { steered }: Layout,
  report: Report,
): void {
  const missing = [...onPath].filter((port) => !steered.has(port));
  if (missing.length === 0) return;
  report(
    policy.place,
    `Nothing sends the packets of ${path.name} on at ${few(missing)}`,
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
function checkSameFlows(
  policies: readonly ServicePolicy[],
  paths: ReadonlyMap<string, ForwardingPath>,
  report: Report,
): void {
  const takers = new Map<string, string>();
  for (const { name, place } of policies) {
    const { hops = [], match = [] } = paths.get(name) ?? {};
    const key = JSON.stringify([hops[0]?.name, match]);
    const taker = takers.get(key);
    if (taker === undefined) takers.set(key, name);
    else
      report(
        place,
        `${taker} takes the flows of ${name} from ${hops[0]?.name ?? ''} already`,
        'another match',
      );
  }
}
