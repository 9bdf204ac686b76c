import { afterAll, beforeAll, expect } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  attachInHost,
  callEcho,
  describeKernel,
  itKernel,
  NetnsLab,
  openExits,
  PluginInstance,
  receiveTraffic,
  startEchoServer,
  startTraffic,
} from '@underware/testkit';
import type { Attachment, EchoServer, NetnsHost, TrafficReceiver } from '@underware/testkit';
import { compileUnderservice, ROUTER_COUNTERS } from '@underware/underservices';
import type { RoutedNetwork, RoutedSegment, Station } from '@underware/underservices';

const ROUTER_MAC = '02:00:00:00:00:ee';
const FRONT = { vni: 7100, mtu: 1450, subnets: ['10.71.0.0/24', 'fd71::/64'] };
const BACK = { vni: 7200, mtu: 1300, subnets: ['10.72.0.0/24', 'fd72::/64'] };
const NEAR = vnf('near', '02:00:00:00:00:0a', '10.71.0.10', 'fd71::a');
const WEB = vnf('web', '02:00:00:00:00:0b', '10.72.0.11', 'fd72::b');
const OTHER = vnf('other', '02:00:00:00:00:0c', '10.72.0.12', 'fd72::c');
const FAR = vnf('far', '02:00:00:00:00:0d', '10.72.0.13', 'fd72::d');
const HERE = { mac: '02:00:00:00:01:01', address: '192.0.2.1' };
const THERE = { mac: '02:00:00:00:01:02', address: '192.0.2.2' };
const OUTSIDE = { v4: '192.0.3.9', v6: '2001:db8:3::9' };
const ROUTED = '198.51.100.7';
const FRAMES = 100_000;

/** Sends a datagram at its last hop, and prints type, code and sender of the ICMP error that comes back. */
const LAST_HOP = `
import socket, sys
IP_TTL, IP_RECVERR, MSG_ERRQUEUE = 2, 11, 0x2000
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, IP_TTL, 1)
s.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
s.settimeout(5)
s.connect((sys.argv[1], 9))
s.send(b'x')
try:
    s.recv(1)
except OSError:
    pass
error = s.recvmsg(512, 512, MSG_ERRQUEUE)[1][-1][2]
print(error[5], error[6], socket.inet_ntoa(error[20:24]))
`;

type Vnf = ReturnType<typeof vnf>;

function vnf(port: string, mac: string, v4: string, v6: string) {
  return { port, mac, addresses: [v4, v6] };
}

/** As one host sees both segments: VNFs of the other are behind its tunnel end. */
function networkOn(own: typeof HERE, other: typeof HERE, here: readonly Vnf[]): RoutedNetwork {
  const at = ({ port }: Vnf): Station['at'] =>
    here.some((each) => each.port === port) ? { device: port } : { host: other.address, mac: other.mac };
  const segment = (link: typeof FRONT, vnfs: readonly Vnf[]): RoutedSegment => ({
    ...link,
    antiSpoofing: true,
    isolated: false,
    tunnel: { device: 'uplink0', ...own },
    routers: [{ mac: ROUTER_MAC, hosts: [other.address] }],
    stations: vnfs.map((each) => ({ ...each, at: at(each) })),
  });
  return {
    mac: ROUTER_MAC,
    segments: [segment(FRONT, [NEAR]), segment(BACK, [WEB, OTHER, FAR])],
    uplinks: own === HERE ? ['uplink0', 'uplink1'] : ['uplink0'],
  };
}

const here = networkOn(HERE, THERE, [NEAR, WEB, OTHER]);
const there = networkOn(THERE, HERE, [FAR]);

const calls = (from: NetnsHost, address: string): Promise<boolean> =>
  callEcho(from, { protocol: 'tcp', address, port: 7 });

/** Two hosts with a router and two segments over both; a third machine is outside, on another uplink of the first. */
describeKernel('router between namespaces', () => {
  let lab: NetnsLab;
  let host: NetnsHost;
  let near: NetnsHost;
  let web: NetnsHost;
  let outside: NetnsHost;
  let fromNear: PluginInstance;
  let root: PluginInstance;
  const loaded: PluginInstance[] = [];
  const attached: Attachment[] = [];
  const servers: EchoServer[] = [];
  const receivers: TrafficReceiver[] = [];

  beforeAll(async () => {
    lab = await NetnsLab.create({ prefix: 'uwt-router-' });
    host = await lab.addHost('host');
    const second = await lab.addHost('second');
    outside = await lab.addHost('outside');
    near = await addVnf(host, NEAR, FRONT.mtu);
    web = await addVnf(host, WEB, BACK.mtu);
    await addVnf(host, OTHER, BACK.mtu);
    const far = await addVnf(second, FAR, BACK.mtu);
    await lab.cable(
      { host, device: 'uplink0', mac: HERE.mac, addresses: [`${HERE.address}/24`] },
      { host: second, device: 'uplink0', mac: THERE.mac, addresses: [`${THERE.address}/24`] },
    );
    await lab.cable(
      { host, device: 'uplink1', addresses: ['192.0.3.1/24', '2001:db8:3::1/64'] },
      { host: outside, device: 'eth0', addresses: [`${OUTSIDE.v4}/24`, `${OUTSIDE.v6}/64`] },
    );
    await outside.ip('route', 'add', '10.71.0.0/24', 'via', '192.0.3.1');
    await outside.ip('-6', 'route', 'add', 'fd71::/64', 'via', '2001:db8:3::1');
    await routeByHost(NEAR);
    await host.enableForwarding();
    await second.enableForwarding();
    ({ root, router: fromNear } = await chain(host, NEAR, here));
    await chain(host, WEB, here);
    await chain(second, FAR, there);
    await atUplink(host, here.segments);
    await atUplink(second, there.segments.slice(1));
    const serving: [NetnsHost, readonly string[]][] = [
      [web, WEB.addresses],
      [far, FAR.addresses],
      [outside, Object.values(OUTSIDE)],
      [near, NEAR.addresses],
    ];
    for (const [server, addresses] of serving)
      for (const address of addresses)
        servers.push(await startEchoServer(server, { protocol: 'tcp', address, port: 7 }));
  });

  afterAll(async () => {
    for (const server of servers) await server.stop();
    for (const receiver of receivers) await receiver.close();
    for (const attachment of attached) await attachment.detach();
    for (const instance of loaded) instance.close();
    await lab?.destroy();
  });

  async function addVnf(on: NetnsHost, { port, mac, addresses }: Vnf, mtu: number): Promise<NetnsHost> {
    const own = await lab.addHost(port);
    const cidrs = addresses.map((address) => `${address}/${address.includes(':') ? 64 : 24}`);
    // What the host's stack is handed, it takes under the router's address.
    await lab.cable(
      { host: on, device: port, mac: ROUTER_MAC },
      { host: own, device: 'eth0', mac, addresses: cidrs },
    );
    await own.ip('link', 'set', 'eth0', 'mtu', String(mtu));
    await own.run(['ethtool', '-K', 'eth0', 'tx', 'off']);
    for (const gateway of gatewaysOf(addresses)) await own.ip('route', 'add', 'default', 'via', gateway);
    return own;
  }

  /** What the agent makes of a port that is routed out of its segment. */
  async function routeByHost({ port, mac, addresses }: Vnf): Promise<void> {
    for (const address of addresses) {
      await host.ip('neigh', 'replace', address, 'lladdr', mac, 'dev', port, 'nud', 'permanent');
      await host.ip('route', 'replace', address, 'dev', port);
    }
  }

  async function load(
    on: NetnsHost,
    kind: 'router' | 'switch',
    { port }: Pick<Vnf, 'port'>,
    network: RoutedNetwork,
    segment: RoutedSegment,
    direction: 'inbound' | 'outbound' = 'outbound',
    model: Record<string, unknown> = {},
  ): Promise<PluginInstance> {
    const binding = { port, direction, hook: 'xdp', addresses: new Map(), segment, network } as const;
    const config = compileUnderservice(
      kind,
      { addresses: ['10.71.0.1', 'fd71::1', '10.72.0.1', 'fd72::1'], icmp_errors_per_second: 100, ...model },
      binding,
    );
    const instance = await PluginInstance.load(kind, `${kind}_xdp`, config);
    loaded.push(instance);
    const devices = on === host ? ['near', 'web', 'other', 'uplink0', 'uplink1'] : ['far', 'uplink0'];
    await openExits(on, instance, devices);
    return instance;
  }

  /** What the port sends: the router, then the switch. */
  async function chain(on: NetnsHost, at: Vnf, network: RoutedNetwork) {
    const segment = segmentOf(at, network);
    const router = await load(on, 'router', at, network, segment);
    const bridge = await load(on, 'switch', at, network, segment);
    const first = await PluginInstance.load('root', 'uw_root_xdp');
    loaded.push(first);
    await router.setNext(bridge);
    await first.setNext(router);
    attached.push(await attachInHost(on, at.port, 'xdp', first.program));
    return { root: first, router };
  }

  async function atUplink(on: NetnsHost, segments: readonly RoutedSegment[]): Promise<void> {
    let next: PluginInstance | null = null;
    for (const segment of segments) {
      const port = segment.stations[0]?.port ?? '';
      const bridge: PluginInstance = await load(on, 'switch', { port }, here, segment, 'inbound');
      await bridge.setNext(next);
      next = bridge;
    }
    if (next !== null) attached.push(await attachInHost(on, 'uplink0', 'xdp', next.program));
  }

  const counted = async (name: (typeof ROUTER_COUNTERS)[number]): Promise<number> =>
    (await fromNear.counters('counters'))[ROUTER_COUNTERS.indexOf(name)]?.packets ?? 0;

  itKernel('carries TCP between segments on one host and on two, over IPv4 and IPv6', async () => {
    for (const address of [...WEB.addresses, ...FAR.addresses])
      expect([address, await calls(near, address)]).toEqual([address, true]);
    expect(await counted('local')).toBeGreaterThan(0);
    expect(await counted('remote')).toBeGreaterThan(0);
    expect(await counted('arp_answered')).toBeGreaterThan(0);
    expect(await counted('nd_answered')).toBeGreaterThan(0);
  });

  itKernel('carries TCP out by an uplink, first by the stack, and in again', async () => {
    for (const address of Object.values(OUTSIDE))
      expect([address, await calls(near, address)]).toEqual([address, true]);
    // The host did not know the neighbour at first; then it does, and packets leave from XDP.
    expect(await counted('host')).toBeGreaterThan(0);
    expect(await counted('out')).toBeGreaterThan(0);
    for (const address of NEAR.addresses)
      expect([address, await calls(outside, address)]).toEqual([address, true]);
  });

  itKernel("reaches the host itself, by the host's stack", async () => {
    servers.push(await startEchoServer(host, { protocol: 'tcp', address: '192.0.3.1', port: 7 }));
    expect(await calls(near, '192.0.3.1')).toBe(true);
  });

  itKernel('tells a sender what it takes as an answer: the MTU, the last hop', async () => {
    const [address = ''] = WEB.addresses;
    const sent = { protocol: 'udp', address, port: 9 } as const;
    expect(await callEcho(near, sent, { text: 'x'.repeat(1400), timeoutMs: 500 })).toBe(false);
    const { stdout } = await near.ip('route', 'get', address);
    expect(stdout).toContain(`mtu ${BACK.mtu}`);
    const [, v6 = ''] = WEB.addresses;
    expect(await callEcho(near, { ...sent, address: v6 }, { text: 'x'.repeat(1390), timeoutMs: 500 })).toBe(
      false,
    );
    expect((await near.ip('-6', 'route', 'get', v6)).stdout).toContain(`mtu ${BACK.mtu}`);
    const { stdout: said } = await near.run(['python3', '-c', LAST_HOP, address]);
    expect(said.trim()).toBe('11 0 10.71.0.1');
  });

  itKernel('loses no packet while its routes change, and shares flows among next hops', async () => {
    const segment = segmentOf(NEAR, here);
    const by = (...next_hops: string[]): Promise<PluginInstance> =>
      load(host, 'router', NEAR, here, segment, 'outbound', {
        routes: [{ prefix: '198.51.100.0/24', next_hops }],
      });
    const [toWeb = '', toOther = ''] = [WEB.addresses[0], OTHER.addresses[0]];
    const revisions = [await by(toWeb), await by(toWeb, toOther)];
    for (const name of ['web', 'other']) receivers.push(await receiveTraffic(lab.host(name) ?? web, 'eth0'));
    const traffic = await startTraffic(near, {
      device: 'eth0',
      destinationMac: ROUTER_MAC,
      source: NEAR.addresses[0] ?? '',
      destination: ROUTED,
      flows: 1000,
      frames: FRAMES,
      packetsPerSecond: FRAMES / 2,
    });
    const flood = { running: true };
    const sent = traffic.done.finally(() => (flood.running = false));
    let changes = 0;
    while (flood.running) {
      await root.setNext(revisions[changes++ % 2] ?? null);
      await nextTurn();
    }
    const { frames } = await sent;
    expect(changes).toBeGreaterThan(100);
    const routed = await Promise.all(revisions.map(async (each) => (await each.verdicts()).redirect.packets));
    const arrived = await Promise.all(receivers.map(async (each) => (await each.received()).packets));
    expect(sum(arrived)).toBe(frames);
    for (const packets of routed) expect(packets).toBeGreaterThan(FRAMES / 100);
    // A route of two next hops was in force about half of the time.
    expect(arrived[1]).toBeGreaterThan(FRAMES / 100);
    expect(arrived[0]).toBeGreaterThan(arrived[1] ?? 0);
  });
});

function gatewaysOf(addresses: readonly string[]): string[] {
  return addresses.map((address) => address.replace(/[^.:]+$/, '1'));
}

function segmentOf({ port }: Vnf, { segments }: RoutedNetwork): RoutedSegment {
  const found = segments.find(({ stations }) => stations.some((station) => station.port === port));
  if (found === undefined) throw new Error(`${port} is on no segment`);
  return found;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
