import { replaceVersion } from '@underware/planner';
import type { Records } from '@underware/store';
import { upgradeOf } from './upgrade-params.js';

/**
 * What hosts hold of other versions of an upgraded plugin: what stays for good becomes the new version, the rest is let go.
 * Gives back the hosts that hold something else by that.
 */
export async function renewHeld(records: Records, params: Record<string, unknown>): Promise<string[]> {
  const upgrade = upgradeOf(params);
  if (upgrade?.everywhere !== true) return [];
  const row = await records.plugins.find(upgrade.digest);
  const hosts = new Set<string>();
  for (const held of await records.residency.held()) {
    const { hostId, key, instance, until } = held;
    if (instance.plugin.name !== upgrade.name || instance.plugin.digest === upgrade.digest) continue;
    hosts.add(hostId);
    await records.residency.drop(hostId, [key]);
    const renewed = row === null || until !== null ? undefined : replaceVersion(instance, row);
    if (renewed === undefined) continue;
    const memoryBytes = row?.requirements.memoryBytes ?? held.memoryBytes;
    await records.residency.hold({ ...held, key: renewed.key, instance: renewed, memoryBytes });
  }
  return [...hosts].sort();
}
