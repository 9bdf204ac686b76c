import type {
  Catalog,
  Decision,
  Inventory,
  Placement,
  Plan,
  PlanningPolicy,
  ServiceGraph,
} from '@underware/core';
import { assignAddresses } from './addresses/assign-addresses.js';
import { ownAddresses, takenAddresses } from './addresses/taken-addresses.js';
import { assignVnis } from './addresses/assign-vnis.js';
import { addressesBefore, keepAddresses, remember } from './addresses/keep-addresses.js';
import { indexGraph, indexUnchanged } from './graph-index.js';
import type { GraphIndex } from './graph-index.js';
import { MacPool } from './addresses/mac-pool.js';
import { buildSlices } from './slices/build-slices.js';
import { idsOf, reusable } from './slices/reuse.js';
import type { PlannedBefore } from './slices/reuse.js';
import { runtimeOn } from './placement/host-fit.js';
import { impossible } from './impossible.js';
import { place } from './placement/place.js';
import type { PlacedVnf, Placing } from './placement/place.js';
import { costsOf } from './placement/costs.js';
import { placementInput } from './placement/placement-input.js';
import { PluginsInForce } from './placement/plugins-in-force.js';
import type { Upgrade } from './placement/plugins-in-force.js';
import { compareText } from './stable-names.js';

/** What one planning is for, with what the operator wants of every plan. */
export interface PlanOptions extends PlanningPolicy {
  planId: string;
  /** Id of the service instance: every key, device and address of the plan derives from it. */
  service: string;
  /** Addresses that ports of other service instances hold; never given out again. */
  takenAddresses?: readonly string[];
  /** Their names by the address, as far as they are known. */
  addressHolders?: Readonly<Record<string, string>>;
  /** MAC addresses of other service instances. */
  takenMacs?: readonly string[];
  /** Network identifiers of links of other service instances. */
  takenVnis?: readonly number[];
  /**
   * The plan in force, with what it was made from: what may stay where it is stays, versions of plugins too, and is not planned
   * again where nothing of it changed. What it takes must not be counted in `used` of the inventory.
   */
  previous?: PlannedBefore;
  /** With `previous`: ids of its instances that go back to their hosts as they are, when the service has another revision. */
  lent?: readonly string[];
  /** With `previous`: the version that it shall have of a plugin; all others stay as they are. */
  upgrade?: Upgrade;
  /** Ids of hosts by VNF that a solver proposes; taken when the fullest host is less full then. */
  suggested?: Readonly<Record<string, string>>;
  /** What a solved linear programme says no placement can be below. */
  relaxedBound?: number;
}

/**
 * Decides where every part of a service goes and what each host must become; every decision says why. The order of
 * hosts, plugins and nodes in the arguments does not matter. `now` is ISO 8601. Throws PLAN_IMPOSSIBLE with the reasons of every host.
 */
export function plan(
  graph: ServiceGraph,
  inventory: Inventory,
  catalog: Catalog,
  options: PlanOptions,
  now: string,
): Plan {
  const { planId, service, previous, upgrade, suggested, explain = false } = options;
  const taken = takenAddresses(options, inventory);
  for (const [address, taker] of ownAddresses(graph)) taken.set(address, taker);
  const kept = keepAddresses(graph, service, taken, previous);
  const addressing = kept ?? assignAddresses(graph, taken, addressesBefore(service, previous));
  // The graph of the plan in force is what that was made from: it did not change since.
  const index = previous?.graph === graph ? indexUnchanged(graph) : indexGraph(graph);
  const inForce = previous && new PluginsInForce(previous, upgrade);
  const input = placementInput(graph, inventory, catalog, options, addressing.addresses, index, inForce);
  const placing = place(input, {
    ...(previous === undefined ? {} : { previous: hostOf(previous.plan.placements) }),
    ...(suggested === undefined ? {} : { suggested: new Map(Object.entries(suggested)) }),
    explain,
  });
  const placed = placing.placed.sort((a, b) => compareText(a.vnf.name, b.vnf.name));
  const { plugins, reach } = input;
  const { addresses } = addressing;
  const macs = new MacPool(service, options.takenMacs);
  const networks = assignVnis(service, linksWithVnis(graph, index), options.takenVnis);
  const ids = previous === undefined ? {} : { ids: idsOf(previous.plan, new Set(options.lent)) };
  const whole = {
    service,
    graph,
    index,
    plugins,
    reach,
    placed,
    addresses,
    macs,
    vnis: networks.vnis,
    ...ids,
  };
  const stays = previous !== undefined && kept !== undefined && upgrade === undefined;
  const ready = stays ? reusable(whole, catalog, previous) : undefined;
  const built = buildSlices(whole, ready);
  const made: Plan = {
    id: planId,
    service,
    createdAt: now,
    graph: { name: graph.name, version: graph.version },
    placements: placed.map(({ vnf, host, reason }) => ({
      vnf: vnf.name,
      host: host.id,
      runtime: runtimeFor({ vnf, host }),
      reason,
    })),
    slices: Object.fromEntries([...built].map(([id, { slice }]) => [id, slice])),
    decisions: inOrder([
      ...placed.map((one) => placementDecisions(one, placing)),
      startDecisions(graph, placed),
      addressing.decisions,
      networks.decisions,
      ...[...built.values()].map(({ decisions }) => decisions),
    ]),
    vnis: networks.vnis,
    costs: costsOf(placing, input, options.relaxedBound),
  };
  remember(made, addressing);
  return made;
}

/** A switch may say the number of its segment. */
function linksWithVnis({ links }: ServiceGraph, { deliveredBy }: GraphIndex) {
  return links.map(({ name }) => {
    const vni = deliveredBy.get(name)?.model['vni'];
    return typeof vni === 'number' ? { name, vni } : { name };
  });
}

function inOrder(lists: readonly (readonly Decision[])[]): Decision[] {
  const all: Decision[] = [];
  for (const list of lists) for (const decision of list) all.push(decision);
  return all;
}

function hostOf(placements: readonly Placement[]): Map<string, string> {
  return new Map(placements.map(({ vnf, host }) => [vnf, host]));
}

function runtimeFor({ vnf, host }: Pick<PlacedVnf, 'vnf' | 'host'>) {
  const runtime = runtimeOn(vnf, host);
  if (runtime === undefined)
    throw impossible(`vnf ${vnf.name}`, `${host.name} has no runtime for it`, 'Add one.');
  return runtime;
}

function placementDecisions({ vnf, host }: PlacedVnf, { decisions }: Placing): Decision[] {
  const runtime = runtimeFor({ vnf, host });
  const skipped = vnf.runtimes.slice(0, vnf.runtimes.indexOf(runtime));
  return [
    ...(decisions.get(vnf.name) ?? []),
    ...skipped.map((other): Decision => ({
      subject: `runtime of ${vnf.name}`,
      outcome: 'rejected',
      choice: other,
      reason: `${host.name} does not offer it`,
    })),
    {
      subject: `runtime of ${vnf.name}`,
      outcome: 'chosen',
      choice: runtime,
      reason: skipped.length === 0 ? 'first in the order of preference' : 'next in the order of preference',
    },
  ];
}

/** Start order holds on a host; VNFs of different hosts start at one barrier, which the plan says instead of hiding. */
function startDecisions(graph: ServiceGraph, placed: readonly PlacedVnf[]): Decision[] {
  if (Object.keys(graph.startsAfter).length === 0) return [];
  const hosts = new Map(placed.map(({ vnf, host }) => [vnf.name, host]));
  return placed.flatMap(({ vnf, host }) => {
    const before = Object.hasOwn(graph.startsAfter, vnf.name) ? (graph.startsAfter[vnf.name] ?? []) : [];
    return before.map((other): Decision => {
      const together = hosts.get(other)?.id === host.id;
      return {
        subject: `start of ${vnf.name}`,
        outcome: together ? 'chosen' : 'rejected',
        choice: `after ${other}`,
        reason: together
          ? `${other} is on the same host and must be healthy first`
          : `${other} is on ${hosts.get(other)?.name ?? 'no host'}: both start when every host is conditioned`,
      };
    });
  });
}
