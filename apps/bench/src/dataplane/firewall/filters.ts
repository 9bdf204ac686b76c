import { readFile } from 'node:fs/promises';
import { BpfObject } from '@underware/libbpf';
import { parseIp, parseMac } from '@underware/packet';
import { attachInHost, PluginInstance } from '@underware/testkit';
import type { NetnsHost, RoutedPair } from '@underware/testkit';
import { compileUnderservice } from '@underware/underservices';
import { benchObject } from '../../objects.js';
import { SERVER_PORT } from '../scene.js';

/** A filter in force on a host; `remove` leaves it as it was. */
export interface Filter {
  remove(): Promise<void>;
}

const DEVICES = ['client', 'server'] as const;
/** Room for every flow of the measurement in both. */
const CONNECTIONS = 262_144;

/** Each names one host that may reach the server; the client is the last of them. */
function allowedHosts(rules: number, client: string): string[] {
  const others = Array.from(
    { length: rules - 1 },
    (_, i) => `10.${100 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`,
  );
  return [...others, client];
}

/** Ours: root, firewall and a program that sends on to known neighbours, on both devices, with one table of connections. */
export async function filterByUnderware(pair: RoutedPair, rules: number): Promise<Filter> {
  const { host } = pair;
  const client = pair.clientAddresses.ipv4;
  const config = compileUnderservice(
    'firewall',
    {
      default: 'deny',
      connections: CONNECTIONS,
      rules: allowedHosts(rules, client).map((from, i) => ({
        name: `r${i}`,
        from,
        to: 'any',
        protocol: 'udp',
        ports: SERVER_PORT,
        action: 'allow',
      })),
    },
    { port: 'server', direction: 'inbound', hook: 'xdp', addresses: new Map() },
  );
  const close: (() => void | Promise<void>)[] = [];
  let first: PluginInstance | undefined;
  for (const device of DEVICES) {
    const shared = first && { of: first, maps: ['connections', 'pending'] };
    const root = await PluginInstance.load('root', 'uw_root_xdp');
    const firewall = await PluginInstance.load('firewall', 'firewall_xdp', config, shared);
    const route = await BpfObject.open(await readFile(benchObject('route')), { name: 'route' });
    await route.load();
    await route.map('neighbours').setBatch(await neighboursOf(pair));
    await firewall.map('uw_next').set(0, route.program('route'));
    await root.setNext(firewall);
    const attachment = await attachInHost(host, device, 'xdp', root.program);
    close.push(() => attachment.detach());
    for (const each of [root, firewall, route]) close.push(() => each.close());
    first ??= firewall;
  }
  return {
    remove: async () => {
      for (const each of close) await each();
    },
  };
}

async function neighboursOf({
  host,
  client,
  server,
  clientAddresses,
  serverAddresses,
}: RoutedPair): Promise<[number[], Record<string, number | number[]>][]> {
  const towards = async (far: NetnsHost, device: string) => {
    const { ifindex, mac } = await host.device(device);
    const there = await far.device('eth0');
    return { ifindex, source_mac: [...parseMac(mac)], destination_mac: [...parseMac(there.mac)] };
  };
  return [
    [[...parseIp(clientAddresses.ipv4).bytes], await towards(client, 'client')],
    [[...parseIp(serverAddresses.ipv4).bytes], await towards(server, 'server')],
  ];
}

/** The peer as its users set it up for speed: connection tracking first, then one set of all allowed hosts. */
export async function filterByNftables(pair: RoutedPair, rules: number): Promise<Filter> {
  const { host } = pair;
  const ruleset = `
    table ip uwb {
      set allowed { type ipv4_addr; elements = { ${allowedHosts(rules, pair.clientAddresses.ipv4).join(', ')} } }
      chain forward {
        type filter hook forward priority filter; policy drop;
        ct state established,related accept
        ip saddr @allowed udp dport ${SERVER_PORT} accept
      }
    }`;
  // Frames that come by XDP need a receiver that polls.
  for (const device of DEVICES) await host.run(['ethtool', '-K', device, 'gro', 'on']);
  await host.run(['nft', '-f', '-'], { input: ruleset });
  return {
    remove: async () => {
      await host.run(['nft', 'delete', 'table', 'ip', 'uwb']);
      for (const device of DEVICES) await host.run(['ethtool', '-K', device, 'gro', 'off']);
    },
  };
}
