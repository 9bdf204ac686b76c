import type { InventoryHost, ServiceGraph } from '@underware/core';
import { formatAddress, formatPrefix } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';
import type { MacPool } from '../addresses/mac-pool.js';
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
  macs: MacPool;
  /** The network identifier of each link. */
  vnis: Readonly<Record<string, number>>;
  /** Ids of instances by their places, where the service has a plan already. */
  ids?: ReadonlyMap<string, string>;
}

/** A placed service by what slices ask for; names and addresses are written out once, when they are asked for. */
export interface Layout extends PlacedService {
  /** By VNF. */
  hostOf: ReadonlyMap<string, InventoryHost>;
  /** By host id, VNFs in the order of names. */
  vnfsOn: ReadonlyMap<string, readonly PlacedVnf[]>;
  deviceOf(port: string): string;
  /** Without lengths. */
  addressesOf(port: string): readonly string[];
  /** The port's addresses as destinations. */
  routesOf(port: string): readonly { family: Prefix['family']; destination: string }[];
}

export function layoutOf(placed: PlacedService): Layout {
  const vnfsOn = new Map<string, PlacedVnf[]>();
  for (const one of placed.placed) listAt(vnfsOn, one.host.id).push(one);
  for (const here of vnfsOn.values()) here.sort((a, b) => (a.vnf.name < b.vnf.name ? -1 : 1));
  const prefixesOf = (port: string): readonly Prefix[] => placed.addresses.get(port) ?? [];
  return {
    ...placed,
    hostOf: new Map(placed.placed.map(({ vnf, host }) => [vnf.name, host])),
    vnfsOn,
    deviceOf: once((port) => deviceName(placed.service, port)),
    addressesOf: once((port) => prefixesOf(port).map(formatAddress)),
    routesOf: once((port) =>
      prefixesOf(port).map((prefix) => ({ family: prefix.family, destination: formatPrefix(prefix) })),
    ),
  };
}

function once<Result>(make: (name: string) => Result): (name: string) => Result {
  const made = new Map<string, Result>();
  return (name) => {
    let result = made.get(name);
    if (result === undefined) made.set(name, (result = make(name)));
    return result;
  };
}
