import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  attachInHost,
  callEcho,
  describeKernel,
  itKernel,
  NetnsLab,
  openExits,
  PluginInstance,
  startEchoServer,
} from '@underware/testkit';
import type { Attachment, EchoServer, NetnsHost } from '@underware/testkit';
import { compileUnderservice, SWITCH_COUNTERS } from '@underware/underservices';
import type { Segment } from '@underware/underservices';

const VNI = 5000;
const MTU = '1450';
const NEAR = { mac: '02:00:00:00:00:0a', addresses: ['10.70.0.10', 'fd70::a'] };
const BESIDE = { mac: '02:00:00:00:00:0b', addresses: ['10.70.0.11', 'fd70::b'] };
const FAR = { mac: '02:00:00:00:00:0c', addresses: ['10.70.0.12', 'fd70::c'] };
const HERE = { mac: '02:00:00:00:01:01', address: '192.0.2.1' };
const THERE = { mac: '02:00:00:00:01:02', address: '192.0.2.2' };

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

/** Two VNFs on a host with the switch; the third is behind the kernel's own VXLAN device on another host. */
describeKernel('switch between namespaces', () => {
  let lab: NetnsLab;
  let near: NetnsHost;
  const loaded: PluginInstance[] = [];
  const attached: Attachment[] = [];
  const servers: EchoServer[] = [];
  let uplink: PluginInstance;
  let fromNear: PluginInstance;

  beforeAll(async () => {
    lab = await NetnsLab.create({ prefix: 'uwt-switch-' });
    const host = await lab.addHost('host');
    const there = await lab.addHost('there');
    near = await vnf(host, 'near', NEAR);
    const beside = await vnf(host, 'beside', BESIDE);
    await lab.cable(
      { host, device: 'uplink0', mac: HERE.mac, addresses: [`${HERE.address}/24`] },
      { host: there, device: 'uplink0', mac: THERE.mac, addresses: [`${THERE.address}/24`] },
    );
    await host.enableForwarding();
    await kernelVxlan(there);
    fromNear = await attach(host, 'near', 'outbound');
    await attach(host, 'beside', 'outbound');
    uplink = await attach(host, 'uplink0', 'inbound');
    for (const [server, { addresses }] of [[beside, BESIDE] as const, [there, FAR] as const])
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
  ): Promise<PluginInstance> {
    const port = direction === 'inbound' ? 'near' : device;
    const binding = { port, direction, hook: 'xdp', addresses: new Map(), segment } as const;
    const config = compileUnderservice('switch', {}, binding);
    const instance = await PluginInstance.load('switch', 'switch_xdp', config);
    loaded.push(instance);
    await openExits(host, instance, ['near', 'beside', 'uplink0']);
    attached.push(await attachInHost(host, device, 'xdp', instance.program));
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

/** Any VXLAN endpoint; what it does not carry, its neighbours, it is told. */
async function kernelVxlan(there: NetnsHost): Promise<void> {
  const remote = ['id', String(VNI), 'local', THERE.address, 'remote', HERE.address, 'dstport', '4789'];
  await there.ip('link', 'add', 'segment', 'address', FAR.mac, 'type', 'vxlan', ...remote, 'dev', 'uplink0');
  for (const address of FAR.addresses)
    await there.ip('address', 'add', `${address}/${address.includes(':') ? 64 : 24}`, 'dev', 'segment');
  await there.ip('link', 'set', 'segment', 'up');
  // As a network card would: what leaves the host has its checksums.
  await there.run(['ethtool', '-K', 'segment', 'tx', 'off']);
  for (const address of NEAR.addresses)
    await there.ip('neigh', 'add', address, 'lladdr', NEAR.mac, 'dev', 'segment');
}

async function counted(instance: PluginInstance, name: (typeof SWITCH_COUNTERS)[number]): Promise<number> {
  return (await instance.counters('counters'))[SWITCH_COUNTERS.indexOf(name)]?.packets ?? 0;
}
