import { readFile } from 'node:fs/promises';
import { BpfObject } from '@underware/libbpf';
import { attachInHost, PluginInstance } from '@underware/testkit';
import type { NetnsHost } from '@underware/testkit';
import { compileUnderservice } from '@underware/underservices';
import { benchObject } from '../../objects.js';
import { SERVER_PORT } from './scene.js';

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

/** Ours: root, firewall and a program that routes by the host's own table, on both devices, with one table of connections. */
export async function filterByUnderware(host: NetnsHost, rules: number, client: string): Promise<Filter> {
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

/** The peer as its users set it up for speed: connection tracking first, then one set of all allowed hosts. */
export async function filterByNftables(host: NetnsHost, rules: number, client: string): Promise<Filter> {
  const ruleset = `
    table ip uwb {
      set allowed { type ipv4_addr; elements = { ${allowedHosts(rules, client).join(', ')} } }
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
