import type { ErrorReport, NsState, OperationType, Phase, SliceReport } from '@underware/core';
import type { Barrier } from '@underware/store';
import type { Timings } from '../../configuration.js';

/** All that the next move of a running operation depends on. */
export interface Situation {
  type: OperationType;
  phase: Phase;
  rollingBack: boolean;
  barrier: Barrier | null;
  /** Whether there is a plan: without one no host was ever asked for anything. */
  planned: boolean;
  /** An update's: whether any VNF stops or starts on the way. */
  changesVnfs?: boolean;
  /** The hosts of the barrier that are enrolled. */
  hosts: HostStanding[];
  now: number;
  /** When this process began to listen; it could not hear anyone before. */
  listeningSince: number;
  timings: Timings;
}

export interface HostStanding {
  id: string;
  name: string;
  lastHeartbeatAt: Date | null;
  /** The newest report: its generation, and what it says of this service instance. */
  generation: number;
  slice: SliceReport | undefined;
}

/** Phases in which hosts are asked for something, and what the service instance's slice must then be. */
export type AskingPhase = Exclude<Phase, 'planning' | 'done'>;
export const STAGE_OF = {
  conditioning: 'conditioned',
  starting: 'running',
  stopping: 'conditioned',
  unconditioning: 'absent',
} as const satisfies Record<AskingPhase, SliceReport['stage']>;

export type Move =
  | { kind: 'wait' }
  | { kind: 'plan' }
  | { kind: 'ask'; phase: AskingPhase }
  | { kind: 'fail'; error: ErrorReport }
  | { kind: 'finish'; nsState: NsState };

/** The order of phases towards a service instance that runs, and towards none. */
const NEXT: Record<'up' | 'down', Partial<Record<Phase, AskingPhase | 'done'>>> = {
  up: { conditioning: 'starting', starting: 'done' },
  down: { stopping: 'unconditioning', unconditioning: 'done' },
};

/** What an operation does next. Pure: the same situation gives the same move. */
export function decide(situation: Situation): Move {
  const { type, phase, rollingBack, barrier, planned } = situation;
  // An update, and what takes it back, leads from what runs to what runs.
  const towards = type !== 'UPDATE' && (type === 'INSTANTIATE') === rollingBack ? 'down' : 'up';
  if (phase === 'done') return { kind: 'wait' };
  if (towards === 'down' && !planned) return { kind: 'finish', nsState: 'NOT_INSTANTIATED' };
  if (phase === 'planning') return { kind: 'plan' };
  if (barrier === null) return { kind: 'ask', phase };

  const failed = failureOf(situation, phase);
  if (failed) return { kind: 'fail', error: failed };
  const pending = pendingOf(situation, barrier, phase);
  if (pending.length > 0) {
    const error = overdueOf(situation, barrier, phase, pending);
    return error ? { kind: 'fail', error } : { kind: 'wait' };
  }
  const isLast = type === 'UPDATE' && situation.changesVnfs === false;
  const next = isLast ? 'done' : NEXT[towards][phase];
  if (next === undefined || next === 'done') {
    return { kind: 'finish', nsState: towards === 'up' ? 'INSTANTIATED' : 'NOT_INSTANTIATED' };
  }
  return { kind: 'ask', phase: next };
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
  const { barrierMs } = timings;
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
  conditioning: 'Start its agent and retry, or roll back',
  starting: 'Start its agent and retry, or roll back',
  stopping: `Start its agent and retry; ${LOST}`,
  unconditioning: `Start its agent and retry; ${LOST}`,
};

const WORDS: Record<AskingPhase, string> = {
  conditioning: 'condition the hosts',
  starting: 'start the VNFs',
  stopping: 'stop the VNFs',
  unconditioning: 'take the conditioning away',
};
