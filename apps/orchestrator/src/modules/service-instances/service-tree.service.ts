import { Injectable } from '@nestjs/common';
import { directionOf, HOOKS } from '@underware/core';
import type { DesiredInstance, HostSlice, Plan } from '@underware/core';
import { Truth } from '@underware/store';
import type { Heartbeat } from '@underware/store';
import { found } from '../../not-found.js';
import type { ChainDto, HopDto, ServiceInstanceTree, WorkloadDto } from './service-instances.dto.js';

/** Puts what was planned and what hosts last said side by side. */
@Injectable()
export class ServiceTreeService {
  constructor(private readonly truth: Truth) {}

  async get(id: string): Promise<ServiceInstanceTree> {
    const row = found(await this.truth.instances.find(id), 'service instance', id);
    const plan = row.planId === null ? null : await this.truth.instances.plan(row.planId);
    const hostIds = Object.keys(plan?.slices ?? {});
    const [open, hosts, telemetry] = await Promise.all([
      this.truth.operations.openOf(id),
      this.truth.hosts.findMany(hostIds),
      this.truth.hosts.telemetry(hostIds),
    ]);
    const names = new Map(hosts.map((host) => [host.id, host.name]));
    const beats = new Map(telemetry.map(({ hostId, body }) => [hostId, body]));
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      nsState: row.nsState,
      nsdId: row.nsdId,
      ...(open ? { operation: open.id } : {}),
      inputs: row.inputs,
      ...(row.graph ? { graph: row.graph } : {}),
      placements: (plan?.placements ?? []).map((placement) => ({
        ...placement,
        hostName: names.get(placement.host) ?? placement.host,
      })),
      chains: slicesOf(plan).flatMap(([host, slice]) =>
        chainsOfSlice(slice, beats.get(host)).map((chain) => ({
          host,
          hostName: names.get(host) ?? host,
          ...chain,
        })),
      ),
      workloads: slicesOf(plan).flatMap(([host, slice]) =>
        workloadsOfSlice(id, slice, beats.get(host)).map((workload) => ({
          ...workload,
          host,
          hostName: names.get(host) ?? host,
        })),
      ),
    };
  }
}

function slicesOf(plan: Plan | null): [string, HostSlice][] {
  return Object.entries(plan?.slices ?? {});
}

function chainsOfSlice(slice: HostSlice, beat: Heartbeat | undefined): Omit<ChainDto, 'host' | 'hostName'>[] {
  return slice.ports.flatMap((port) =>
    HOOKS.flatMap((hook) => {
      const instances = slice.instances
        .filter((each) => each.port === port.key && each.hook === hook)
        .sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1));
      if (instances.length === 0) return [];
      const observed = beat?.chains.find(
        (chain) => chain.device === port.device && chain.hook === hook,
      )?.hops;
      const seen = new Set((observed ?? []).map((hop) => (hop.kind === 'instance' ? hop.key : '')));
      return {
        port: port.key.slice(port.key.indexOf('/') + 1),
        device: port.device,
        hook,
        direction: directionOf(port.kind, hook),
        hops: instances.map((instance) => hopOf(instance, seen.has(instance.key), beat)),
        ...(observed ? { observed } : {}),
      };
    }),
  );
}

function hopOf(instance: DesiredInstance, present: boolean, beat: Heartbeat | undefined): HopDto {
  const figures = beat?.instances.find(({ key }) => key === instance.key);
  return {
    key: instance.key,
    underservice: instance.underservice,
    plugin: `${instance.plugin.name}@${instance.plugin.version}`,
    program: instance.program,
    order: instance.order,
    residency: instance.residency,
    present,
    verdicts: figures?.verdicts ?? {},
    ...(figures?.runTime ? { runTime: figures.runTime } : {}),
    maps: figures?.maps ?? {},
  };
}

function workloadsOfSlice(
  service: string,
  slice: HostSlice,
  beat: Heartbeat | undefined,
): Omit<WorkloadDto, 'host' | 'hostName'>[] {
  return slice.workloads.map((workload) => {
    const seen = beat?.workloads.find((each) => each.service === service && each.key === workload.key);
    const ports = slice.ports.filter(({ peer }) => peer?.namespace === workload.namespace);
    return {
      vnf: workload.vnf,
      runtime: workload.runtime,
      addresses: ports.flatMap(({ peer }) => peer?.addresses ?? []),
      state: seen?.state ?? (beat ? 'absent' : 'unknown'),
      health: seen?.health ?? 'none',
      ...(seen ? { handle: seen.handle } : {}),
      ...(seen?.exitCode === undefined ? {} : { exitCode: seen.exitCode }),
    };
  });
}
