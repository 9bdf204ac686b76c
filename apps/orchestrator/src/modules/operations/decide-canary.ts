import type { CanaryOutcome, CanaryVerdict, ErrorReport } from '@underware/core';
import { judgeCanary } from '../upgrades/judge-canary.js';
import { standingAt } from './barrier.js';
import type { CanaryStanding, HostStanding, Move, Situation } from './situation.js';

/**
 * What an update does next that is tried on a few hosts first: it measures what the old version does there, brings them the new
 * one, watches it, and waits for the others of the same upgrade. What goes wrong meanwhile takes it back by itself. Pure.
 */
export function decideCanary(
  situation: Situation,
  canary: CanaryStanding,
  phase: 'measuring' | 'canary' | 'watching',
): Move {
  const { barrier } = situation;
  if (phase === 'canary') {
    if (barrier === null) return { kind: 'ask', phase };
    const standing = standingAt(situation, barrier, phase);
    if (standing === 'pending') return { kind: 'wait' };
    if (standing !== 'reached') return { kind: 'turn-back', error: standing };
    return { kind: 'observe', phase: 'watching' };
  }
  if (canary.judged !== undefined) return goTogether(canary, canary.judged);
  if (canary.since === undefined) return { kind: 'observe', phase };
  const isOver = windowIsOver(canary, canary.since, situation.now);
  const silent = silentOf(situation, canary, canary.since);
  if (phase === 'measuring') {
    if (silent) return { kind: 'fail', error: silent };
    return isOver ? { kind: 'ask', phase: 'canary' } : { kind: 'wait' };
  }
  const broken = silent ?? brokenOf(canary);
  if (broken) return { kind: 'turn-back', error: broken };
  const verdict = judgeCanary(canary.figures, canary.band, isOver);
  if (verdict.outcome === 'outside') return { kind: 'turn-back', error: outsideOf(canary, verdict), verdict };
  return isOver ? { kind: 'judge', verdict } : { kind: 'wait' };
}

/** To the other hosts when all were judged, none was outside, and one was seen at all. */
function goTogether(canary: CanaryStanding, own: CanaryOutcome): Move {
  const { others, plugin } = canary;
  const back = others.find(({ state }) => state === 'turned back');
  if (back)
    return {
      kind: 'turn-back',
      error: turnedBack(plugin, `${back.service}, which tries it as well, is taken back`),
    };
  if (others.some(({ state }) => state === 'on its way')) return { kind: 'wait' };
  const seen = own === 'inside' || others.some(({ outcome }) => outcome === 'inside');
  if (seen) return { kind: 'ask', phase: 'conditioning' };
  const error = turnedBack(plugin, `no instance on its hosts judged ${canary.band.minPackets} packets`);
  return {
    kind: 'turn-back',
    error: {
      ...error,
      remedy: 'Take hosts with traffic, a longer --window or a lower --min-packets; or do without a canary',
    },
  };
}

/** Its time has passed, and every host has said since what it counted. */
function windowIsOver({ hosts, band }: CanaryStanding, since: number, now: number): boolean {
  const end = since + band.windowSeconds * 1_000;
  return now >= end && hosts.every(({ lastHeartbeatAt }) => (lastHeartbeatAt?.getTime() ?? 0) >= end);
}

/** A host that beat no more. */
function silentOf(
  { now, listeningSince, timings }: Situation,
  { hosts }: CanaryStanding,
  since: number,
): ErrorReport | undefined {
  const heardOf = ({ lastHeartbeatAt }: HostStanding): number =>
    Math.max(lastHeartbeatAt?.getTime() ?? 0, listeningSince, since);
  const silent = hosts.find((host) => now - heardOf(host) > timings.hostSilenceMs);
  if (silent === undefined) return undefined;
  return {
    code: 'HOST_UNREACHABLE',
    attempted: 'observe the canary',
    on: silent.name,
    why: `its agent was last heard of ${silent.lastHeartbeatAt ? `at ${silent.lastHeartbeatAt.toISOString()}` : 'never'}`,
    remedy: 'Start its agent and retry, or roll back',
  };
}

/** A host on which the service does not stand any more. */
function brokenOf({ hosts }: CanaryStanding): ErrorReport | undefined {
  const broken = hosts.find(({ slice }) => slice?.stage === 'failed');
  return broken?.slice?.error && { ...broken.slice.error, on: `${broken.name}: ${broken.slice.error.on}` };
}

function outsideOf({ plugin, hosts }: CanaryStanding, { figures }: CanaryVerdict): ErrorReport {
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  const lines = figures.map(
    ({ host, instance, outcome, reason }) =>
      `${instance} on ${names.get(host) ?? host}: ${outcome}: ${reason}`,
  );
  const worst = figures.find(({ outcome }) => outcome === 'outside');
  const where = worst && `${worst.instance} on ${names.get(worst.host) ?? worst.host}`;
  return { ...turnedBack(plugin, `${where ?? ''}: ${worst?.reason ?? ''}`), detail: lines.join('\n') };
}

function turnedBack(plugin: string, why: string): ErrorReport {
  return {
    code: 'CANARY_OUTSIDE',
    attempted: 'try the new version',
    on: plugin,
    why,
    remedy:
      'The hosts are back to the old version: mend the plugin, or widen the band where the change is wanted',
  };
}
