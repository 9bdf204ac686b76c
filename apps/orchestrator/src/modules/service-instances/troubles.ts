import type { HostSlice } from '@underware/core';
import type { Readiness } from '../hosts/host-readiness.js';
import { chainsOf, workloadsOf } from './present-slice.js';
import type { Seen } from './present-slice.js';

/** A host with its part of a service instance. */
export interface Part {
  hostName: string;
  readiness: Readiness;
  slice: HostSlice;
  seen: Seen;
}

/** What of a running service instance is not as it must be, in words; of a host that is silent nothing else is known. */
export function troublesOf(service: string, parts: readonly Part[]): string[] {
  const silent = parts.filter(({ readiness }) => !readiness.ready);
  const heard = parts.filter(({ readiness }) => readiness.ready);
  const vnfs = heard.flatMap(({ slice, seen }) => workloadsOf(service, slice, seen));
  const count = parts.reduce((sum, { slice }) => sum + slice.workloads.length, 0);
  const down = vnfs.filter(({ state }) => state === 'exited' || state === 'absent');
  const sick = vnfs.filter(({ state, health }) => state === 'running' && health === 'unhealthy');
  const restarts = down.reduce((most, { restarts = 0 }) => Math.max(most, restarts), 0);
  const broken = heard.flatMap(({ slice, seen }) =>
    chainsOf(slice, seen).flatMap(({ hops }) => hops.filter(({ present }) => !present)),
  );
  return [
    ...silent.map(({ hostName, readiness }) => `${hostName}: ${readiness.reason ?? 'not ready'}`),
    ...(down.length === 0
      ? []
      : [
          `${down.length} of ${count} VNFs down${restarts === 0 ? '' : `, restarted ${restarts === 1 ? 'once' : `${restarts} times`}`}`,
        ]),
    ...(sick.length === 0 ? [] : [`${sick.length} of ${count} VNFs unhealthy`]),
    ...(broken.length === 0 ? [] : [`${broken.length} plugin instances not in their chains`]),
  ];
}
