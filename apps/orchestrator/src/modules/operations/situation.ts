import type {
  Band,
  CanaryFigures,
  CanaryOutcome,
  CanaryVerdict,
  ErrorReport,
  NsState,
  OperationType,
  Phase,
  SliceReport,
} from '@underware/core';
import type { Barrier, HostRow } from '@underware/store';
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
  /** An update's that is tried on a few hosts first, while it is. */
  canary?: CanaryStanding;
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

/** What is known of a host, and of a service on it. */
export function hostStanding({ id, name, lastHeartbeatAt, report }: HostRow, service: string): HostStanding {
  const slice = report?.slices.find((each) => each.service === service);
  return { id, name, lastHeartbeatAt, generation: report?.generation ?? 0, slice };
}

/** How an update stands that is tried on a few hosts first. */
export interface CanaryStanding {
  /** What is tried, and on how many hosts: those of them that are enrolled stand here. */
  plugin: string;
  hosts: HostStanding[];
  band: Band;
  /** When the observing that is going on began. */
  since?: number;
  /** What was counted before, and since the hosts were asked. */
  figures: CanaryFigures[];
  /** The time of watching is over, and this came of it. */
  judged?: CanaryOutcome;
  /** The other operations of the upgrade. */
  others: OtherCanary[];
}

export interface OtherCanary {
  service: string;
  state: 'on its way' | 'judged' | 'turned back';
  outcome?: CanaryOutcome;
}

/** Phases in which hosts are asked for something, and what the service instance's slice must then be; an update's always runs. */
export type AskingPhase = Exclude<Phase, 'planning' | 'measuring' | 'watching' | 'done'>;
export const STAGE_OF = {
  canary: 'running',
  conditioning: 'conditioned',
  starting: 'running',
  stopping: 'conditioned',
  unconditioning: 'absent',
} as const satisfies Record<AskingPhase, SliceReport['stage']>;

export type Move =
  | { kind: 'wait' }
  | { kind: 'plan' }
  | { kind: 'ask'; phase: AskingPhase }
  | { kind: 'observe'; phase: 'measuring' | 'watching' }
  | { kind: 'judge'; verdict: CanaryVerdict }
  | { kind: 'turn-back'; error: ErrorReport; verdict?: CanaryVerdict }
  | { kind: 'fail'; error: ErrorReport }
  | { kind: 'finish'; nsState: NsState };
