import { Injectable } from '@nestjs/common';
import type { Plan, ServiceGraph } from '@underware/core';
import { plan, serviceAddresses } from '@underware/planner';
import type { Records } from '@underware/store';
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
    const live = await records.instances.livePlans();
    const byHost = new Map(telemetry.map((row) => [row.hostId, row]));
    const { hostSilenceMs } = this.configuration.timings;
    const inventory = {
      hosts: hosts.map((host) =>
        inventoryHost(host, byHost.get(host.id), now, this.uptime.since, hostSilenceMs),
      ),
    };
    const takenAddresses = live.flatMap(({ plan }) => [...serviceAddresses(plan).values()].flat());
    const options = { planId: randomUUID(), service, takenAddresses };
    return plan(graph, inventory, catalog, options, new Date(now).toISOString());
  }
}
