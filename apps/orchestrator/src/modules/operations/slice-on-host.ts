import type { DesiredWorkload, HostSlice, Plan } from '@underware/core';
import type { LivePlan } from '@underware/store';

/** A service by its plan in force, and by the one that it moves to. */
export type Moving = Pick<LivePlan, 'plan' | 'change'>;

/** What hosts must be of a service now, by host id. */
export function slicesNow(service: Moving): [string, HostSlice][] {
  const { plan, change } = service;
  const hosts = change === undefined ? Object.keys(plan.slices) : concernedHosts(plan, change.plan);
  return hosts.flatMap((host): [string, HostSlice][] => {
    const slice = sliceOn(host, service);
    return slice === undefined ? [] : [[host, slice]];
  });
}

/**
 * What a host must be of a service. While that moves to another plan, a host is asked for the one or the other; and for as
 * long as not every host is conditioned for it, only those VNFs run that are the same in both.
 */
export function sliceOn(host: string, { plan, change }: Moving): HostSlice | undefined {
  if (change === undefined) return plan.slices[host];
  const slice = (change.hosts.includes(host) ? change.plan : plan).slices[host];
  if (slice === undefined || change.vnfs === 'all') return slice;
  const both = [plan, change.plan].map((each) => revisionsOn(host, each));
  return {
    ...slice,
    workloads: slice.workloads.filter((each) => both.every((known) => known.has(revisionOf(each)))),
  };
}

/** Whether both plans have the same VNFs on the same hosts: then none of them stops or starts on the way. */
export function sameVnfs(a: Plan, b: Plan): boolean {
  return concernedHosts(a, b).every((host) => {
    const [one, other] = [revisionsOn(host, a), revisionsOn(host, b)];
    return one.size === other.size && [...one].every((each) => other.has(each));
  });
}

/** Ids of all hosts that either plan has something on, in order. */
export function concernedHosts(a: Plan, b: Plan): string[] {
  return [...new Set([...Object.keys(a.slices), ...Object.keys(b.slices)])].sort();
}

function revisionsOn(host: string, { slices }: Plan): Set<string> {
  return new Set(slices[host]?.workloads.map(revisionOf));
}

function revisionOf({ key, revision }: DesiredWorkload): string {
  return `${key} ${revision}`;
}
