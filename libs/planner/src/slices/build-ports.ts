import type { DesiredPort, DesiredRoute, InventoryHost } from '@underware/core';
import { impossible } from '../impossible.js';
import type { PlacedVnf } from '../placement/place.js';
import { compareText, macAddress, namespaceName, portKey } from '../stable-names.js';
import type { Layout } from './placed-service.js';

/** The ports of one VNF, in the order of names, which is the order of its devices. */
export function buildPorts({ service, index, devices, routes }: Layout, { vnf }: PlacedVnf): DesiredPort[] {
  const namespace = namespaceName(service, vnf.name);
  return (index.portsOfVnf.get(vnf.name) ?? []).map((port, i) => ({
    key: portKey(service, port.name),
    kind: 'veth' as const,
    device: devices.get(port.name) ?? '',
    peer: {
      namespace,
      device: `eth${i}`,
      mac: macAddress(service, port.name, 'vnf'),
      addresses: (routes.get(port.name) ?? []).map(({ destination }) => destination),
    },
    mac: macAddress(service, port.name, 'host'),
    mtu: index.links.get(port.link)?.mtu ?? 1500,
  }));
}

/** To every port of the links that are present here: by its device, or by the uplink of the host that has it. */
export function buildRoutes(
  { index, hostOf, reach, devices, routes }: Layout,
  here: InventoryHost,
  vnfs: readonly PlacedVnf[],
): DesiredRoute[] {
  const links = new Set(
    vnfs.flatMap(({ vnf }) => (index.portsOfVnf.get(vnf.name) ?? []).map(({ link }) => link)),
  );
  const built: DesiredRoute[] = [];
  for (const port of [...links].flatMap((link) => index.portsOfLink.get(link) ?? [])) {
    const there = hostOf.get(port.vnf);
    if (there === undefined) continue;
    for (const { destination, family } of routes.get(port.name) ?? []) {
      if (there === here) {
        built.push({ destination, via: { device: devices.get(port.name) ?? '' } });
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
