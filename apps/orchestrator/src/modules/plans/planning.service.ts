import { Injectable } from '@nestjs/common';
import type { Plan, ServiceGraph } from '@underware/core';
import { plan } from '@underware/planner';
import { heldInstance } from '@underware/store';
import type { Held, Records } from '@underware/store';
import { randomUUID } from 'node:crypto';
import { Configuration } from '../../configuration.js';
import { Uptime } from '../../uptime.js';
import { inventoryHost } from '../hosts/host-readiness.js';

/** Reads what planning needs to know and asks the planner. */
@Injectable()
export class PlanningService {
  constructor(
    private readonly configuration: Configuration,
    private readonly uptime: Uptime,
  ) {}

  /** Throws PLAN_IMPOSSIBLE with the reasons of every host. */
  async plan(records: Records, service: string, graph: ServiceGraph): Promise<Plan> {
    const now = Date.now();
    const hosts = await records.hosts.list();
    const telemetry = await records.hosts.telemetry();
    const catalog = await records.plugins.catalog();
    const taken = await records.assignments.taken(service);
    const held = await records.residency.held();
    const heldOn = new Map<string, Held[]>();
    for (const each of held) heldOn.set(each.hostId, [...(heldOn.get(each.hostId) ?? []), each]);
    // Of all hosts: a key names one instance, wherever it is.
    const takenOver = [
      ...(await records.residency.takenOver(service)),
      ...held.map(({ instance }) => instance.id),
    ];
    const byHost = new Map(telemetry.map((row) => [row.hostId, row]));
    const { hostSilenceMs } = this.configuration.timings;
    const budgets = await records.residency.budgets();
    const inventory = {
      hosts: hosts.map((host) => ({
        ...inventoryHost(host, byHost.get(host.id), now, this.uptime.since, hostSilenceMs),
        held: (heldOn.get(host.id) ?? []).map(heldInstance),
        takenOver,
        ...budgetOf(budgets.get(host.id)),
      })),
    };
    const options = {
      planId: randomUUID(),
      service,
      takenAddresses: taken.address,
      takenMacs: taken.mac,
      takenVnis: taken.vni.map(Number),
    };
    return plan(graph, inventory, catalog, options, new Date(now).toISOString());
  }
}

function budgetOf(pinnedBudgetBytes: number | undefined): { pinnedBudgetBytes?: number } {
  return pinnedBudgetBytes === undefined ? {} : { pinnedBudgetBytes };
}
