import { attachInHost, openExits, PluginInstance } from '@underware/testkit';
import type { NetnsHost, RoutedPair } from '@underware/testkit';
import { compileUnderservice } from '@underware/underservices';
import type { RoutedSegment } from '@underware/underservices';

/** Forwarding in force on a host; `remove` leaves it as it was. */
export interface Forwarder {
  remove(): Promise<void>;
}

const DEVICES = ['client', 'server'] as const;

/** Prefixes behind the server, and an address in the last of them. */
export function routesBehind(count: number): { prefixes: string[]; address?: string } {
  const networks = Array.from({ length: count }, (_, i) => `100.${64 + (i >> 8)}.${i & 255}`);
  const last = networks.at(-1);
  return { prefixes: networks.map((network) => `${network}.0/24`), ...(last && { address: `${last}.7` }) };
}

/** Ours: root and router at the client's port, which deliver to the server's. */
export async function forwardByUnderware(pair: RoutedPair, prefixes: readonly string[]): Promise<Forwarder> {
  const { host, client, server, clientAddresses, serverAddresses } = pair;
  const { mac } = await host.device('client');
  const segment = async (
    port: (typeof DEVICES)[number],
    far: NetnsHost,
    address: string,
  ): Promise<RoutedSegment> => ({
    vni: port === 'client' ? 4096 : 4097,
    mtu: 1500,
    antiSpoofing: true,
    isolated: false,
    subnets: [`${address}/24`],
    stations: [{ port, mac: (await far.device('eth0')).mac, addresses: [address], at: { device: port } }],
  });
  const segments = [
    await segment('client', client, clientAddresses.ipv4),
    await segment('server', server, serverAddresses.ipv4),
  ];
  const config = compileUnderservice(
    'router',
    {
      addresses: ['10.83.0.254', '10.83.1.254'],
      icmp_errors_per_second: 100,
      routes: prefixes.map((prefix) => ({ prefix, next_hops: [serverAddresses.ipv4] })),
    },
    {
      port: 'client',
      direction: 'outbound',
      hook: 'xdp',
      addresses: new Map(),
      network: { mac, segments },
    },
  );
  const root = await PluginInstance.load('root', 'uw_root_xdp');
  const router = await PluginInstance.load('router', 'router_xdp', config);
  await openExits(host, router, DEVICES);
  await root.setNext(router);
  const attachment = await attachInHost(host, 'client', 'xdp', root.program);
  return {
    remove: async () => {
      await attachment.detach();
      router.close();
      root.close();
    },
  };
}

/** The peer: the kernel's own forwarding, with neighbours that it knows and nothing else on the way. */
export async function forwardByKernel(pair: RoutedPair, prefixes: readonly string[]): Promise<Forwarder> {
  const { host, serverAddresses } = pair;
  const batch = (change: 'add' | 'del') =>
    host.run(['ip', '-batch', '-'], {
      input: prefixes
        .map((prefix) => `route ${change} ${prefix} via ${serverAddresses.ipv4} dev server\n`)
        .join(''),
    });
  // Frames that come by XDP need a receiver that polls.
  for (const device of DEVICES) await host.run(['ethtool', '-K', device, 'gro', 'on']);
  await batch('add');
  return {
    remove: async () => {
      await batch('del');
      for (const device of DEVICES) await host.run(['ethtool', '-K', device, 'gro', 'off']);
    },
  };
}
