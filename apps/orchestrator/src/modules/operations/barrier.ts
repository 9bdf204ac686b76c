import type { ErrorReport } from '@underware/core';
import type { Barrier } from '@underware/store';
import { STAGE_OF } from './situation.js';
import type { AskingPhase, Situation } from './situation.js';

/**
 * How hosts stand to what they were asked: `reached`, `pending`, or why the barrier will not be reached. Pure.
 */
export function standingAt(
  situation: Situation,
  barrier: Barrier,
  phase: AskingPhase,
): 'reached' | 'pending' | ErrorReport {
  const failed = failureOf(situation, phase);
  if (failed) return failed;
  const pending = pendingOf(situation, barrier, phase);
  if (pending.length === 0) return 'reached';
  return overdueOf(situation, barrier, phase, pending) ?? 'pending';
}

/** The first host, by name, that tried what it was asked and failed. */
function failureOf({ hosts, barrier }: Situation, phase: AskingPhase): ErrorReport | undefined {
  const failed = hosts
    .filter(({ id, generation, slice }) => hasAnswered(barrier, id, generation) && slice?.stage === 'failed')
    .sort((a, b) => (a.name < b.name ? -1 : 1))[0];
  if (!failed) return undefined;
  if (failed.slice?.error) return { ...failed.slice.error, on: `${failed.name}: ${failed.slice.error.on}` };
  return {
    code: 'INTERNAL',
    attempted: WORDS[phase],
    on: failed.name,
    why: 'its agent gave no reason',
    remedy: 'Read the log of the agent, then retry or roll back',
  };
}

/** Ids of hosts that are not yet what they were asked to be. */
function pendingOf({ type, hosts }: Situation, barrier: Barrier, phase: AskingPhase): string[] {
  const standing = new Map(hosts.map((host) => [host.id, host]));
  // What an update leaves as it is goes on running.
  const wanted = type === 'UPDATE' ? 'running' : STAGE_OF[phase];
  return Object.keys(barrier.generations)
    .filter((id) => {
      const host = standing.get(id);
      const leaves = barrier.leaving?.includes(id) === true;
      // A host that was removed holds nothing any more.
      if (!host) return !leaves && phase !== 'unconditioning' && phase !== 'stopping';
      if (!hasAnswered(barrier, id, host.generation)) return true;
      return (host.slice?.stage ?? 'absent') !== (leaves ? 'absent' : wanted);
    })
    .sort();
}

function hasAnswered(barrier: Barrier | null, host: string, generation: number): boolean {
  const asked = barrier?.generations[host];
  return asked !== undefined && generation >= asked;
}

/** Why a barrier will not be reached: a host is silent, or beats and takes too long. */
function overdueOf(
  { type, hosts, now, listeningSince, timings }: Situation,
  barrier: Barrier,
  phase: AskingPhase,
  pending: string[],
): ErrorReport | undefined {
  const waited = now - Math.max(Date.parse(barrier.askedAt), listeningSince);
  const standing = new Map(hosts.map((host) => [host.id, host]));
  const silent = pending.find((id) => {
    const last = standing.get(id)?.lastHeartbeatAt?.getTime() ?? 0;
    return now - last > timings.hostSilenceMs;
  });
  if (silent !== undefined && waited > timings.hostSilenceMs) {
    const host = standing.get(silent);
    const last = host?.lastHeartbeatAt?.toISOString();
    return {
      code: 'HOST_UNREACHABLE',
      attempted: WORDS[phase],
      on: host?.name ?? `host ${silent}`,
      why: host
        ? `its agent was last heard of ${last === undefined ? 'never' : `at ${last}`}`
        : 'it was removed',
      remedy: host ? WAYS_OUT[phase] : 'Roll back',
    };
  }
  const barrierMs = { ...timings.barrierMs, canary: timings.barrierMs.conditioning };
  // VNFs that go stop in the same turn.
  const most = type === 'UPDATE' ? Math.max(barrierMs[phase], barrierMs.stopping) : barrierMs[phase];
  if (waited <= most) return undefined;
  const names = pending.map((id) => standing.get(id)?.name ?? id).join(', ');
  return {
    code: 'TIMED_OUT',
    attempted: WORDS[phase],
    on: names,
    why: `it was not done ${most / 1_000} seconds after it was asked`,
    remedy: 'Look at the steps of the operation, then retry or roll back',
  };
}

/** What is taken away is gone with a host; what is made needs it. */
const LOST = 'where the host is gone for good, remove it with force, then retry';
const WAYS_OUT: Record<AskingPhase, string> = {
  canary: 'Start its agent and retry, or roll back',
  conditioning: 'Start its agent and retry, or roll back',
  starting: 'Start its agent and retry, or roll back',
  stopping: `Start its agent and retry; ${LOST}`,
  unconditioning: `Start its agent and retry; ${LOST}`,
};

const WORDS: Record<AskingPhase, string> = {
  canary: 'condition the canary',
  conditioning: 'condition the hosts',
  starting: 'start the VNFs',
  stopping: 'stop the VNFs',
  unconditioning: 'take the conditioning away',
};
