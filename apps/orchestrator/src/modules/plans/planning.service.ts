import { Injectable } from '@nestjs/common';
import type { Catalog, HeldInstance, HostPlan, Inventory, Plan, ServiceGraph } from '@underware/core';
import { plan, planByHost } from '@underware/planner';
import type { PlanOptions, Upgrade } from '@underware/planner';
import { explainPlan } from '@underware/solver';
import { heldInstance } from '@underware/store';
import type { Held, Records } from '@underware/store';
import { randomUUID } from 'node:crypto';
import { Configuration } from '../../configuration.js';
import { Uptime } from '../../uptime.js';
import { inventoryHost, onUplinks, pinnedBy, reservedOn } from '../hosts/host-readiness.js';
import { reservedOnHosts } from '../hosts/reserved-on-hosts.js';

/** The longest that a solver looks for a bound. */
const LONGEST_EXPLANATION_MS = 5000;
const NO_SERVICE = '00000000-0000-0000-0000-000000000000';

/** Of a service that runs: its plan and the graph that it was made for. */
export interface InForce {
  plan: Plan;
  graph: ServiceGraph;
  /** The version of a plugin that it shall have. */
  upgrade?: Upgrade;
}

export interface DryRun {
  explain?: boolean;
  inForce?: InForce;
}

interface Situation {
  inventory: Inventory;
  catalog: Catalog;
  options: PlanOptions;
  now: string;
}

/** Reads what planning needs to know and asks the planner. */
@Injectable()
export class PlanningService {
  constructor(
    private readonly configuration: Configuration,
    private readonly uptime: Uptime,
  ) {}

  /**
   * Of a service that runs, what it has stays where it may: VNFs, addresses, versions of plugins. Throws PLAN_IMPOSSIBLE with
   * the reasons of every host.
   */
  async plan(records: Records, service: string, graph: ServiceGraph, inForce?: InForce): Promise<Plan> {
    const { inventory, catalog, options, now } = await this.situation(records, service, inForce?.plan);
    return plan(graph, inventory, catalog, { ...options, ...previousOf(inForce) }, now);
  }

  /**
   * What planning would give now, and what it would do on every host; nothing is kept. What the plan in force has stays where
   * it may. With `explain` every host that is not taken has its reason, and a solver says how far the plan is from the best.
   */
  async dryRun(
    records: Records,
    service: string,
    graph: ServiceGraph,
    { explain = false, inForce }: DryRun,
  ): Promise<{ plan: Plan; hosts: HostPlan[] }> {
    const { inventory, catalog, options, now } = await this.situation(records, service, inForce?.plan);
    const wanted = { ...options, ...previousOf(inForce) };
    const made = explain
      ? await explainPlan(graph, inventory, catalog, wanted, now, LONGEST_EXPLANATION_MS)
      : plan(graph, inventory, catalog, wanted, now);
    return { plan: made, hosts: planByHost(made, inForce?.plan, inventory) };
  }

  /** All hosts and plugins as planning sees them now. */
  async inventory(records: Records): Promise<{ inventory: Inventory; catalog: Catalog }> {
    const { inventory, catalog } = await this.situation(records, NO_SERVICE);
    return { inventory, catalog };
  }

  /** Everything that planning a service looks at. What the service takes now itself is free for it. */
  private async situation(records: Records, service: string, inForce?: Plan): Promise<Situation> {
    const now = Date.now();
    const hosts = await records.hosts.list();
    const telemetry = await records.hosts.telemetry();
    const catalog = await records.plugins.catalog();
    const taken = await records.assignments.taken(service);
    const held = await records.residency.held();
    const heldOn = new Map<string, Held[]>();
    for (const each of held) heldOn.set(each.hostId, [...(heldOn.get(each.hostId) ?? []), each]);
    // Of all hosts: a key names one instance, wherever it is.
    const ofOthers = await records.residency.takenOver(service);
    const takenOver = [...ofOthers, ...held.map(({ instance }) => instance.id)];
    const own = inForce === undefined ? {} : await this.takenOverBy(records, inForce, ofOthers);
    const byHost = new Map(telemetry.map((row) => [row.hostId, row]));
    const live = await records.instances.livePlans({ changing: true });
    const changes = live.filter((each) => each.service !== service);
    const setAside = reservedOnHosts(await records.instances.reservations(service));
    const { hostSilenceMs } = this.configuration.timings;
    const budgets = await records.residency.budgets();
    const footprints = new Map(
      catalog.plugins.map(({ digest, requirements }) => [digest, requirements.memoryBytes ?? 0]),
    );
    const { latencies = [] } = this.configuration;
    const inventory = {
      ...(latencies.length === 0 ? {} : { latencies }),
      hosts: hosts.map((host) => {
        const telling = byHost.get(host.id);
        const seen = inventoryHost(host, telling, now, this.uptime.since, hostSilenceMs, service);
        const reserved = reservedOn(host.id, changes);
        return {
          ...seen,
          // What is held makes room for what is in use, so that it does not count.
          used: {
            cpus: seen.used.cpus + reserved.cpus,
            memoryBytes: seen.used.memoryBytes + reserved.memoryBytes,
            pinnedBytes: pinnedBy(host.desired?.state, footprints, service),
            uplinkInstances: onUplinks(host.desired?.state, service),
            ...setAside.get(host.id),
          },
          held: [...(heldOn.get(host.id) ?? []).map(heldInstance), ...(own[host.id] ?? [])],
          takenOver,
          ...budgetOf(budgets.get(host.id)),
        };
      }),
    };
    const options = {
      planId: randomUUID(),
      service,
      takenAddresses: taken.address,
      addressHolders: await records.assignments.addressHolders(service),
      takenMacs: taken.mac,
      takenVnis: taken.vni.map(Number),
      ...(inForce === undefined ? {} : { lent: await records.residency.lent(service) }),
    };
    return { inventory, catalog, options, now: new Date(now).toISOString() };
  }

  /** Instances that a service took over, by host: their ids are not those that it would be given, so planning must know them. */
  private async takenOverBy(
    records: Records,
    { slices, createdAt }: Plan,
    ofOthers: readonly string[],
  ): Promise<Record<string, HeldInstance[]>> {
    const all = new Set(await records.residency.takenOver(NO_SERVICE));
    for (const id of ofOthers) all.delete(id);
    const mine = Object.entries(slices).map(([host, { instances }]): [string, HeldInstance[]] => [
      host,
      instances
        .filter(({ id }) => all.has(id))
        .map(({ key, id, revision, hook, plugin }) => ({
          key,
          id,
          revision,
          hook,
          digest: plugin.digest,
          since: createdAt,
        })),
    ]);
    return Object.fromEntries(mine);
  }
}

/** Which hosts and plugins there were is not kept: what is planned for each host is made anew. */
function previousOf(inForce: InForce | undefined): Pick<PlanOptions, 'previous' | 'upgrade'> {
  if (inForce === undefined) return {};
  const { upgrade, ...before } = inForce;
  return {
    previous: { ...before, inventory: { hosts: [] }, catalog: { plugins: [] } },
    ...(upgrade === undefined ? {} : { upgrade }),
  };
}

function budgetOf(pinnedBudgetBytes: number | undefined): { pinnedBudgetBytes?: number } {
  return pinnedBudgetBytes === undefined ? {} : { pinnedBudgetBytes };
}
