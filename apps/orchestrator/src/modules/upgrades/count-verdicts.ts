import type { CanaryFigures, Plan, VerdictCounts } from '@underware/core';
import type { CountsByHost, Heartbeat } from '@underware/store';

/** An instance that an upgrade replaces: what it is called, and its key by either plan. */
export interface Replaced {
  host: string;
  id: string;
  instance: string;
  keys: { inForce: string; next: string };
}

/** The instances on these hosts whose plugin is another in the next plan. */
export function replacedOn(hosts: readonly string[], inForce: Plan, next: Plan): Replaced[] {
  return hosts.flatMap((host) => {
    const before = new Map(inForce.slices[host]?.instances.map((each) => [each.id, each]));
    return (next.slices[host]?.instances ?? []).flatMap(({ id, key, plugin, underservice, port, hook }) => {
      const old = before.get(id);
      if (old === undefined || old.plugin.digest === plugin.digest) return [];
      const instance = `${underservice} on ${port.slice(port.indexOf('/') + 1)} ${hook}`;
      return [{ host, id, instance, keys: { inForce: old.key, next: key } }];
    });
  });
}

/** What stands on the counters of instances of one plan, by what hosts said last; one that is not there counted nothing. */
export function countVerdicts(
  replaced: readonly Replaced[],
  which: keyof Replaced['keys'],
  beats: ReadonlyMap<string, Heartbeat>,
): CountsByHost {
  const counts: CountsByHost = {};
  for (const { host, id, keys } of replaced) {
    const seen = beats.get(host)?.instances.find(({ key }) => key === keys[which]);
    const verdicts = Object.entries(seen?.verdicts ?? {}).map(([name, { packets }]) => [name, packets]);
    (counts[host] ??= {})[id] = Object.fromEntries(verdicts);
  }
  return counts;
}

/** What was counted since. Counters that are lower than they were began anew: all that stands on them came since. */
export function countedSince(from: CountsByHost, now: CountsByHost): CountsByHost {
  return mapCounts(now, (host, id, counts) => {
    const before = from[host]?.[id] ?? {};
    const beganAnew = Object.entries(before).some(([verdict, packets]) => (counts[verdict] ?? 0) < packets);
    if (beganAnew) return counts;
    return Object.fromEntries(
      Object.entries(counts).map(([verdict, packets]) => [verdict, packets - (before[verdict] ?? 0)]),
    );
  });
}

export function figuresOf(
  replaced: readonly Replaced[],
  before: CountsByHost,
  after: CountsByHost,
): CanaryFigures[] {
  return replaced.map(({ host, id, instance }) => ({
    host,
    instance,
    before: before[host]?.[id] ?? {},
    after: after[host]?.[id] ?? {},
  }));
}

function mapCounts(
  counts: CountsByHost,
  change: (host: string, id: string, counts: VerdictCounts) => VerdictCounts,
): CountsByHost {
  return Object.fromEntries(
    Object.entries(counts).map(([host, byId]) => [
      host,
      Object.fromEntries(Object.entries(byId).map(([id, each]) => [id, change(host, id, each)])),
    ]),
  );
}
