import type {
  Catalog,
  Decision,
  HostSlice,
  Inventory,
  InventoryHost,
  Plan,
  ServiceGraph,
} from '@underware/core';
import { listAt } from '../graph-index.js';
import { sameContent } from '../same-content.js';
import type { PlacedService } from './placed-service.js';

/** A plan with what it was made from. */
export interface PlannedBefore {
  plan: Plan;
  graph: ServiceGraph;
  inventory: Inventory;
  catalog: Catalog;
}

/**
 * The id that each instance of a plan has, by host, underservice, port and hook: another revision of it keeps that. Not those
 * that are lent, which stay what they are.
 */
export function idsOf({ slices }: Plan, lent: ReadonlySet<string>): Map<string, string> {
  const ids = new Map<string, string>();
  const shared = new Set<string>();
  for (const [host, { instances }] of Object.entries(slices)) {
    for (const { id, underservice, port, hook } of instances) {
      const place = placeOf(host, underservice, port, hook);
      if (ids.has(place)) shared.add(place);
      else if (!lent.has(id)) ids.set(place, id);
    }
  }
  // Where there are several, none of them is another revision of all.
  for (const place of shared) ids.delete(place);
  return ids;
}

export function placeOf(host: string, underservice: string, port: string, hook: string): string {
  return [host, underservice, port, hook].join(' ');
}

export interface BuiltSlice {
  slice: HostSlice;
  /** In the order of VNFs, then of what they bring along. */
  decisions: Decision[];
}

/** A slice of an earlier plan that would come out the same again; but for its routes, where VNFs of its links moved. */
export interface ReadySlice extends BuiltSlice {
  routesHold: boolean;
}

/**
 * Slices of an earlier plan that can be taken again, by host id: of hosts that are as they were, with the same VNFs. None
 * at all where the service itself is another. The addresses must be those of the earlier plan.
 */
export function reusable(
  placed: PlacedService,
  catalog: Catalog,
  before: PlannedBefore,
): Map<string, ReadySlice> {
  const { plan } = before;
  const same =
    plan.service === placed.service &&
    sameContent(before.catalog, catalog) &&
    sameContent(before.graph, placed.graph);
  if (!same) return new Map();
  const { changed, peersChanged } = changedHosts(placed, before);
  const decisions = new Map<string, Decision[]>();
  for (const decision of plan.decisions) {
    if (decision.host !== undefined && !changed.has(decision.host))
      listAt(decisions, decision.host).push(decision);
  }
  return new Map(
    Object.entries(plan.slices)
      .filter(([id]) => !changed.has(id))
      .map(([id, slice]) => [
        id,
        { slice, decisions: decisions.get(id) ?? [], routesHold: !peersChanged.has(id) },
      ]),
  );
}

/** Hosts that are not what they were or have not the VNFs that they had, and hosts of which only peers are so. */
function changedHosts(
  { placed, index }: PlacedService,
  { plan, inventory }: PlannedBefore,
): { changed: Set<string>; peersChanged: Set<string> } {
  const known = new Map(inventory.hosts.map((host) => [host.id, host]));
  const previous = new Map(plan.placements.map(({ vnf, host }) => [vnf, host]));
  const now = new Map(placed.map(({ vnf, host }) => [vnf.name, host]));
  const kept = new Map<InventoryHost, boolean>();
  const links = new Set<string>();
  const changed = new Set<string>();
  for (const [name, host] of now) {
    let isSame = kept.get(host);
    if (isSame === undefined) kept.set(host, (isSame = sameHost(known.get(host.id), host)));
    if (isSame && previous.get(name) === host.id) continue;
    changed.add(host.id).add(previous.get(name) ?? host.id);
    for (const { link } of index.portsOfVnf.get(name) ?? []) {
      links.add(link);
      // A router has a table of all that are on any of its links.
      for (const router of index.routersOf.get(link) ?? []) for (const each of router.links) links.add(each);
    }
  }
  const peersChanged = new Set<string>();
  for (const link of links) {
    // Who delivers on a link has a table of where everybody is.
    const outdated = index.deliveredBy.has(link) ? changed : peersChanged;
    for (const { vnf } of index.portsOfLink.get(link) ?? []) outdated.add(now.get(vnf)?.id ?? '');
  }
  return { changed, peersChanged };
}

/** In what slices look at; what is used of it may be another. */
function sameHost(before: InventoryHost | undefined, host: InventoryHost): boolean {
  return (
    before !== undefined &&
    before.name === host.name &&
    sameContent(before.facts, host.facts) &&
    sameContent(before.foreignPrograms, host.foreignPrograms)
  );
}
