/** Packets by verdict. */
export type VerdictCounts = Record<string, number>;

/** How far the verdicts of a canary may be from those before, and how long both are observed. Shares are from 0 to 1. */
export interface Band {
  /** Of observing before, and of observing after. */
  windowSeconds: number;
  /** The share of a verdict may differ by this much. */
  tolerance: number;
  /** The share of packets that the plugin gave up on (`aborted`) may grow by this much. */
  errorTolerance: number;
  /** An instance that judged fewer packets, before or after, says nothing. */
  minPackets: number;
}

export const DEFAULT_BAND: Band = {
  windowSeconds: 30,
  tolerance: 0.05,
  errorTolerance: 0.001,
  minPackets: 100,
};

/** What one plugin instance did before and after. */
export interface CanaryFigures {
  /** Id of the host. */
  host: string;
  /** `guard on web_port xdp`. */
  instance: string;
  before: VerdictCounts;
  after: VerdictCounts;
}

/** `unseen`: there were too few packets to tell. */
export type CanaryOutcome = 'inside' | 'outside' | 'unseen';

export interface JudgedFigures extends CanaryFigures {
  outcome: CanaryOutcome;
  /** In words, with the figures that made it. */
  reason: string;
}

export interface CanaryVerdict {
  outcome: CanaryOutcome;
  figures: JudgedFigures[];
}
