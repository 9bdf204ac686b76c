import type { InventoryHost, ServiceGraph } from '@underware/core';
import { formatAddress, formatPrefix } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import { listAt } from '../graph-index.js';
import type { GraphIndex } from '../graph-index.js';
import type { PluginChoices } from '../placement/choose-plugin.js';
import type { PlacedVnf } from '../placement/place.js';
import type { Reach } from '../placement/reach.js';
import { deviceName } from '../stable-names.js';

/** A service with every VNF on its host and every port with its addresses: what slices are built from. */
export interface PlacedService {
  service: string;
  graph: ServiceGraph;
  index: GraphIndex;
  plugins: PluginChoices;
  reach: Reach;
  placed: readonly PlacedVnf[];
  addresses: ReadonlyMap<string, readonly Prefix[]>;
}

/** A placed service by what slices ask for, each name and address written out once. */
export interface Layout extends PlacedService {
  /** By VNF. */
  hostOf: ReadonlyMap<string, InventoryHost>;
  /** By host id, VNFs in the order of names. */
  vnfsOn: ReadonlyMap<string, readonly PlacedVnf[]>;
  /** By port. */
  devices: ReadonlyMap<string, string>;
  /** By port, without lengths. */
  addressTexts: ReadonlyMap<string, readonly string[]>;
  /** By port: the address with its family and its host route. */
  routes: ReadonlyMap<string, readonly { family: Prefix['family']; destination: string }[]>;
}

export function layoutOf(placed: PlacedService): Layout {
  const { service, graph, addresses } = placed;
  const vnfsOn = new Map<string, PlacedVnf[]>();
  for (const one of placed.placed) listAt(vnfsOn, one.host.id).push(one);
  for (const here of vnfsOn.values()) here.sort((a, b) => (a.vnf.name < b.vnf.name ? -1 : 1));
  const ports = graph.ports.map(({ name }) => [name, addresses.get(name) ?? []] as const);
  return {
    ...placed,
    hostOf: new Map(placed.placed.map(({ vnf, host }) => [vnf.name, host])),
    vnfsOn,
    devices: new Map(ports.map(([name]) => [name, deviceName(service, name)])),
    addressTexts: new Map(ports.map(([name, prefixes]) => [name, prefixes.map(formatAddress)])),
    routes: new Map(
      ports.map(([name, prefixes]) => [
        name,
        prefixes.map((prefix) => ({ family: prefix.family, destination: formatPrefix(prefix) })),
      ]),
    ),
  };
}
