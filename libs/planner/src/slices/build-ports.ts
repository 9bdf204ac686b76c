import type { DesiredPort, DesiredRoute } from '@underware/core';
import { containsPrefix, formatAddress, parsePrefix } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import { impossible } from '../impossible.js';
import type { PlacedVnf } from '../placement/place.js';
import { compareText, namespaceName, portKey } from '../stable-names.js';
import type { Layout } from './placed-service.js';

/** The ports of one VNF, in the order of names, which is the order of its devices. */
export function buildPorts(
  { service, index, addresses, macs, deviceOf, routesOf }: Layout,
  { vnf }: PlacedVnf,
): DesiredPort[] {
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
    },
    mac: macs.of(port.name, 'host'),
    mtu: index.links.get(port.link)?.mtu ?? 1500,
    ...(index.deliveredBy.has(port.link) ? { delivered: true as const } : {}),
  }));
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
export function buildRoutes(
  { index, hostOf, reach, deviceOf, routesOf }: Layout,
  vnfs: readonly PlacedVnf[],
): DesiredRoute[] {
  const here = vnfs[0]?.host;
  if (here === undefined) return [];
  const links = new Set(
    vnfs.flatMap(({ vnf }) => (index.portsOfVnf.get(vnf.name) ?? []).map(({ link }) => link)),
  );
  const built: DesiredRoute[] = [];
  // Whoever delivers on a link finds the way; the host's own routing has no part in it.
  const routed = [...links].filter((link) => !index.deliveredBy.has(link));
  for (const port of routed.flatMap((link) => index.portsOfLink.get(link) ?? [])) {
    const there = hostOf.get(port.vnf);
    if (there === undefined) continue;
    for (const { destination, family } of routesOf(port.name)) {
      if (there === here) {
        built.push({ destination, via: { device: deviceOf(port.name) } });
        continue;
      }
      const nextHop = reach.nextHop(here, there, family);
      if (nextHop === undefined) {
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
