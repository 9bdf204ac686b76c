import type { DesiredPort, DesiredRoute, Gateway } from '@underware/core';
import { containsPrefix, formatAddress, parsePrefix, UNDERSERVICE_KINDS } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import type { GraphIndex } from '../graph-index.js';
import { impossible } from '../impossible.js';
import type { PlacedVnf } from '../placement/place.js';
import { compareText, namespaceName, portKey } from '../stable-names.js';
import type { Layout } from './placed-service.js';
import { gatewaysOf, leavesByHost, routerMac } from './routers.js';

/** The ports of one VNF, in the order of names, which is the order of its devices. */
export function buildPorts(layout: Layout, { vnf }: PlacedVnf): DesiredPort[] {
  const { service, index, addresses, macs, deviceOf, routesOf } = layout;
  const namespace = namespaceName(service, vnf.name);
  return (index.portsOfVnf.get(vnf.name) ?? []).map((port, i) => ({
    key: portKey(service, port.name),
    kind: 'veth' as const,
    device: deviceOf(port.name),
    peer: {
      namespace,
      device: `eth${i}`,
      mac: macs.of(port.name, 'vnf'),
      addresses: index.deliveredBy.has(port.link)
        ? onSegment(addresses.get(port.name) ?? [], index.links.get(port.link)?.subnets ?? [])
        : routesOf(port.name).map(({ destination }) => destination),
      ...withGateways(gatewaysOf(layout, port.name)),
    },
    ...(isRoutedByHost(layout, port.name) ? { forwards: true as const } : {}),
    mac: hostMac(layout, port.name),
    mtu: index.links.get(port.link)?.mtu ?? 1500,
    ...(index.deliveredBy.has(port.link) ? { delivered: true as const } : {}),
    ...(isRewritten(index.bindings.get(port.name)) ? { rewritten: true as const } : {}),
  }));
}

function isRewritten(bindings: ReturnType<GraphIndex['bindings']['get']> = []): boolean {
  return bindings.some(({ underservice }) => UNDERSERVICE_KINDS.get(underservice.kind)?.rewrites === true);
}

function withGateways(gateways: Gateway[]): { gateways?: Gateway[] } {
  return gateways.length === 0 ? {} : { gateways };
}

/** Of a segment whose router leaves by the host: what comes back does so by the host's own routes. */
function isRoutedByHost({ index }: Layout, port: string): boolean {
  const router = index.routerOf.get(port);
  return router !== undefined && leavesByHost(router);
}

/** Of the host's end. Its stack takes what the router hands it only under the router's own address. */
function hostMac(layout: Layout, port: string): string {
  const router = layout.index.routerOf.get(port);
  return router !== undefined && leavesByHost(router)
    ? routerMac(layout, router)
    : layout.macs.of(port, 'host');
}

/** With the length of the subnet that they are in, so that a VNF finds its neighbours by itself. */
function onSegment(addresses: readonly Prefix[], subnets: readonly string[]): string[] {
  const known = subnets.map(parsePrefix).filter((subnet) => subnet !== undefined);
  return addresses.map((address) => {
    const subnet = known.find((candidate) => containsPrefix(candidate, address));
    return `${formatAddress(address)}/${subnet?.length ?? address.length}`;
  });
}

/** From the host of the VNFs to every port of their links: by its device, or by the uplink of the host that has it. */
export function buildRoutes(layout: Layout, vnfs: readonly PlacedVnf[]): DesiredRoute[] {
  const { index, hostOf, reach, deviceOf, routesOf } = layout;
  const here = vnfs[0]?.host;
  if (here === undefined) return [];
  const links = new Set(
    vnfs.flatMap(({ vnf }) => (index.portsOfVnf.get(vnf.name) ?? []).map(({ link }) => link)),
  );
  const built: DesiredRoute[] = [];
  for (const router of [...links].flatMap((link) => index.routersOf.get(link) ?? []))
    if (leavesByHost(router)) for (const link of router.links) links.add(link);
  for (const port of [...links].flatMap((link) => index.portsOfLink.get(link) ?? [])) {
    const there = hostOf.get(port.vnf);
    // Whoever delivers on a link finds the way; the host's own routing has no part in it.
    const isDelivered = index.deliveredBy.has(port.link);
    if (there === undefined || (isDelivered && !isRoutedByHost(layout, port.name))) continue;
    for (const { destination, family } of routesOf(port.name)) {
      if (there === here) {
        built.push({ destination, via: { device: deviceOf(port.name) } });
        continue;
      }
      const nextHop = reach.nextHop(here, there, family);
      if (nextHop === undefined) {
        // Hosts reach one another by tunnels of one family: what comes from outside in the other comes to the port's own.
        if (isDelivered) continue;
        throw impossible(
          `host ${here.name}`,
          `it shares no ${family} network with ${there.name}, which has port ${port.name}`,
          'Give uplinks of both hosts addresses on one network.',
        );
      }
      built.push({ destination, via: { nextHop } });
    }
  }
  return built.sort((a, b) => compareText(a.destination, b.destination));
}
