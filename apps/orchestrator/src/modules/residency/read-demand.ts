import type { Footprint, HostDemand } from '@underware/planner';
import type { Records } from '@underware/store';

/** History that decisions are made by. */
const HISTORY_MS = 90 * 86_400_000;
/** Where nothing was measured yet. */
const ASSUMED: Footprint = { memoryBytes: 2 ** 20, loadMilliseconds: 20 };

/** What is known of a host's plugins, their cost and their uses. */
export async function readDemand(records: Records, host: string, now: Date): Promise<HostDemand> {
  const { policy, budgetBytes } = await records.residency.policyOf(host);
  const uses = await records.residency.uses(host, new Date(now.getTime() - HISTORY_MS));
  const held = await records.residency.held([host]);
  const loadTimes = await records.residency.loadTimes(host);
  const { plugins } = await records.plugins.catalog();
  const [telemetry] = await records.hosts.telemetry([host]);
  const digests = new Map([
    ...uses.map(({ key, digest }) => [key, digest] as const),
    ...held.map(({ key, instance }) => [key, instance.plugin.digest] as const),
  ]);
  // What the kernel charges goes above what the object lets expect.
  const memory = new Map([
    ...plugins.map(({ digest, requirements }) => [digest, requirements.memoryBytes] as const),
    ...(telemetry?.body.instances ?? []).flatMap(({ key, memoryBytes }) =>
      memoryBytes === undefined ? [] : [[digests.get(key) ?? '', memoryBytes] as const],
    ),
  ]);
  return {
    policy,
    ...(budgetBytes === null ? {} : { budgetBytes }),
    uses: uses.map(({ key, revision, digest, beganAt, endedAt }) => ({
      key,
      revision,
      digest,
      from: seconds(beganAt),
      ...(endedAt === null ? {} : { to: seconds(endedAt) }),
    })),
    footprintOf: (digest) => ({
      memoryBytes: memory.get(digest) ?? ASSUMED.memoryBytes,
      loadMilliseconds: Math.max(1, loadTimes.get(digest) ?? ASSUMED.loadMilliseconds),
    }),
    held: held.map(({ key, instance: { revision, plugin }, until }) => ({
      key,
      revision,
      digest: plugin.digest,
      persistent: until === null,
    })),
  };
}

function seconds(moment: Date): number {
  return moment.getTime() / 1000;
}
