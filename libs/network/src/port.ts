import type { DesiredPort, Gateway, ObservedPort } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { setFeatures } from './features.js';
import { enableForwarding } from './forwarding.js';
import { type Attempt, document, ip, networkError, tryIp } from './ip.js';
import { type LinkRecord, deviceBusy, deviceMissing, findLink, isOurs, isUp } from './link.js';
import { checkAddress, checkDevice, checkMac, checkMtu, readCidr } from './names.js';
import { requireNamespace } from './namespace.js';
import { DEVICE_GROUP, deviceAlias } from './ownership.js';

/** What a VNF sends off goes to these addresses; permanent neighbour entries turn them into the host-side MAC. */
export const GATEWAYS = { 4: '169.254.1.1', 6: 'fe80::1' } as const;

/** How long the kernel may take to give a new pair its carrier. */
const CARRIER_DEADLINE_MS = 5_000;

type Peer = NonNullable<DesiredPort['peer']>;

/** Makes the port whole and sets its host side up as the very last thing: a port that is up is complete. */
export async function createPort(port: DesiredPort, observe: () => Promise<ObservedPort[]>): Promise<void> {
  const attempt = { attempted: 'create port', on: `${port.key} (${port.device})` };
  checkDevice(port.device);
  if (port.kind === 'uplink') return useUplink(port.device, attempt);
  const peer = checkPeer(port, attempt);
  const existing = await findLink(port.device, attempt);
  if (existing !== undefined && !isOurs(existing)) throw deviceBusy(port.device, attempt);
  if (existing !== undefined) {
    const observed = (await observe()).find(({ device }) => device === port.device);
    if (observed !== undefined && isAsDesired(observed, port, peer)) return;
    await ip(['link', 'delete', 'dev', port.device], attempt);
  }
  await requireNamespace(peer.namespace, attempt);
  await addPair(port, peer, attempt);
  await configure(port, peer, attempt);
}

/** Removes a port's pair. A device that is not ours is refused, one that is not there is done; uplinks stay. */
export async function deletePort(port: Pick<DesiredPort, 'kind' | 'device'>): Promise<void> {
  const attempt = { attempted: 'delete port', on: checkDevice(port.device) };
  if (port.kind === 'uplink') return;
  const existing = await findLink(port.device, attempt);
  if (existing === undefined) return;
  if (!isOurs(existing)) throw deviceBusy(port.device, attempt);
  const { code, stderr } = await tryIp(['link', 'delete', 'dev', port.device], attempt);
  if (code === 0) return;
  const error = networkError(attempt, stderr);
  if (error.code !== 'DEVICE_MISSING') throw error;
}

function isAsDesired(observed: ObservedPort, port: DesiredPort, peer: Peer): boolean {
  const addresses = peer.addresses.map((address) => readCidr(address).text).sort();
  return (
    observed.up &&
    observed.mac === port.mac.toLowerCase() &&
    observed.mtu === port.mtu &&
    observed.peerNamespace === peer.namespace &&
    observed.peerDevice === peer.device &&
    observed.peerMac === peer.mac.toLowerCase() &&
    observed.peerAddresses.toSorted().join() === addresses.join() &&
    gatewayList(observed.peerGateways) === gatewayList(peer.gateways) &&
    observed.forwards === port.forwards &&
    (port.rewritten !== true || observed.rewritten === true)
  );
}

function gatewayList(gateways: readonly Gateway[] = []): string {
  return gateways
    .map(({ address, mac }) => `${address} ${mac.toLowerCase()}`)
    .sort()
    .join();
}

function checkPeer(port: DesiredPort, attempt: Attempt): Peer {
  if (port.peer === undefined)
    throw new UnderwareError({
      code: 'PAYLOAD_INVALID',
      ...attempt,
      why: 'a veth port needs a peer, and it has none',
      remedy: 'Give the namespace, device, MAC and addresses of the other end.',
    });
  checkMac(port.mac);
  checkMtu(port.mtu);
  checkDevice(port.peer.device);
  checkMac(port.peer.mac);
  port.peer.addresses.forEach(readCidr);
  for (const { address, mac } of port.peer.gateways ?? []) {
    checkAddress(address);
    checkMac(mac);
  }
  return port.peer;
}

async function useUplink(device: string, attempt: Attempt): Promise<void> {
  if ((await findLink(device, attempt)) === undefined) throw deviceMissing(device, attempt);
  await enableForwarding(device, 4, attempt);
  await enableForwarding(device, 6, attempt);
}

/** Addresses with their network's length, not a host's: the port's neighbours are found on its segment. */
export function isOnSegment({ addresses }: { addresses: readonly string[] }): boolean {
  return addresses.map(readCidr).some(({ length, family }) => length < (family === 4 ? 32 : 128));
}

/**
 * What other ports hand over in XDP, or plugins rewrite there: the far end must poll (generic receive offload makes it), and what it sends must
 * have its checksums and be no larger than a frame, since no driver completes or cuts it any more.
 */
async function prepareForXdp({ namespace, device }: Peer, attempt: Attempt): Promise<void> {
  await setFeatures(namespace, device, { gro: 'on', tx: 'off' }, attempt);
}

/** One netlink message makes both ends, with MACs, MTU, our group, and the far end in its namespace already. */
async function addPair(port: DesiredPort, peer: Peer, attempt: Attempt): Promise<void> {
  const mtu = checkMtu(port.mtu);
  const near = [
    'link',
    'add',
    'name',
    port.device,
    'group',
    String(DEVICE_GROUP),
    'address',
    port.mac,
    'mtu',
    mtu,
  ];
  const far = ['peer', 'name', peer.device, 'address', peer.mac, 'mtu', mtu, 'netns', peer.namespace];
  const { code, stderr } = await tryIp([...near, 'type', 'veth', ...far], attempt);
  if (code === 0) return;
  if (!/File exists/.test(stderr)) throw networkError(attempt, stderr);
  throw new UnderwareError({
    code: 'DEVICE_BUSY',
    ...attempt,
    why: `a device ${port.device} on the host or ${peer.device} in namespace ${peer.namespace} is there already`,
    remedy: 'Remove the port that holds the name, then retry.',
  });
}

async function configure(port: DesiredPort, peer: Peer, attempt: Attempt): Promise<void> {
  const addresses = peer.addresses.map(readCidr);
  const routed = !isOnSegment(peer);
  const byHost = routed || port.forwards === true;
  const families = ([4, 6] as const).filter((family) =>
    addresses.some((address) => address.family === family),
  );
  const gateways = routed
    ? families.map((family) => ({ address: GATEWAYS[family], mac: port.mac }))
    : (peer.gateways ?? []);
  await ip([], attempt, { namespace: peer.namespace, batch: insideOf(peer, gateways) });
  await ip([], attempt, {
    batch: [
      `link set dev ${port.device} addrgenmode none`,
      ...(byHost ? addresses : []).map(
        ({ address }) => `neigh replace ${address} lladdr ${peer.mac} dev ${port.device} nud permanent`,
      ),
    ],
  });
  if (byHost) for (const family of families) await enableForwarding(port.device, family, attempt);
  if (!routed || port.rewritten === true) await prepareForXdp(peer, attempt);
  await ip(['link', 'set', 'dev', port.device, 'alias', deviceAlias(port), 'up'], attempt);
  await waitUntilSending(peer, attempt);
}

/** The far end was up first and waits for its carrier; on return, nothing that the VNF sends is dropped. */
async function waitUntilSending(peer: Peer, attempt: Attempt): Promise<void> {
  const deadline = Date.now() + CARRIER_DEADLINE_MS;
  const args = ['-j', 'link', 'show', 'dev', peer.device];
  for (;;) {
    const [link] = document<LinkRecord>(await ip(args, attempt, { namespace: peer.namespace }));
    if (link !== undefined && isUp(link)) return;
    if (Date.now() > deadline)
      throw networkError(attempt, `${peer.device} in ${peer.namespace} got no carrier`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** No link-local address and no duplicate detection: addresses are usable at once and nothing is sent unasked. */
function insideOf(peer: Peer, gateways: readonly Gateway[]): string[] {
  const metric = 1024 + Number(/\d{1,4}$/.exec(peer.device)?.[0] ?? 0);
  return [
    `link set dev ${peer.device} addrgenmode none`,
    ...peer.addresses.map((cidr) => {
      const { text, family } = readCidr(cidr);
      return `address add ${text} dev ${peer.device}${family === 6 ? ' nodad' : ''}`;
    }),
    `link set dev ${peer.device} up`,
    ...gateways.flatMap(({ address, mac }) => [
      `neigh replace ${address} lladdr ${mac} dev ${peer.device} nud permanent`,
      `route replace default via ${address} dev ${peer.device} onlink metric ${metric}`,
    ]),
  ];
}
