import type { Catalog, Inventory, InventoryHost, PlanningPolicy, ServiceGraph } from '@underware/core';
import type { Family, Prefix } from '@underware/underservices';
import { indexGraph } from '../graph-index.js';
import type { GraphIndex } from '../graph-index.js';
import { compareText } from '../stable-names.js';
import { CHAIN_DEPTH, PluginChoices } from './choose-plugin.js';
import type { PluginsInForce } from './plugins-in-force.js';
import { Reach } from './reach.js';

/** What is to be placed and where it may go. */
export interface PlacementInput {
  graph: ServiceGraph;
  index: GraphIndex;
  hosts: readonly InventoryHost[];
  plugins: PluginChoices;
  reach: Reach;
  service: string;
  /** The address families of every link. */
  families: ReadonlyMap<string, readonly Family[]>;
  chainDepth: number;
}

export interface InputOptions extends PlanningPolicy {
  service: string;
}

/** Everything that placing looks at, with what is looked up often found beforehand. */
export function placementInput(
  graph: ServiceGraph,
  inventory: Inventory,
  catalog: Catalog,
  { service, chainDepth = CHAIN_DEPTH }: InputOptions,
  addresses: ReadonlyMap<string, readonly Prefix[]>,
  index = indexGraph(graph),
  inForce?: PluginsInForce,
): PlacementInput {
  return {
    graph,
    index,
    hosts: inventory.hosts,
    plugins: new PluginChoices(catalog, inForce),
    reach: new Reach(inventory),
    service,
    families: familiesOf(graph, addresses, index),
    chainDepth: Math.min(chainDepth, CHAIN_DEPTH),
  };
}

/** The families that ports of each link have addresses of, where hosts route between them. */
function familiesOf(
  graph: ServiceGraph,
  addresses: ReadonlyMap<string, readonly Prefix[]>,
  { deliveredBy }: GraphIndex,
): Map<string, Family[]> {
  const found = new Map<string, Set<Family>>();
  for (const { name, link } of graph.ports) {
    if (deliveredBy.has(link)) continue;
    let families = found.get(link);
    if (families === undefined) found.set(link, (families = new Set<Family>()));
    for (const { family } of addresses.get(name) ?? []) families.add(family);
  }
  return new Map([...found].map(([link, families]) => [link, [...families].sort(compareText)]));
}
