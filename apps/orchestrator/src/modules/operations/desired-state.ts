import type { DesiredInstance, DesiredSlice, HostState } from '@underware/core';
import type { Held, LivePlan, Records } from '@underware/store';
import { sliceOn } from './slice-on-host.js';

/** What a host must be: the slices of all live service instances that have one there. */
export function hostState(
  host: string,
  generation: number,
  live: LivePlan[],
  held: DesiredInstance[] = [],
): HostState {
  const slices = live.flatMap((each): DesiredSlice[] => {
    const slice = sliceOn(host, each);
    return slice ? [{ service: each.service, stage: each.stage, slice }] : [];
  });
  return { host, generation, slices, ...(held.length === 0 ? {} : { held }) };
}

/**
 * Gives the hosts new desired states from the service instances as they are in this transaction. Their rows stay locked, so
 * that another operation on the same host sees the outcome of this one. Gives back the new generations, all higher than `above`.
 */
export async function renewDesired(
  records: Records,
  hosts: string[],
  at: Date,
  above = 0,
): Promise<Record<string, number>> {
  const rows = await records.hosts.lockDesired(hosts);
  const live = await records.instances.livePlans();
  const held = await records.residency.held(hosts);
  const generations: Record<string, number> = {};
  for (const { hostId, generation } of rows) {
    const state = hostState(hostId, Math.max(generation, above) + 1, live, heldOn(held, hostId));
    await records.hosts.setDesired(state, at);
    generations[hostId] = state.generation;
  }
  return generations;
}

/** In the order of their keys: the same is the same state. */
function heldOn(held: readonly Held[], host: string): DesiredInstance[] {
  return held
    .filter(({ hostId }) => hostId === host)
    .map(({ instance }) => instance)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Half of what the column holds: whatever a host claims, there is room for its operations of centuries. */
export const HIGHEST_CLAIM = 2 ** 30;

/**
 * A host was told more than this truth knows of: it was restored from a backup, and the agent refuses what is older. Asks for
 * what must be in a generation above the host's. False when it knows the generation, or the claim is absurd.
 */
export async function overtake(records: Records, host: string, claimed: number, at: Date): Promise<boolean> {
  const [row] = await records.hosts.lockDesired([host]);
  if (!row || claimed <= row.generation || claimed > HIGHEST_CLAIM) return false;
  await renewDesired(records, [host], at, claimed);
  return true;
}
