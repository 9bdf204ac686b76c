import type { Reserved } from '@underware/core';
import type { GraphIndex } from '../graph-index.js';
import { compareText } from '../stable-names.js';
import type { Placing } from './place.js';

/** Huge pages, devices and bandwidth that a placing sets aside, by host id; of hosts where it sets something aside. */
export function reservedBy({ placed }: Pick<Placing, 'placed'>, index: GraphIndex): Map<string, Reserved> {
  const pages = new Table();
  const devices = new Table();
  const bits = new Map<string, number>();
  const hostOf = new Map<string, string>();
  for (const { vnf, host } of placed) {
    hostOf.set(vnf.name, host.id);
    for (const { pageBytes, count } of vnf.hugepages ?? []) pages.add(host.id, String(pageBytes), count);
    for (const [name, count] of Object.entries(vnf.devices ?? {})) devices.add(host.id, name, count);
  }
  for (const { name, bitsPerSecond } of index.links.values()) {
    if (bitsPerSecond === undefined) continue;
    const hosts = (index.portsOfLink.get(name) ?? []).flatMap(({ vnf }) => hostOf.get(vnf) ?? []);
    // On one host alone it takes no uplink.
    if (new Set(hosts).size < 2) continue;
    for (const host of hosts) bits.set(host, (bits.get(host) ?? 0) + bitsPerSecond);
  }
  const ids = new Set([...pages.hosts(), ...devices.hosts(), ...bits.keys()]);
  return new Map(
    [...ids].map((id): [string, Reserved] => {
      const ofPages = pages.of(id).map(([size, count]) => ({ pageBytes: Number(size), count }));
      const ofDevices = devices.of(id);
      const ofBits = bits.get(id);
      return [
        id,
        {
          ...(ofPages.length === 0 ? {} : { hugepages: ofPages.sort((a, b) => a.pageBytes - b.pageBytes) }),
          ...(ofDevices.length === 0 ? {} : { devices: Object.fromEntries(ofDevices) }),
          ...(ofBits === undefined ? {} : { bitsPerSecond: ofBits }),
        },
      ];
    }),
  );
}

/** Amounts by host and name. */
class Table {
  private readonly rows = new Map<string, Map<string, number>>();

  add(host: string, name: string, amount: number): void {
    if (amount === 0) return;
    const row = this.rows.get(host) ?? new Map<string, number>();
    this.rows.set(host, row.set(name, (row.get(name) ?? 0) + amount));
  }

  hosts(): Iterable<string> {
    return this.rows.keys();
  }

  of(host: string): [string, number][] {
    return [...(this.rows.get(host) ?? [])].sort(([a], [b]) => compareText(a, b));
  }
}
