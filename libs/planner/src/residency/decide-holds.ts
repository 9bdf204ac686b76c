import type { DesiredInstance, ResidencyPolicy } from '@underware/core';
import { Demand } from './demand.js';
import type { HoldDecision } from './demand.js';
import { costsOf } from './residency-costs.js';
import type { Footprint } from './residency-costs.js';

/** A plugin instance was used; `to` is undefined while it is. */
export interface PastUse {
  key: string;
  revision: string;
  digest: string;
  /** Seconds, on any clock. */
  from: number;
  to?: number;
}

/** What is known of a host when instances lose their users. */
export interface HostDemand {
  /** What the operator wants of the host, whatever descriptors ask. */
  policy: 'as-asked' | 'dynamic' | 'persistent';
  /** For everything that is loaded, in use or not; undefined: as much as there is. */
  budgetBytes?: number;
  uses: readonly PastUse[];
  /** By the plugin's digest. */
  footprintOf(digest: string): Footprint;
  /** What is held already. */
  held: readonly { key: string; revision: string; digest: string; persistent: boolean }[];
}

export interface Hold {
  instance: DesiredInstance;
  /** Seconds from now; undefined: for as long as its descriptor and its plugin are there. */
  seconds?: number;
  reason: string;
}

export interface HoldPlan {
  hold: Hold[];
  /** Instances that are unloaded with their user, with the reason. */
  drop: { key: string; reason: string }[];
  /** Keys of what was held and has to make room. */
  makeRoom: string[];
}

/**
 * What becomes of instances whose service goes at `now`. What is asked to be persistent stays, one for each that the
 * service had; what shares state with its service goes with it; `auto` stays for as long as the history of uses says it pays; then all of it within the host's budget,
 * what is least likely to save a load for its memory first out.
 */
export function decideHolds(
  released: readonly { instance: DesiredInstance; asked: ResidencyPolicy }[],
  host: HostDemand,
  now: number,
): HoldPlan {
  const { demand, copyOf, decisions } = replay(
    host,
    new Set(released.map(({ instance }) => instance.key)),
    now,
  );
  const plan: HoldPlan = { hold: [], drop: [], makeRoom: [] };
  const persistent = new Map<string, number>();
  for (const { revision } of host.held.filter((each) => each.persistent)) add(persistent, revision, 1);
  const most = new Map<string, number>();
  for (const { instance } of released) add(most, instance.revision, 1);
  for (const { instance, asked } of released) {
    const { key, revision } = instance;
    const wanted = host.policy === 'as-asked' ? asked : host.policy;
    const by = host.policy === 'as-asked' ? 'as written' : 'as the host wants it of all';
    if (instance.stateOwner !== undefined) {
      plan.drop.push({ key, reason: 'it shares state with its service alone: no other can take it over' });
    } else if (wanted === 'dynamic') {
      plan.drop.push({ key, reason: `dynamic, ${by}` });
    } else if (wanted === 'persistent' && (persistent.get(revision) ?? 0) < (most.get(revision) ?? 0)) {
      add(persistent, revision, 1);
      plan.hold.push({ instance, reason: `persistent, ${by}` });
    } else {
      const decision = decisions.get(key);
      const reason = reasonOf(decision, host.footprintOf(instance.plugin.digest));
      if (decision === undefined || decision.seconds <= 0) plan.drop.push({ key, reason });
      else plan.hold.push({ instance, seconds: decision.seconds, reason });
    }
  }
  fit(plan, host, (key) => demand.worth(copyOf.get(key) ?? ''));
  return plan;
}

/** Keys of what is held and has to go so that a host's budget holds, what is worth least first. */
export function overBudget(host: HostDemand, now: number): string[] {
  return decideHolds([], host, now).makeRoom;
}

/** Feeds the uses in order; users take the lowest copy of a revision that is free, as the simulation has it. */
function replay(
  { uses, footprintOf }: HostDemand,
  released: ReadonlySet<string>,
  now: number,
): { demand: Demand; copyOf: Map<string, string>; decisions: Map<string, HoldDecision> } {
  const demand = new Demand();
  const users = new Map<string, number>();
  const copyOf = new Map<string, string>();
  const decisions = new Map<string, HoldDecision>();
  const moments = uses
    .flatMap((use) => [
      { at: use.from, begins: true, use },
      ...(use.to === undefined ? [] : [{ at: Math.max(use.to, use.from), begins: false, use }]),
    ])
    .sort(
      (a, b) => a.at - b.at || Number(a.begins && a.use.to !== a.at) - Number(b.begins && b.use.to !== b.at),
    );
  for (const { at, begins, use } of moments) {
    const level = users.get(use.revision) ?? 0;
    const copy = `${use.revision} #${begins ? level + 1 : level}`;
    add(users, use.revision, begins ? 1 : -1);
    if (begins) {
      demand.used(copy, costsOf(footprintOf(use.digest)), at);
      continue;
    }
    const decision = demand.released(copy, at);
    copyOf.set(use.key, copy);
    if (at === now && released.has(use.key)) decisions.set(use.key, decision);
  }
  return { demand, copyOf, decisions };
}

/** What is in use is not ours to unload: only what is idle makes room, what may go by itself first. */
function fit(plan: HoldPlan, host: HostDemand, worth: (key: string) => number): void {
  if (host.budgetBytes === undefined) return;
  const bytesOf = (digest: string): number => host.footprintOf(digest).memoryBytes;
  const idle = [
    ...host.held.map(({ key, digest, persistent }) => ({
      key,
      bytes: bytesOf(digest),
      persistent,
      isNew: false,
    })),
    ...plan.hold.map(({ instance: { key, plugin }, seconds }) => ({
      key,
      bytes: bytesOf(plugin.digest),
      persistent: seconds === undefined,
      isNew: true,
    })),
  ].sort(
    (a, b) =>
      Number(a.persistent) - Number(b.persistent) || worth(a.key) - worth(b.key) || (a.key < b.key ? -1 : 1),
  );
  const inUse = host.uses
    .filter(({ to }) => to === undefined)
    .reduce((sum, { digest }) => sum + bytesOf(digest), 0);
  let over = inUse + idle.reduce((sum, { bytes }) => sum + bytes, 0) - host.budgetBytes;
  for (const { key, bytes, isNew } of idle) {
    if (over <= 0) return;
    over -= bytes;
    if (!isNew) plan.makeRoom.push(key);
    else {
      plan.hold = plan.hold.filter(({ instance }) => instance.key !== key);
      plan.drop.push({ key, reason: `it does not fit into the host's budget of ${host.budgetBytes} bytes` });
    }
  }
}

function reasonOf(decision: HoldDecision | undefined, footprint: Footprint): string {
  if (decision === undefined) return 'auto: nothing is known of its uses';
  const { seconds, ownGaps, otherGaps } = decision;
  const even = costsOf(footprint).breakEvenSeconds;
  const cost = `holding ${(footprint.memoryBytes / 2 ** 20).toFixed(2)} MiB costs as much as loading again (${footprint.loadMilliseconds.toFixed(1)} ms) after ${even.toFixed(0)} s`;
  const known =
    ownGaps + otherGaps === 0
      ? 'no gap between uses is known yet'
      : `learnt of ${ownGaps} gaps between its uses and ${otherGaps} of others`;
  return seconds > 0
    ? `auto: held ${seconds.toFixed(0)} s; ${cost}; ${known}`
    : `auto: unloaded at once; ${cost}; ${known}`;
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
