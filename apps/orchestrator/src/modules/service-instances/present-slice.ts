import { directionOf, HOOKS } from '@underware/core';
import type { DesiredInstance, HostSlice } from '@underware/core';
import type { Heartbeat, HostReportRow } from '@underware/store';
import type { ChainDto, HopDto, WorkloadDto } from './service-instances.dto.js';

/** What a host said of itself. */
export interface Seen {
  /** What it last saw. */
  beat: Heartbeat | undefined;
  /** It has made the slice since then: what was not seen is there all the same. */
  isBehind: boolean;
}

/** Both times are by the clock of the host. */
export function seenOf(
  service: string,
  beat: Heartbeat | undefined,
  report: Pick<HostReportRow, 'slices' | 'at'> | null | undefined,
): Seen {
  const stage = report?.slices.find((slice) => slice.service === service)?.stage;
  const isMade = stage === 'conditioned' || stage === 'running';
  return { beat, isBehind: isMade && beat !== undefined && new Date(beat.at) < (report?.at ?? 0) };
}

/** Its chains, with their live counters. */
export function chainsOf(slice: HostSlice, seen: Seen): Omit<ChainDto, 'host' | 'hostName'>[] {
  const { beat } = seen;
  return slice.ports.flatMap((port) =>
    HOOKS.flatMap((hook) => {
      const instances = slice.instances
        .filter((each) => each.port === port.key && each.hook === hook)
        .sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1));
      if (instances.length === 0) return [];
      const observed = beat?.chains.find(
        (chain) => chain.device === port.device && chain.hook === hook,
      )?.hops;
      const there = new Set((observed ?? []).map((hop) => (hop.kind === 'instance' ? hop.key : '')));
      return {
        port: port.key.slice(port.key.indexOf('/') + 1),
        device: port.device,
        hook,
        direction: directionOf(port.kind, hook),
        hops: instances.map((instance) => hopOf(instance, there.has(instance.key) || seen.isBehind, beat)),
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
    ...(figures?.countsSince ? { countsSince: figures.countsSince } : {}),
    ...(figures?.runTime ? { runTime: figures.runTime } : {}),
    maps: figures?.maps ?? {},
  };
}

/** Its workloads as the host last saw them. */
export function workloadsOf(
  service: string,
  slice: HostSlice,
  { beat, isBehind }: Seen,
): Omit<WorkloadDto, 'host' | 'hostName'>[] {
  return slice.workloads.map((workload) => {
    const seen = beat?.workloads.find((each) => each.service === service && each.key === workload.key);
    const ports = slice.ports.filter(({ peer }) => peer?.namespace === workload.namespace);
    return {
      vnf: workload.vnf,
      runtime: workload.runtime,
      addresses: ports.flatMap(({ peer }) => peer?.addresses ?? []),
      state: seen?.state ?? (beat && !isBehind ? 'absent' : 'unknown'),
      health: seen?.health ?? 'none',
      ...(seen ? { handle: seen.handle } : {}),
      ...(seen?.exitCode === undefined ? {} : { exitCode: seen.exitCode }),
      ...(seen?.restarts === undefined ? {} : { restarts: seen.restarts }),
      ...(seen?.nextTryAt === undefined ? {} : { nextTryAt: seen.nextTryAt }),
    };
  });
}
