import { Injectable } from '@nestjs/common';
import type { HostSlice } from '@underware/core';
import { Truth } from '@underware/store';
import type { ServiceInstanceRow } from '@underware/store';
import { Configuration } from '../../configuration.js';
import { found } from '../../not-found.js';
import { Uptime } from '../../uptime.js';
import { readinessOf } from '../hosts/host-readiness.js';
import { slicesNow } from '../operations/slice-on-host.js';
import type { Moving } from '../operations/slice-on-host.js';
import { chainsOf, seenOf, workloadsOf } from './present-slice.js';
import type { ServiceInstanceSummary, ServiceInstanceTree } from './service-instances.dto.js';
import { troublesOf } from './troubles.js';
import type { Part } from './troubles.js';

/** Puts what was planned and what hosts last said side by side. */
@Injectable()
export class ServiceTreeService {
  constructor(
    private readonly truth: Truth,
    private readonly uptime: Uptime,
    private readonly configuration: Configuration,
  ) {}

  async list(): Promise<ServiceInstanceSummary[]> {
    const [rows, live, hosts, telemetry] = await Promise.all([
      this.truth.instances.list(),
      this.truth.instances.livePlans(),
      this.truth.hosts.list(),
      this.truth.hosts.telemetry(),
    ]);
    const moving = new Map(live.map((each) => [each.service, each]));
    const hostById = new Map(hosts.map((host) => [host.id, host]));
    const beats = new Map(telemetry.map(({ hostId, body }) => [hostId, body]));
    const { hostSilenceMs } = this.configuration.timings;
    const now = Date.now();
    const partsOf = (service: string): Part[] =>
      slicesOf(moving.get(service)).flatMap(([id, slice]) => {
        const host = hostById.get(id);
        if (!host) return [];
        const readiness = readinessOf(host, now, this.uptime.since, hostSilenceMs);
        return { hostName: host.name, readiness, slice, seen: seenOf(service, beats.get(id), host.report) };
      });
    return rows.map(({ id, name, nsState }) => ({
      id,
      name,
      nsState,
      troubles: nsState === 'INSTANTIATED' ? troublesOf(id, partsOf(id)) : [],
    }));
  }

  async get(id: string): Promise<ServiceInstanceTree> {
    const row = found(await this.truth.instances.find(id), 'service instance', id);
    const service = await this.moving(row);
    const slices = slicesOf(service);
    const hostIds = slices.map(([host]) => host);
    const [open, hosts, telemetry] = await Promise.all([
      this.truth.operations.openOf(id),
      this.truth.hosts.findMany(hostIds),
      this.truth.hosts.telemetry(hostIds),
    ]);
    const names = new Map(hosts.map((host) => [host.id, host.name]));
    const beats = new Map(telemetry.map(({ hostId, body }) => [hostId, body]));
    const seen = new Map(hosts.map((host) => [host.id, seenOf(id, beats.get(host.id), host.report)]));
    const seenOn = (host: string) => seen.get(host) ?? seenOf(id, undefined, undefined);
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      nsState: row.nsState,
      nsdId: row.nsdId,
      ...(open ? { operation: open.id } : {}),
      inputs: row.inputs,
      ...(row.graph ? { graph: row.graph } : {}),
      placements: (service?.plan.placements ?? []).map((placement) => ({
        ...placement,
        hostName: names.get(placement.host) ?? placement.host,
      })),
      chains: slices.flatMap(([host, slice]) =>
        chainsOf(slice, seenOn(host)).map((chain) => ({
          host,
          hostName: names.get(host) ?? host,
          ...chain,
        })),
      ),
      workloads: slices.flatMap(([host, slice]) =>
        workloadsOf(id, slice, seenOn(host)).map((workload) => ({
          ...workload,
          host,
          hostName: names.get(host) ?? host,
        })),
      ),
    };
  }

  private async moving({ id, planId }: ServiceInstanceRow): Promise<Moving | undefined> {
    const { instances } = this.truth;
    const plan = planId === null ? null : await instances.plan(planId);
    if (plan === null) return undefined;
    const change = await instances.change(id);
    const next = change === null ? null : await instances.plan(change.planId);
    if (change === null || next === null) return { plan };
    return { plan, change: { plan: next, hosts: change.hosts, vnfs: change.vnfs } };
  }
}

function slicesOf(service: Moving | undefined): [string, HostSlice][] {
  return service === undefined ? [] : slicesNow(service);
}
