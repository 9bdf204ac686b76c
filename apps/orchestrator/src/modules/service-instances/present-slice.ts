import { directionOf, HOOKS } from '@underware/core';
import type { DesiredInstance, DesiredWorkload, HostSlice, ObservedWorkload } from '@underware/core';
import type { Heartbeat, HostReportRow } from '@underware/store';
import type { ChainDto, HopDto, WorkloadDto } from './service-instances.dto.js';

/** What a host said of itself. */
export interface Seen {
  /** What it last saw. */
  beat: Heartbeat | undefined;
  /** What it has made of the slice since then: that is there all the same, though it was not seen. */
  since: 'conditioned' | 'running' | undefined;
}

/** Both times are by the clock of the host. */
export function seenOf(
  service: string,
  beat: Heartbeat | undefined,
  report: Pick<HostReportRow, 'slices' | 'at'> | null | undefined,
): Seen {
  const stage = report?.slices.find((slice) => slice.service === service)?.stage;
  const isBehind = beat !== undefined && new Date(beat.at) < (report?.at ?? 0);
  const isMade = stage === 'conditioned' || stage === 'running';
  return { beat, since: isBehind && isMade ? stage : undefined };
}

/** Its chains, with their live counters. */
export function chainsOf(slice: HostSlice, seen: Seen): Omit<ChainDto, 'host' | 'hostName'>[] {
  const { beat } = seen;
  const isMade = seen.since !== undefined;
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
        hops: instances.map((instance) => hopOf(instance, there.has(instance.key) || isMade, beat)),
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
  { beat, since }: Seen,
): Omit<WorkloadDto, 'host' | 'hostName'>[] {
  return slice.workloads.map((workload) => {
    const last = beat?.workloads.find((each) => each.service === service && each.key === workload.key);
    const isStarted = since === 'running' && last?.revision !== workload.revision;
    const seen = isStarted ? undefined : last;
    const ports = slice.ports.filter(({ peer }) => peer?.namespace === workload.namespace);
    return {
      vnf: workload.vnf,
      runtime: workload.runtime,
      addresses: ports.flatMap(({ peer }) => peer?.addresses ?? []),
      ...(isStarted ? started(workload) : lastSeen(seen, beat && !since ? 'absent' : 'unknown')),
      ...(seen ? { handle: seen.handle } : {}),
      ...(seen?.exitCode === undefined ? {} : { exitCode: seen.exitCode }),
      ...(seen?.restarts === undefined ? {} : { restarts: seen.restarts }),
      ...(seen?.nextTryAt === undefined ? {} : { nextTryAt: seen.nextTryAt }),
    };
  });
}

/** A host says that a slice runs when every workload was started and passed the check that it has. */
function started({ healthCheck }: DesiredWorkload): Pick<WorkloadDto, 'state' | 'health'> {
  return { state: 'running', health: healthCheck ? 'healthy' : 'none' };
}

function lastSeen(
  seen: ObservedWorkload | undefined,
  otherwise: 'absent' | 'unknown',
): Pick<WorkloadDto, 'state' | 'health'> {
  return { state: seen?.state ?? otherwise, health: seen?.health ?? 'none' };
}
