import type { DesiredPort, InventoryHost, Uplink } from '@underware/core';
import {
  containsPrefix,
  formatAddress,
  networkOf,
  parsePrefix,
  UNDERSERVICE_KINDS,
} from '@underware/underservices';
import type { Segment, Station } from '@underware/underservices';
import { impossible } from '../impossible.js';
import { DELIVERED_DEPTH } from '../placement/host-fit.js';
import type { PlacedVnf } from '../placement/place.js';
import { compareText, uplinkKey } from '../stable-names.js';
import type { Attachment, Router } from '../graph-index.js';
import { routerMac, waysOut } from './routers.js';
import type { Layout } from './placed-service.js';

/** Ethernet, IP, UDP and VXLAN around a frame, beside its own Ethernet header, by the family between the hosts. */
const TUNNEL_BYTES = { ipv4: 50, ipv6: 70 } as const;

interface Tunnel {
  address: string;
  family: keyof typeof TUNNEL_BYTES;
  uplink: Uplink;
}

/** A link as the host sees it. */
export function segmentOf(layout: Layout, link: string, host: InventoryHost): Segment {
  const mtu = layout.index.links.get(link)?.mtu ?? 1500;
  const remote = (there: InventoryHost): Station['at'] => {
    const { address, uplink } = tunnelTo(layout, host, there);
    return { host: address, mac: uplink.mac };
  };
  const stations = (layout.index.portsOfLink.get(link) ?? []).flatMap(({ name, vnf }): Station[] => {
    const there = layout.hostOf.get(vnf);
    if (there === undefined) return [];
    return [
      {
        port: name,
        mac: layout.macs.of(name, 'vnf'),
        addresses: layout.addressesOf(name),
        at: there === host ? { device: layout.deviceOf(name) } : remote(there),
      },
    ];
  });
  const own = ownEnd(layout, link, host, mtu);
  const routers = (layout.index.routersOf.get(link) ?? []).map((router) => ({
    mac: routerMac(layout, router),
    hosts: others(hostsOf(layout, router.ports), host).map((there) => tunnelTo(layout, host, there).address),
  }));
  return {
    vni: layout.vnis[link] ?? 0,
    mtu,
    stations,
    ...(routers.length === 0 ? {} : { routers }),
    ...(own === undefined
      ? {}
      : { tunnel: { device: own.uplink.device, address: own.address, mac: own.uplink.mac } }),
  };
}

/** What the host's uplinks need: an instance for each segment with ports here and elsewhere, and the uplinks themselves. */
export function uplinksFor(
  layout: Layout,
  here: readonly PlacedVnf[],
): { ports: DesiredPort[]; attachments: Attachment[] } {
  const ports = new Map<string, DesiredPort>();
  const attachments: Attachment[] = [];
  const host = here[0]?.host;
  if (host === undefined) return { ports: [], attachments };
  for (const [link, { name: underservice, kind, model }] of [...layout.index.deliveredBy].sort(([a], [b]) =>
    compareText(a, b),
  )) {
    const own = (layout.index.portsOfLink.get(link) ?? []).find(({ vnf }) => layout.hostOf.get(vnf) === host);
    const isOn = own !== undefined || routersOn(layout, link, host).length > 0;
    const end = isOn ? ownEnd(layout, link, host, layout.index.links.get(link)?.mtu ?? 1500) : undefined;
    if (end === undefined) continue;
    const { device, mac, mtu } = end.uplink;
    // Frames for other hosts are handed to it as they are to ports.
    ports.set(device, { key: uplinkKey(device), kind: 'uplink', device, mac, mtu, delivered: true });
    // Where none of its ports is, frames are sent to the segment and none come from it.
    if (own === undefined) continue;
    const attachment = { underservice, kind, port: own.name, direction: 'inbound' as const, uplink: device };
    attachments.push({ ...attachment, hook: 'xdp' });
    if (UNDERSERVICE_KINDS.get(kind)?.replicates?.(model) === true)
      attachments.push({ ...attachment, hook: 'tcx/ingress' });
  }
  refuseDeep(attachments, host);
  for (const { device, mac, mtu } of waysOut(layout, host))
    ports.set(device, { key: uplinkKey(device), kind: 'uplink', device, mac, mtu, delivered: true });
  return { ports: [...ports.values()], attachments };
}

/** An uplink has an instance for each segment of every service: beyond what the kernel calls, segments would not be reached. */
function refuseDeep(attachments: readonly Attachment[], { name, used }: InventoryHost): void {
  const wanted = new Map<string, number>();
  for (const { uplink = '', hook } of attachments)
    if (hook === 'xdp') wanted.set(uplink, (wanted.get(uplink) ?? 0) + 1);
  for (const [device, own] of wanted) {
    const others = used.uplinkInstances?.[device] ?? 0;
    if (own + others <= DELIVERED_DEPTH) continue;
    throw impossible(
      `uplink ${device} of ${name}`,
      `it would carry ${own} segments of this service beside ${others} of others, and ${DELIVERED_DEPTH} are possible`,
      'Keep the VNFs of a segment on one host, or place some of them on hosts that share fewer segments.',
    );
  }
}

/** Other hosts that the host exchanges frames of the link with: those that it has ports on, and those of its routers. */
function peersOf(layout: Layout, link: string, host: InventoryHost): InventoryHost[] {
  const { portsOfLink, routersOf } = layout.index;
  const onLink = (portsOfLink.get(link) ?? []).map(({ name }) => name);
  const routed = (routersOf.get(link) ?? []).flatMap(({ ports }) => ports);
  return others(hostsOf(layout, [...onLink, ...routed]), host);
}

/** Of the ports; in the order of ids. */
function hostsOf({ index, hostOf }: Layout, ports: readonly string[]): InventoryHost[] {
  const found = new Set<InventoryHost>();
  for (const port of ports) {
    const there = hostOf.get(index.ports.get(port)?.vnf ?? '');
    if (there !== undefined) found.add(there);
  }
  return [...found].sort((a, b) => compareText(a.id, b.id));
}

function others(hosts: readonly InventoryHost[], host: InventoryHost): InventoryHost[] {
  return hosts.filter((each) => each !== host);
}

function routersOn(layout: Layout, link: string, host: InventoryHost): Router[] {
  return (layout.index.routersOf.get(link) ?? []).filter(({ ports }) =>
    hostsOf(layout, ports).includes(host),
  );
}

/** The other host's end of the tunnel, on a network that both are on. */
function tunnelTo({ reach }: Layout, from: InventoryHost, to: InventoryHost): Tunnel {
  for (const family of ['ipv4', 'ipv6'] as const) {
    const address = reach.nextHop(from, to, family);
    const uplink = to.facts.uplinks.find(({ addresses }) =>
      addresses.some((cidr) => {
        const prefix = parsePrefix(cidr);
        return prefix !== undefined && formatAddress(prefix) === address;
      }),
    );
    if (address !== undefined && uplink !== undefined) return { address, family, uplink };
  }
  throw impossible(
    `host ${from.name}`,
    `it shares no network with ${to.name}, and a segment is on both`,
    'Give uplinks of both hosts addresses on one network.',
  );
}

/**
 * This host's end of the link's tunnels, towards another host or else an endpoint that is none of ours; refuses a segment
 * whose packets the uplink could not carry. Undefined where nobody is to be reached.
 */
function ownEnd(layout: Layout, link: string, host: InventoryHost, mtu: number): Tunnel | undefined {
  const peer = peersOf(layout, link, host)[0];
  const underservice = layout.index.deliveredBy.get(link);
  const [endpoint] =
    (underservice && UNDERSERVICE_KINDS.get(underservice.kind)?.endpoints?.(underservice.model)) ?? [];
  if (peer === undefined && endpoint === undefined) return undefined;
  const { address, family, uplink } =
    peer === undefined ? towards(host, endpoint ?? '') : tunnelTo(layout, peer, host);
  const needed = mtu + TUNNEL_BYTES[family];
  if (uplink.mtu < needed) {
    throw impossible(
      `uplink ${uplink.device} of ${host.name}`,
      `its MTU ${uplink.mtu} is too small for packets of ${mtu} bytes in a tunnel, which need ${needed}`,
      `Give the link an mtu of at most ${uplink.mtu - TUNNEL_BYTES[family]}, or the uplink a larger one.`,
    );
  }
  return { address, family, uplink };
}

/** An IPv4 address of the host on the endpoint's network, or else its first. */
function towards({ name, facts }: InventoryHost, endpoint: string): Tunnel {
  const target = parsePrefix(endpoint);
  const ends = facts.uplinks.flatMap((uplink) =>
    uplink.addresses.flatMap((cidr) => {
      const prefix = parsePrefix(cidr);
      return prefix?.family === 'ipv4' ? [{ uplink, prefix }] : [];
    }),
  );
  const end =
    ends.find(({ prefix }) => target !== undefined && containsPrefix(networkOf(prefix), target)) ?? ends[0];
  if (end !== undefined) return { address: formatAddress(end.prefix), family: 'ipv4', uplink: end.uplink };
  throw impossible(
    `host ${name}`,
    `it has no IPv4 address on an uplink, and a segment has an endpoint ${endpoint}`,
    'Give an uplink of the host an IPv4 address.',
  );
}
