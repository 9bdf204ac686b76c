import type { DesiredSlice, HostState } from '@underware/core';
import type { LivePlan, Records } from '@underware/store';

/** What a host must be: the slices of all live service instances that have one there. */
export function hostState(host: string, generation: number, live: LivePlan[]): HostState {
  const slices = live.flatMap(({ service, stage, plan }): DesiredSlice[] => {
    const slice = plan.slices[host];
    return slice ? [{ service, stage, slice }] : [];
  });
  return { host, generation, slices };
}

/**
 * Gives the hosts new desired states from the service instances as they are in this transaction. Their rows stay locked, so
 * that another operation on the same host sees the outcome of this one. Gives back the new generations.
 */
export async function renewDesired(
  records: Records,
  hosts: string[],
  at: Date,
): Promise<Record<string, number>> {
  const rows = await records.hosts.lockDesired(hosts);
  const live = await records.instances.livePlans();
  const generations: Record<string, number> = {};
  for (const { hostId, generation } of rows) {
    const state = hostState(hostId, generation + 1, live);
    await records.hosts.setDesired(state, at);
    generations[hostId] = state.generation;
  }
  return generations;
}
