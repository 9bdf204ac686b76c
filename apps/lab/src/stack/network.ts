import { NetnsLab } from '@underware/testkit';
import type { NetnsHost } from '@underware/testkit';
import type { LabLayout } from './layout.js';

/** Device of every host that faces the other hosts. */
export const UPLINK = 'uplink0';

/** Hosts that are network namespaces on one switch, 10.90.0.N/24 and fd90::N/64, each with its own BPF file system. */
export async function makeNetwork(layout: LabLayout, names: string[]): Promise<NetnsHost[]> {
  const lab = await NetnsLab.create({ prefix: layout.prefix, directory: layout.run });
  const hosts: NetnsHost[] = [];
  for (const name of names) {
    const host = await lab.addHost(name);
    await host.enableForwarding();
    hosts.push(host);
  }
  const ends = hosts.map((host, i) => ({
    host,
    device: UPLINK,
    addresses: [`10.90.0.${i + 1}/24`, `fd90::${i + 1}/64`],
  }));
  await lab.addFabric('fabric', ends);
  return hosts;
}
