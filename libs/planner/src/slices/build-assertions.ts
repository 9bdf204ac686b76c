import { hookFor } from '@underware/core';
import type { Assertion, DesiredAssertion } from '@underware/core';
import { formatAddress, parsePrefix } from '@underware/underservices';
import type { Family, Prefix } from '@underware/underservices';
import { impossible } from '../impossible.js';
import type { PlacedVnf } from '../placement/place.js';
import { compareText, portKey } from '../stable-names.js';
import type { Layout, PlacedService } from './placed-service.js';
import { routerMac } from './routers.js';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/** The assertions on ports of the given VNFs, with addresses for port names: one per family that both ends have. */
export function buildAssertions(layout: Layout, vnfs: readonly PlacedVnf[]): DesiredAssertion[] {
  const { service, graph, index, addresses } = layout;
  if (graph.assertions.length === 0) return [];
  const ports = new Set(
    vnfs.flatMap(({ vnf }) => (index.portsOfVnf.get(vnf.name) ?? []).map(({ name }) => name)),
  );
  return graph.assertions
    .filter(({ port }) => ports.has(port))
    .toSorted((a, b) => compareText(a.name, b.name))
    .flatMap((assertion) =>
      expand(assertion, addresses)
        .flatMap((expanded) => onSegment(expanded, assertion, layout))
        .map((expanded) => ({ ...expanded, port: portKey(service, expanded.port) })),
    );
}

/** On a segment a packet is sent to the station itself or to the router, and what comes to a port meets one chain of two. */
function onSegment(
  expanded: DesiredAssertion,
  { port, direction }: Assertion,
  { index, addressesOf, macs }: Layout,
): DesiredAssertion[] {
  const router = index.routerOf.get(port);
  const link = index.ports.get(port)?.link ?? '';
  if (!index.deliveredBy.has(link)) return [expanded];
  if (direction === 'inbound')
    return [expanded, { ...expanded, name: `${expanded.name}, delivered`, hook: 'xdp/egress' }];
  const station = index.portsOfLink
    .get(link)
    ?.find(({ name }) => addressesOf(name).includes(expanded.packet.destination));
  if (station === undefined && router === undefined) return [expanded];
  const mac =
    station === undefined && router ? routerMac({ macs }, router) : macs.of(station?.name ?? '', 'vnf');
  return [{ ...expanded, destinationMac: mac }];
}

function expand(assertion: Assertion, addresses: PlacedService['addresses']): DesiredAssertion[] {
  const { name, port, direction, packet, expect, family: wanted } = assertion;
  const found = FAMILIES.filter((family) => wanted === undefined || wanted === family).flatMap((family) => {
    const source = addressOf(packet.source, family, addresses);
    const destination = addressOf(packet.destination, family, addresses);
    return source === undefined || destination === undefined ? [] : [{ family, source, destination }];
  });
  if (found.length === 0) {
    throw impossible(
      `assertion ${name}`,
      `${packet.source} and ${packet.destination} have no ${wanted ?? 'common'} addresses`,
      'Name ends that have addresses of one family.',
    );
  }
  return found.map(({ family, source, destination }) => ({
    name: found.length === 1 ? name : `${name} (${family})`,
    port,
    hook: hookFor('veth', direction),
    packet: { ...packet, source, destination },
    expect,
  }));
}

function addressOf(
  end: string,
  family: Family,
  addresses: ReadonlyMap<string, readonly Prefix[]>,
): string | undefined {
  const known = addresses.get(end) ?? [parsePrefix(end)];
  const prefix = known.find((candidate) => candidate?.family === family);
  return prefix === undefined ? undefined : formatAddress(prefix);
}
