import type { DesiredWorkload, HostFacts, HostState, InventoryHost } from '@underware/core';
import type { HostRow, HostTelemetryRow, LivePlan } from '@underware/store';
import { sliceOn } from '../operations/slice-on-host.js';

export interface Readiness {
  ready: boolean;
  reason?: string;
}

/** Whether a host takes work now, and if not, why. */
export function readinessOf(
  host: HostRow,
  now: number,
  listeningSince: number,
  silenceMs: number,
): Readiness {
  if (host.facts === null) return { ready: false, reason: 'its agent has not registered yet' };
  if (host.lastHeartbeatAt === null)
    return { ready: false, reason: 'its agent has not sent a heartbeat yet' };
  const silentFor = now - Math.max(host.lastHeartbeatAt.getTime(), listeningSince);
  if (silentFor <= silenceMs) return { ready: true };
  return { ready: false, reason: `its agent was last heard of at ${host.lastHeartbeatAt.toISOString()}` };
}

/** What service instances placed on a host take, running or about to; but for one of them. */
export function usedBy(state: HostState | undefined, except?: string): { cpus: number; memoryBytes: number } {
  const used = { cpus: 0, memoryBytes: 0 };
  for (const { service, slice } of state?.slices ?? []) {
    if (service === except) continue;
    for (const { cpus, memoryBytes } of slice.workloads) {
      used.cpus += cpus;
      used.memoryBytes += memoryBytes;
    }
  }
  return used;
}

/** What VNFs will take, or take again, of services that move to another plan, beyond what the host is asked for now. */
export function reservedOn(host: string, live: readonly LivePlan[]): { cpus: number; memoryBytes: number } {
  const reserved = { cpus: 0, memoryBytes: 0 };
  for (const each of live) {
    if (each.change === undefined) continue;
    const now = sumOf(sliceOn(host, each)?.workloads);
    const [before, after] = [each.plan, each.change.plan].map((plan) => sumOf(plan.slices[host]?.workloads));
    for (const what of ['cpus', 'memoryBytes'] as const) {
      const most = Math.max(before?.[what] ?? 0, after?.[what] ?? 0);
      reserved[what] += Math.max(0, most - now[what]);
    }
  }
  return reserved;
}

function sumOf(workloads: readonly DesiredWorkload[] = []): { cpus: number; memoryBytes: number } {
  return workloads.reduce(
    (sum, { cpus, memoryBytes }) => ({ cpus: sum.cpus + cpus, memoryBytes: sum.memoryBytes + memoryBytes }),
    { cpus: 0, memoryBytes: 0 },
  );
}

/** Kernel memory of the plugin instances of service instances on a host, but for those of one of them; by plugin's digest. */
export function pinnedBy(
  state: HostState | undefined,
  footprints: ReadonlyMap<string, number>,
  except?: string,
): number {
  return (state?.slices ?? [])
    .filter(({ service }) => service !== except)
    .flatMap(({ slice }) => slice.instances)
    .reduce((sum, { plugin }) => sum + (footprints.get(plugin.digest) ?? 0), 0);
}

/** Plugin instances of service instances on the XDP chains of a host's uplinks, but for those of one of them; by device. */
export function onUplinks(state: HostState | undefined, except?: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, slice } of state?.slices ?? []) {
    if (service === except) continue;
    const devices = new Map(
      slice.ports.filter(({ kind }) => kind === 'uplink').map(({ key, device }) => [key, device]),
    );
    for (const { port, hook } of slice.instances) {
      const device = hook === 'xdp' ? devices.get(port) : undefined;
      if (device !== undefined) counts[device] = (counts[device] ?? 0) + 1;
    }
  }
  return counts;
}

/** A host as planning a service sees it: what that one takes there now counts as free. */
export function inventoryHost(
  host: HostRow,
  telemetry: HostTelemetryRow | undefined,
  now: number,
  listeningSince: number,
  silenceMs: number,
  service: string,
): InventoryHost {
  return {
    id: host.id,
    name: host.name,
    labels: host.labels,
    facts: host.facts ?? UNKNOWN_FACTS,
    ...readinessOf(host, now, listeningSince, silenceMs),
    used: usedBy(host.desired?.state, service),
    foreignPrograms: telemetry?.body.foreign ?? [],
  };
}

/** A host that never registered is listed with nothing, so that planning can say why it was not chosen. */
const UNKNOWN_FACTS: HostFacts = {
  profile: {
    release: '',
    architecture: '',
    programTypes: [],
    mapTypes: [],
    helpers: {},
    kfuncs: [],
    attach: { xdp: false, tcx: false, trampoline: false },
    btf: false,
    jit: false,
    notes: [],
  },
  cpus: 0,
  memoryBytes: 0,
  runtimes: [],
  uplinks: [],
  agentVersion: '',
};
