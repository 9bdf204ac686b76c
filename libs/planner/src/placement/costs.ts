import type { HostCost, PlanCosts } from '@underware/core';
import type { Placing } from './place.js';
import type { PlacementInput } from './placement-input.js';
import { reservedBy } from './reserved.js';

/** What a placing takes of every host that it is on, by host id in the order of placing. */
export function costsOf(
  placing: Placing,
  { plugins, index }: Pick<PlacementInput, 'plugins' | 'index'>,
  relaxedBound = 0,
): PlanCosts {
  const hosts: Record<string, HostCost> = {};
  for (const { vnf, host, attachments } of placing.placed) {
    const cost = (hosts[host.id] ??= { cpus: 0, memoryBytes: 0, pinnedBytes: 0, instances: 0, share: 0 });
    cost.cpus = Math.round((cost.cpus + vnf.cpus) * 1000) / 1000;
    cost.memoryBytes += vnf.memoryBytes;
    cost.instances += attachments.length;
    for (const { kind, hook } of attachments) {
      cost.pinnedBytes += plugins.choose(kind, hook, host).chosen?.plugin.requirements.memoryBytes ?? 0;
    }
    const { facts, used } = host;
    cost.share = Math.max(
      (used.cpus + cost.cpus) / facts.cpus,
      (used.memoryBytes + cost.memoryBytes) / facts.memoryBytes,
    );
  }
  for (const [host, reserved] of reservedBy(placing, index)) {
    const cost = hosts[host];
    if (cost !== undefined) cost.reserved = reserved;
  }
  const { peakShare, moved } = placing;
  const boundBy = relaxedBound > placing.boundShare ? 'linear programme' : 'sums';
  const boundShare = Math.min(peakShare, Math.max(placing.boundShare, relaxedBound));
  return { peakShare, boundShare, boundBy, moved, hosts };
}
