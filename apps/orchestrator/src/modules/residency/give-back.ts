import type { Plan } from '@underware/core';
import { decideHolds, overBudget } from '@underware/planner';
import type { Records, ServiceInstanceRow } from '@underware/store';
import { readDemand } from './read-demand.js';

/**
 * A service instance gives back what it has, but for what the plan has that it stays with: its addresses to the pools, its
 * plugin instances to their hosts, which hold what pays. What failed to come up is not held: it may be what failed. What it
 * took over from the persistent ones goes back. Gives back the hosts that hold more than before.
 */
export async function giveBack(
  records: Records,
  service: Pick<ServiceInstanceRow, 'id' | 'nsdId' | 'graph'>,
  plan: Plan,
  at: Date,
  mode: 'hold' | 'drop',
  keep?: Plan,
): Promise<string[]> {
  await (keep === undefined ? records.assignments.release(service.id) : records.assignments.take(keep));
  await records.residency.end(service.id, at, keep);
  const holding: string[] = [];
  const asked = new Map(service.graph?.underservices.map(({ name, residency }) => [name, residency]));
  for (const [host, { instances }] of Object.entries(plan.slices)) {
    if ((await records.hosts.find(host)) === null) continue;
    const borrowed = await persistentUses(records, host, at);
    if (mode === 'drop' && borrowed.size === 0) continue;
    const demand = await readDemand(records, host, at);
    const kept = new Set(keep?.slices[host]?.instances.map(({ key }) => key));
    const released = instances
      .filter(({ key }) => !kept.has(key) && (mode === 'hold' || borrowed.has(key)))
      .map((instance) => ({
        instance,
        asked: borrowed.has(instance.key)
          ? ('persistent' as const)
          : (asked.get(instance.underservice) ?? instance.residency),
      }));
    const { hold, makeRoom: keys } = decideHolds(released, demand, at.getTime() / 1000);
    await records.residency.drop(host, keys);
    if (hold.length > 0) holding.push(host);
    for (const { instance, seconds, reason } of hold) {
      await records.residency.hold({
        hostId: host,
        key: instance.key,
        nsdId: borrowed.get(instance.key) ?? service.nsdId,
        instance,
        memoryBytes: demand.footprintOf(instance.plugin.digest).memoryBytes,
        since: at,
        until: seconds === undefined ? null : new Date(at.getTime() + seconds * 1000),
        reason,
      });
    }
  }
  return holding;
}

/** What was taken over from those that stay for good, just given back: by key, the descriptor that it stays for. */
async function persistentUses(records: Records, host: string, at: Date): Promise<Map<string, string | null>> {
  const uses = await records.residency.uses(host, at);
  return new Map(
    uses
      .filter(({ persistent, endedAt }) => persistent && endedAt !== null)
      .map(({ key, nsdId }) => [key, nsdId]),
  );
}

/** What is held makes room for what is in use. */
export async function makeRoom(records: Records, hosts: readonly string[], at: Date): Promise<void> {
  for (const host of hosts) {
    const { budgetBytes } = await records.residency.policyOf(host);
    if (budgetBytes === null) continue;
    await records.residency.drop(host, overBudget(await readDemand(records, host, at), at.getTime() / 1000));
  }
}
