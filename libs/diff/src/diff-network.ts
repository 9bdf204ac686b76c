import type { DesiredPort, DesiredRoute, Gateway, ObservedPort, ObservedState } from '@underware/core';
import type { UntitledStep } from './diff-step.js';
import { routeId, spelled } from './diff-predict.js';
import { stepOf } from './diff-step.js';
import type { World } from './diff-world.js';

export interface NetworkTurn {
  /** Routes, ports and namespaces that go or are made anew, in that order. */
  remove: UntitledStep[];
  /** Namespaces, ports, routes. */
  create: UntitledStep[];
  /** Devices that go in this turn, or are not there now: whatever is attached to them is lost. */
  lostDevices: Set<string>;
  /** Namespaces made in this turn: a workload that ran in one of that name is somewhere else. */
  newNamespaces: Set<string>;
}

/** Namespaces, ports and routes of one service. Uplinks are the host's own: never made, never deleted. */
export function diffNetwork(service: string, world: World, now: ObservedState): NetworkTurn {
  const slice = world.sliceOf(service);
  const mine = (thing: string): boolean => world.ownerOf(thing) === service;
  const step = stepOf.bind(null, service);

  const wantedNamespaces = unique([
    ...slice.ports.flatMap((port) => (port.peer ? [port.peer.namespace] : [])),
    ...slice.workloads.map((workload) => workload.namespace),
  ]).filter((name) => mine(`namespace ${name}`));
  const newNamespaces = new Set(wantedNamespaces.filter((name) => !now.namespaces.includes(name)));
  const oldNamespaces = now.namespaces.filter(
    (name) => mine(`namespace ${name}`) && !world.isWanted(`namespace ${name}`),
  );

  const wantedPorts = slice.ports.filter((port) => port.kind === 'veth' && mine(`device ${port.device}`));
  const observedPorts = new Map(now.ports.map((port) => [port.device, port]));
  const newPorts: { port: DesiredPort; reason: string }[] = [];
  const oldPorts: { port: ObservedPort; reason: string }[] = [];
  for (const port of wantedPorts) {
    const seen = observedPorts.get(port.device);
    const difference = seen && differenceOf(port, seen, now.namespaces);
    if (!seen) newPorts.push({ port, reason: `port ${port.key} has no device yet` });
    else if (difference) {
      oldPorts.push({ port: seen, reason: `port ${port.key} is not what it must be: ${difference}` });
      newPorts.push({ port, reason: `port ${port.key} is made anew: ${difference}` });
    }
  }
  for (const port of now.ports) {
    if (mine(`device ${port.device}`) && !world.isWanted(`device ${port.device}`))
      oldPorts.push({ port, reason: 'no slice has this port' });
  }
  const lostDevices = new Set([
    ...oldPorts.map(({ port }) => port.device),
    ...newPorts.map(({ port }) => port.device),
  ]);

  const goesWithDevice = ({ via }: DesiredRoute): boolean => 'device' in via && lostDevices.has(via.device);
  const oldRoutes = now.routes.filter(
    (route) =>
      goesWithDevice(route) ||
      (mine(`route ${routeId(route)}`) && !world.isWanted(`route ${routeId(route)}`)),
  );
  const kept = new Set(now.routes.filter((route) => !oldRoutes.includes(route)).map(routeId));
  const newRoutes = slice.routes.filter(
    (route) => mine(`route ${routeId(route)}`) && !kept.has(routeId(route)),
  );

  return {
    remove: [
      ...oldRoutes.map((route) => {
        const reason = goesWithDevice(route)
          ? 'its device is deleted or made anew'
          : 'no slice has this route';
        return step({ kind: 'delete-route', route }, { kind: 'add-route', route }, reason);
      }),
      ...oldPorts.map(({ port, reason }) => {
        const undo = restorablePort(port);
        return step(
          { kind: 'delete-port', port: undo ?? hostSideOf(port) },
          undo && { kind: 'create-port', port: undo },
          reason,
        );
      }),
      ...oldNamespaces.map((namespace) =>
        step(
          { kind: 'delete-namespace', namespace },
          { kind: 'create-namespace', namespace },
          'no slice has this namespace',
        ),
      ),
    ],
    create: [
      ...[...newNamespaces].map((namespace) =>
        step(
          { kind: 'create-namespace', namespace },
          { kind: 'delete-namespace', namespace },
          'a VNF of the service lives in it',
        ),
      ),
      ...newPorts.map(({ port, reason }) =>
        step({ kind: 'create-port', port }, { kind: 'delete-port', port }, reason),
      ),
      ...newRoutes.map((route) =>
        step(
          { kind: 'add-route', route },
          { kind: 'delete-route', route },
          'the way to an address of the service',
        ),
      ),
    ],
    lostDevices,
    newNamespaces,
  };
}

/** In words what differs, undefined when nothing does. Where the other end cannot be told, the host's end decides. */
function differenceOf(want: DesiredPort, seen: ObservedPort, namespaces: string[]): string | undefined {
  const { peer } = want;
  if (seen.mac !== want.mac.toLowerCase()) return `its MAC address is ${seen.mac}, not ${want.mac}`;
  if (seen.mtu !== want.mtu) return `its MTU is ${seen.mtu}, not ${want.mtu}`;
  if (!seen.up) return 'it is down';
  if (!peer) return undefined;
  if (!namespaces.includes(peer.namespace)) return `namespace ${peer.namespace} is gone`;
  if (seen.peerNamespace === undefined) return undefined;
  if (seen.peerNamespace !== peer.namespace) return `its other end is in ${seen.peerNamespace}`;
  if (seen.peerDevice !== peer.device) return `its other end is named ${seen.peerDevice ?? 'otherwise'}`;
  if (seen.peerMac !== peer.mac.toLowerCase())
    return `the MAC address inside is ${seen.peerMac ?? 'unknown'}`;
  const addresses = peer.addresses.map(spelled);
  const missing = addresses.filter((address) => !seen.peerAddresses.includes(address));
  if (missing.length > 0) return `${missing.join(', ')} is missing inside`;
  const extra = seen.peerAddresses.filter((address) => !addresses.includes(address));
  if (extra.length > 0) return `${extra.join(', ')} inside is not ours`;
  const [ways, seenWays] = [waysOut(peer.gateways), waysOut(seen.peerGateways)];
  if (ways !== seenWays) return `its way out is ${seenWays}, not ${ways}`;
  if (want.rewritten && !seen.rewritten) return 'its VNF leaves checksums to devices, and XDP knows none';
  if (seen.forwards !== want.forwards)
    return want.forwards ? 'its host does not know its addresses' : 'its host knows its addresses';
  return undefined;
}

/** In words that are the same for the same gateways. */
function waysOut(gateways: readonly Gateway[] = []): string {
  const each = gateways.map(({ address, mac }) => `${address} (${mac.toLowerCase()})`);
  return each.sort().join(', ') || 'none';
}

/** The port as it was seen, if all of it was seen. */
function restorablePort(port: ObservedPort): DesiredPort | null {
  const { peerNamespace, peerDevice, peerMac } = port;
  if (peerNamespace === undefined || peerDevice === undefined || peerMac === undefined) return null;
  return {
    ...hostSideOf(port),
    peer: {
      namespace: peerNamespace,
      device: peerDevice,
      mac: peerMac,
      addresses: port.peerAddresses,
      ...(port.peerGateways && { gateways: port.peerGateways }),
    },
    ...(port.forwards && { forwards: true as const }),
    ...(port.rewritten && { rewritten: true as const }),
  };
}

function hostSideOf(port: ObservedPort): DesiredPort {
  return { key: port.device, kind: 'veth', device: port.device, mac: port.mac, mtu: port.mtu };
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
