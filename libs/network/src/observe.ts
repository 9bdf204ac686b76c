import type { ObservedPort } from '@underware/core';
import { type Attempt, document, documents, ip, tryIp } from './ip.js';
import { type LinkRecord, addressesOf, isOurs, isUp } from './link.js';
import { candidateNames } from './namespace.js';
import { DEVICE_GROUP, isAliasOfRewritten, namespaceMark } from './ownership.js';
import { GATEWAYS, isOnSegment } from './port.js';

const OBSERVING: Attempt = { attempted: 'observe the network', on: 'this host' };
/** Namespaces asked at a time. */
const CONCURRENCY = 4;

interface Neighbour {
  dst: string;
  dev: string;
  lladdr?: string;
}

interface Inside {
  name: string;
  mark: string | undefined;
  id?: number;
  links: LinkRecord[];
  neighbours: Neighbour[];
  defaults: { gateway?: string; dev: string }[];
}

/** The namespaces and ports of this host, as the kernel has them. */
export async function observePorts(): Promise<{ namespaces: string[]; ports: ObservedPort[] }> {
  const [links, neighbours, namespaces] = await Promise.all([
    ip(['-j', 'link', 'show', 'group', String(DEVICE_GROUP)], OBSERVING).then(document<LinkRecord>),
    ip(['-j', 'neigh', 'show', 'nud', 'permanent'], OBSERVING).then(document<Neighbour>),
    observeNamespaces(),
  ]);
  return {
    namespaces: namespaces.map(({ name }) => name),
    // With no device in the group, some versions of ip print empty objects.
    ports: links
      .filter((link) => link.ifname !== undefined && isOurs(link))
      .map((link) => toPort(link, neighbours, namespaces)),
  };
}

async function observeNamespaces(): Promise<Inside[]> {
  const names = await candidateNames();
  const mark = await namespaceMark();
  const found: Inside[] = [];
  while (names.length > 0) {
    const read = await Promise.all(names.splice(0, CONCURRENCY).map(readInside));
    found.push(...read.filter((inside) => inside !== undefined).filter((inside) => inside.mark === mark));
  }
  if (found.length === 0) return found;
  // Asked after the namespaces: the kernel gives a namespace its id on first use.
  const ids = document<{ name: string; id?: number }>(await ip(['-j', 'netns', 'list'], OBSERVING));
  return found.map((inside) => {
    const id = ids.find(({ name }) => name === inside.name)?.id;
    return id === undefined ? inside : { ...inside, id };
  });
}

/** Undefined when the namespace cannot be entered: it is going, or is no namespace. */
async function readInside(name: string): Promise<Inside | undefined> {
  const { code, stdout } = await tryIp(['-j'], OBSERVING, {
    namespace: name,
    batch: ['link show dev lo', 'address show', 'neigh show nud permanent', 'route show table all default'],
  });
  if (code !== 0) return undefined;
  const [lo = [], links = [], neighbours = [], defaults = []] = documents<unknown>(stdout);
  return {
    name,
    mark: (lo as LinkRecord[])[0]?.ifalias,
    links: links as LinkRecord[],
    neighbours: neighbours as Neighbour[],
    defaults: defaults as Inside['defaults'],
  };
}

function toPort(link: LinkRecord, neighbours: Neighbour[], namespaces: Inside[]): ObservedPort {
  const port = {
    device: link.ifname,
    mac: link.address ?? '',
    mtu: link.mtu,
    up: false,
    peerAddresses: [],
    ...(isAliasOfRewritten(link.ifalias) ? { rewritten: true as const } : {}),
  };
  const inside = namespaces.find(({ id }) => id !== undefined && id === link.link_netnsid);
  const peer = inside?.links.find(
    ({ ifindex, link_index: back }) => ifindex === link.link_index && back === link.ifindex,
  );
  if (inside === undefined || peer === undefined) return port;
  return {
    ...port,
    up: isUp(link) && isUp(peer) && isConnected(link, neighbours, peer, inside),
    peerNamespace: inside.name,
    peerDevice: peer.ifname,
    ...(peer.address === undefined ? {} : { peerMac: peer.address }),
    peerAddresses: addressesOf(peer),
    ...onSegment(link, neighbours, peer, inside),
  };
}

/** What a port on a segment has beside its addresses: ways out, and a host that knows all of its addresses. */
function onSegment(
  link: LinkRecord,
  neighbours: Neighbour[],
  peer: LinkRecord,
  inside: Inside,
): Pick<ObservedPort, 'peerGateways' | 'forwards'> {
  const addresses = addressesOf(peer);
  if (!isOnSegment({ addresses })) return {};
  const gateways = inside.defaults
    .filter(({ dev }) => dev === peer.ifname)
    .flatMap(({ gateway }) => {
      const mac = inside.neighbours.find(({ dev, dst }) => dev === peer.ifname && dst === gateway)?.lladdr;
      return gateway === undefined || mac === undefined ? [] : [{ address: gateway, mac }];
    });
  const isKnown = addresses.every((cidr) => isNeighbour(link, neighbours, peer, cidr));
  return {
    ...(gateways.length === 0
      ? {}
      : { peerGateways: gateways.sort((a, b) => (a.address < b.address ? -1 : 1)) }),
    ...(isKnown ? { forwards: true as const } : {}),
  };
}

/** Whether the host has the address of the port's other end in its own table. */
function isNeighbour(link: LinkRecord, neighbours: Neighbour[], peer: LinkRecord, cidr: string): boolean {
  const address = cidr.slice(0, cidr.lastIndexOf('/'));
  return neighbours.some((n) => n.dev === link.ifname && n.dst === address && n.lladdr === peer.address);
}

/** Every address that the host routes to has its neighbour entry on the host side, every family its way out inside. */
function isConnected(link: LinkRecord, neighbours: Neighbour[], peer: LinkRecord, inside: Inside): boolean {
  const addresses = addressesOf(peer);
  if (addresses.length > 0 && isOnSegment({ addresses })) return true;
  return addresses.every((cidr) => {
    const address = cidr.slice(0, cidr.lastIndexOf('/'));
    const gateway = GATEWAYS[address.includes(':') ? 6 : 4];
    return (
      isNeighbour(link, neighbours, peer, cidr) &&
      inside.neighbours.some(
        (n) => n.dev === peer.ifname && n.dst === gateway && n.lladdr === link.address,
      ) &&
      inside.defaults.some((route) => route.dev === peer.ifname && route.gateway === gateway)
    );
  });
}
