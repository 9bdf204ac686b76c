import { attachInHost, openExits, PluginInstance } from '@underware/testkit';
import type { NetnsHost } from '@underware/testkit';
import { compileUnderservice } from '@underware/underservices';
import type { Segment } from '@underware/underservices';
import { STATIONS } from './scene.js';

/** A switch between the ports of a host; `remove` leaves the host as it was. */
export interface Switch {
  remove(): Promise<void>;
}

const DEVICES = Object.values(STATIONS).map(({ name }) => name);
/** What a segment of a large service has. */
const OTHER_STATIONS = 1000;

/** Ours as an agent sets it up: a root on each port, then the switch, with all protection, in a segment of a thousand. */
export async function switchByUnderware(host: NetnsHost): Promise<Switch> {
  const segment: Segment = {
    vni: 5000,
    mtu: 1500,
    stations: [
      ...Object.values(STATIONS).map(({ name, mac, address }) => ({
        port: name,
        mac,
        addresses: [address],
        at: { device: name },
      })),
      ...Array.from({ length: OTHER_STATIONS }, (_, i) => ({
        port: `other${i}`,
        mac: `02:00:00:01:${hex(i >> 8)}:${hex(i & 255)}`,
        addresses: [`10.86.${1 + (i >> 8)}.${i & 255}`],
        at: { device: `other${i}` },
      })),
    ],
  };
  const close: (() => void | Promise<void>)[] = [];
  for (const port of DEVICES) {
    const root = await PluginInstance.load('root', 'uw_root_xdp', { mapSizes: { uw_next: 2 } });
    const binding = { port, direction: 'outbound', hook: 'xdp', addresses: new Map(), segment } as const;
    const instance = await PluginInstance.load(
      'switch',
      'switch_xdp',
      compileUnderservice('switch', {}, binding),
    );
    const { ifindex } = await host.device(port);
    await openExits(host, instance, DEVICES);
    await root.map('uw_next').set(1, instance.program);
    await root.map('uw_devices').set(ifindex, { slot: 1, name: port });
    await root.map('uw_slots').set(ifindex, 1);
    const attachment = await attachInHost(host, port, 'xdp', root.program);
    close.push(
      () => attachment.detach(),
      () => root.close(),
      () => instance.close(),
    );
  }
  return {
    remove: async () => {
      for (const each of close) await each();
    },
  };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** The kernel's bridge as its users set it up for speed: no netfilter on its way, no spanning tree, no flooding to find. */
export async function switchByBridge(host: NetnsHost): Promise<Switch> {
  await host.ip('link', 'add', 'bridge', 'type', 'bridge', 'stp_state', '0', 'mcast_snooping', '0');
  await host.ip('link', 'set', 'bridge', 'up');
  for (const { name, mac } of Object.values(STATIONS)) {
    await host.ip('link', 'set', name, 'master', 'bridge');
    await host.run(['bridge', 'fdb', 'replace', mac, 'dev', name, 'master', 'static']);
  }
  return { remove: async () => void (await host.ip('link', 'del', 'bridge')) };
}
