import { afterAll, beforeAll, expect } from '@jest/globals';
import { createInterface } from 'node:readline';
import {
  attachInHost,
  callEcho,
  describeKernel,
  itKernel,
  NetnsLab,
  openExits,
  PluginInstance,
  startEchoServer,
  waitFor,
} from '@underware/testkit';
import type { Attachment, EchoServer, NetnsHost } from '@underware/testkit';
import { compileUnderservice, SWITCH_COUNTERS } from '@underware/underservices';
import type { Segment } from '@underware/underservices';

const VNI = 5000;
const MTU = '1450';
const NEAR = { mac: '02:00:00:00:00:0a', addresses: ['10.70.0.10', 'fd70::a'] };
const BESIDE = { mac: '02:00:00:00:00:0b', addresses: ['10.70.0.11', 'fd70::b'] };
const FAR = { mac: '02:00:00:00:00:0c', addresses: ['10.70.0.12', 'fd70::c'] };
/** A station that no plan knows, behind an endpoint that is none of our hosts. */
const GUEST = { mac: '02:00:00:00:00:0d', addresses: ['10.70.0.13', 'fd70::d'] };
const HERE = { mac: '02:00:00:00:01:01', address: '192.0.2.1' };
const THERE = { mac: '02:00:00:00:01:02', address: '192.0.2.2' };
const ELSEWHERE = { mac: '02:00:00:00:01:03', address: '192.0.2.3' };
const MODEL = { replication: true, learning: true, endpoints: [ELSEWHERE.address] };
/** What everybody on the segment is told is heard here. */
const GROUP = 'ff02::4:1';
const GROUP_PORT = 9999;

const DELIVERED = ['near', 'beside', 'uplink0'];

const segment: Segment = {
  vni: VNI,
  mtu: Number(MTU),
  tunnel: { device: 'uplink0', address: HERE.address, mac: HERE.mac },
  stations: [
    { port: 'near', ...NEAR, at: { device: 'near' } },
    { port: 'beside', ...BESIDE, at: { device: 'beside' } },
    { port: 'far', ...FAR, at: { host: THERE.address, mac: THERE.mac } },
  ],
};

/**
 * Two VNFs on a host with the switch; the third is behind the kernel's own VXLAN device on another host, and a fourth behind
 * one of which the plan knows the address alone.
 */
describeKernel('switch between namespaces', () => {
  let lab: NetnsLab;
  let near: NetnsHost;
  let beside: NetnsHost;
  let there: NetnsHost;
  let elsewhere: NetnsHost;
  const loaded: PluginInstance[] = [];
  const attached: Attachment[] = [];
  const servers: EchoServer[] = [];
  let uplink: PluginInstance;
  let fromNear: PluginInstance;
  let copiesOfNear: PluginInstance;
  let copiesOfUplink: PluginInstance;
  let guard: PluginInstance;

  beforeAll(async () => {
    lab = await NetnsLab.create({ prefix: 'uwt-switch-' });
    const host = await lab.addHost('host');
    there = await lab.addHost('there');
    elsewhere = await lab.addHost('elsewhere');
    near = await vnf(host, 'near', NEAR);
    beside = await vnf(host, 'beside', BESIDE);
    await lab.addFabric(
      'fabric',
      [
        { host, ...HERE },
        { host: there, ...THERE },
        { host: elsewhere, ...ELSEWHERE },
      ].map((end) => ({ host: end.host, device: 'uplink0', mac: end.mac, addresses: [`${end.address}/24`] })),
    );
    await host.enableForwarding();
    await kernelVxlan(there, THERE.address, FAR);
    await kernelVxlan(elsewhere, ELSEWHERE.address, GUEST);
    fromNear = await attach(host, 'near', 'outbound');
    copiesOfNear = await attach(host, 'near', 'outbound', 'tcx/ingress');
    await attach(host, 'beside', 'outbound');
    await attach(host, 'beside', 'outbound', 'tcx/ingress');
    uplink = await attach(host, 'uplink0', 'inbound');
    copiesOfUplink = await attach(host, 'uplink0', 'inbound', 'tcx/ingress');
    guard = await PluginInstance.load('mark', 'mark_tcx', { rodata: { mark_config: { count_only: 1 } } });
    loaded.push(guard);
    attached.push(await attachInHost(host, 'beside', 'tcx/egress', guard.program));
    for (const [server, { addresses }] of [
      [beside, BESIDE],
      [there, FAR],
      [elsewhere, GUEST],
    ] as const)
      for (const address of addresses)
        for (const protocol of ['tcp', 'udp'] as const)
          servers.push(await startEchoServer(server, { protocol, address, port: 7 }));
  });

  afterAll(async () => {
    for (const server of servers) await server.stop();
    for (const attachment of attached) await attachment.detach();
    for (const instance of loaded) instance.close();
    await lab?.destroy();
  });

  async function vnf(host: NetnsHost, name: string, { mac, addresses }: typeof NEAR): Promise<NetnsHost> {
    const own = await lab.addHost(name);
    const cidrs = addresses.map((address) => `${address}/${address.includes(':') ? 64 : 24}`);
    await lab.cable({ host, device: name }, { host: own, device: 'eth0', mac, addresses: cidrs });
    await own.ip('link', 'set', 'eth0', 'mtu', MTU);
    await own.run(['ethtool', '-K', 'eth0', 'tx', 'off']);
    return own;
  }

  async function attach(
    host: NetnsHost,
    device: string,
    direction: 'inbound' | 'outbound',
    hook: 'xdp' | 'tcx/ingress' = 'xdp',
  ): Promise<PluginInstance> {
    const port = direction === 'inbound' ? 'near' : device;
    const binding = { port, direction, hook, addresses: new Map(), segment } as const;
    const config = compileUnderservice('switch', MODEL, binding);
    const program = hook === 'xdp' ? 'switch_xdp' : 'switch_tcx';
    const [first] = loaded;
    const shared = first && { of: first, maps: ['learned'] };
    const instance = await PluginInstance.load('switch', program, config, shared);
    loaded.push(instance);
    if (hook === 'xdp') await openExits(host, instance, DELIVERED);
    else
      for (const [i, name] of DELIVERED.entries()) {
        const { ifindex } = await host.device(name);
        await instance.map('uw_ports').set({ name }, { slot: i + 1, ifindex });
      }
    attached.push(await attachInHost(host, device, hook, instance.program));
    return instance;
  }

  itKernel('carries TCP between two ports of a host, over IPv4 and IPv6', async () => {
    for (const address of BESIDE.addresses)
      expect([address, await callEcho(near, { protocol: 'tcp', address, port: 7 })]).toEqual([address, true]);
    expect(await counted(fromNear, 'arp_answered')).toBeGreaterThan(0);
    expect(await counted(fromNear, 'nd_answered')).toBeGreaterThan(0);
    expect(await counted(fromNear, 'local')).toBeGreaterThan(0);
  });

  itKernel("carries TCP to a station behind the kernel's VXLAN device and back", async () => {
    for (const address of FAR.addresses)
      expect([address, await callEcho(near, { protocol: 'tcp', address, port: 7 })]).toEqual([address, true]);
    expect(await counted(fromNear, 'remote')).toBeGreaterThan(0);
    expect(await counted(uplink, 'local')).toBeGreaterThan(0);
  });

  itKernel('answers questions of stations behind endpoints, and learns where these are', async () => {
    for (const address of BESIDE.addresses)
      expect([address, await callEcho(elsewhere, { protocol: 'tcp', address, port: 7 })]).toEqual([
        address,
        true,
      ]);
    expect(await counted(uplink, 'learned')).toBe(1);
    expect(await counted(uplink, 'arp_answered')).toBeGreaterThan(0);
    expect(await counted(uplink, 'nd_answered')).toBeGreaterThan(0);
  });

  itKernel('finds a station behind an endpoint, over IPv4 and IPv6', async () => {
    for (const address of GUEST.addresses)
      expect([address, await callEcho(near, { protocol: 'tcp', address, port: 7 })]).toEqual([address, true]);
    expect(await counted(copiesOfNear, 'remote')).toBeGreaterThan(0);
  });

  itKernel('carries broadcast and multicast to every port, host and endpoint, and not back', async () => {
    const everybody = { near, beside, there, elsewhere };
    const listeners = await Promise.all(
      Object.entries(everybody).map(async ([name, host]) => ({ name, listener: await listen(host) })),
    );
    try {
      const guarded = (await guard.verdicts()).pass.packets;
      await say(near, '10.70.0.255', 'broadcast of near');
      await say(near, GROUP, 'multicast of near');
      await say(there, GROUP, 'multicast of there');
      await say(elsewhere, '10.70.0.255', 'broadcast of elsewhere');
      // Who speaks hears itself by its own stack: once, or the switch would have sent it back. Other hosts are told by
      // whoever has the port, not by one another.
      const byNear = ['broadcast of near', 'multicast of near'];
      const all = [...byNear, 'multicast of there', 'broadcast of elsewhere'];
      const wanted = {
        near: all,
        beside: all,
        there: [...byNear, 'multicast of there'],
        elsewhere: [...byNear, 'broadcast of elsewhere'],
      };
      for (const [name, texts] of Object.entries(wanted)) {
        const heard = listeners.find((each) => each.name === name)?.listener.heard ?? [];
        await waitFor(`what ${name} hears`, () => heard.length >= texts.length);
        expect([name, ...heard.toSorted()]).toEqual([name, ...texts.toSorted()]);
      }
      // The receiver's own inbound chain has met each of them.
      expect((await guard.verdicts()).pass.packets - guarded).toBeGreaterThanOrEqual(4);
      expect(await counted(copiesOfNear, 'local')).toBeGreaterThanOrEqual(2);
      expect(await counted(copiesOfUplink, 'local')).toBeGreaterThanOrEqual(4);
    } finally {
      for (const { listener } of listeners) listener.stop();
    }
  });

  itKernel(
    'carries the largest packet of the segment, and says of a longer one that it is too long',
    async () => {
      const [address = ''] = FAR.addresses;
      const headers = 28;
      const send = (bytes: number): Promise<boolean> =>
        callEcho(
          near,
          { protocol: 'udp', address, port: 7 },
          { text: 'x'.repeat(bytes - headers), timeoutMs: 1000 },
        );
      expect(await send(Number(MTU))).toBe(true);
      // The VNF is told nothing of the tunnel: its MTU is all that it knows.
      await near.ip('link', 'set', 'eth0', 'mtu', '1500');
      expect(await send(1500)).toBe(false);
      expect(await counted(fromNear, 'too_long')).toBe(1);
    },
  );
});

/** Any VXLAN endpoint; what it does not know goes to our host. */
async function kernelVxlan(host: NetnsHost, local: string, { mac, addresses }: typeof FAR): Promise<void> {
  const remote = ['id', String(VNI), 'local', local, 'remote', HERE.address, 'dstport', '4789'];
  await host.ip('link', 'add', 'segment', 'address', mac, 'type', 'vxlan', ...remote, 'dev', 'uplink0');
  for (const address of addresses)
    await host.ip('address', 'add', `${address}/${address.includes(':') ? 64 : 24}`, 'dev', 'segment');
  await host.ip('link', 'set', 'segment', 'up');
  // As a network card would: what leaves the host has its checksums.
  await host.run(['ethtool', '-K', 'segment', 'tx', 'off']);
}

/** The segment's device in a namespace: a VNF's port, or the tunnel's. */
async function deviceOf(host: NetnsHost): Promise<string> {
  const { stdout } = await host.ip('-json', 'link', 'show');
  const names = (JSON.parse(stdout) as { ifname: string }[]).map(({ ifname }) => ifname);
  return names.includes('segment') ? 'segment' : 'eth0';
}

const LISTENER = `
const { createSocket } = require('node:dgram');
const [port, group, device] = process.argv.slice(1);
const socket = createSocket({ type: 'udp6', reuseAddr: true });
socket.on('message', (text) => console.log(String(text)));
socket.bind(Number(port), '::', () => { socket.addMembership(group, '::%' + device); console.log('ready'); });
`;
const SPEAKER = `
const { createSocket } = require('node:dgram');
const [port, to, text] = process.argv.slice(1);
const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4');
socket.bind(0, () => {
  if (!to.includes(':')) socket.setBroadcast(true);
  socket.send(text, Number(port), to, () => socket.close());
});
`;

/** Hears what is said to the group, or to all. */
async function listen(host: NetnsHost): Promise<{ heard: string[]; stop(): void }> {
  const argv = [process.execPath, '-e', LISTENER, String(GROUP_PORT), GROUP, await deviceOf(host)];
  const child = host.spawn(argv, { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  const heard: string[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => heard.push(line));
  await waitFor('a listener', () => heard.shift() === 'ready');
  return { heard, stop: () => void child.kill() };
}

async function say(host: NetnsHost, to: string, text: string): Promise<void> {
  const address = to.includes(':') ? `${to}%${await deviceOf(host)}` : to;
  await host.run([process.execPath, '-e', SPEAKER, String(GROUP_PORT), address, text]);
}

async function counted(instance: PluginInstance, name: (typeof SWITCH_COUNTERS)[number]): Promise<number> {
  return (await instance.counters('counters'))[SWITCH_COUNTERS.indexOf(name)]?.packets ?? 0;
}
