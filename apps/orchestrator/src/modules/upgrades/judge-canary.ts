import type { Band, CanaryFigures, CanaryOutcome, CanaryVerdict, VerdictCounts } from '@underware/core';

/** Standard deviations that chance is given: about one instance in ten thousand that is the same would be beyond. */
const SIGMAS = 4;
/** With less than this part of the packets before, the traffic has ended. */
const ENDED = 0.01;
const ERRORS = 'aborted';

/**
 * Whether a new version does what the old one did. The share of each verdict is compared: it is outside its band where it
 * differs by more than is tolerated *and* by more than chance explains (two proportions, pooled). Errors count when they grow
 * only, also without anything to compare with. Pure. `ended`: the time is over; before, what is still to come is not missed.
 */
export function judgeCanary(figures: readonly CanaryFigures[], band: Band, ended: boolean): CanaryVerdict {
  const judged = figures.map((each) => ({ ...each, ...judgeInstance(each, band, ended) }));
  const outcomes = new Set(judged.map(({ outcome }) => outcome));
  const outcome = outcomes.has('outside') ? 'outside' : outcomes.has('inside') ? 'inside' : 'unseen';
  return { outcome, figures: judged };
}

interface Judgement {
  outcome: CanaryOutcome;
  reason: string;
}

function judgeInstance({ before, after }: CanaryFigures, band: Band, ended: boolean): Judgement {
  const { minPackets } = band;
  const [had, has] = [total(before), total(after)];
  if (has > 0 && has >= minPackets) {
    const verdicts = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const known = had > 0 && had >= minPackets;
    for (const verdict of verdicts) {
      if (!known && verdict !== ERRORS) continue;
      const wrong = compareShares(verdict, known ? before : {}, after, band);
      if (wrong !== undefined) return { outcome: 'outside', reason: wrong };
    }
    if (known) return { outcome: 'inside', reason: mixOf(before, after) };
  }
  if (ended && had >= Math.max(1, minPackets) && has < had * ENDED) {
    return { outcome: 'outside', reason: `its traffic ended: ${has} packets, ${had} before` };
  }
  return {
    outcome: 'unseen',
    reason: `${had} packets before, ${has} after: ${minPackets} of each are needed to tell`,
  };
}

/** Why the share of a verdict is outside of its band. */
function compareShares(
  verdict: string,
  before: VerdictCounts,
  after: VerdictCounts,
  { tolerance, errorTolerance }: Band,
): string | undefined {
  const [had, has] = [total(before), total(after)];
  const [was, is] = [before[verdict] ?? 0, after[verdict] ?? 0];
  const difference = is / has - (had === 0 ? 0 : was / had);
  const isError = verdict === ERRORS;
  if (isError && difference <= 0) return undefined;
  const pooled = (was + is) / (had + has);
  const spread = 1 / has + (had === 0 ? 0 : 1 / had);
  const chance = SIGMAS * Math.sqrt(pooled * (1 - pooled) * spread);
  const margin = Math.max(isError ? errorTolerance : tolerance, chance);
  if (Math.abs(difference) <= margin) return undefined;
  const once = had === 0 ? 'none known before' : `${share(was, had)} of ${had} packets before`;
  return `${verdict} ${once}, ${share(is, has)} of ${has} after: more than ${(margin * 100).toFixed(1)} points apart`;
}

/** `pass 98.0 % → 97.6 %, drop 2.0 % → 2.4 %`. */
function mixOf(before: VerdictCounts, after: VerdictCounts): string {
  const [had, has] = [total(before), total(after)];
  const verdicts = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const shown = verdicts.filter((verdict) => (before[verdict] ?? 0) + (after[verdict] ?? 0) > 0);
  const parts = shown.map(
    (verdict) => `${verdict} ${share(before[verdict] ?? 0, had)} → ${share(after[verdict] ?? 0, has)}`,
  );
  return `${parts.join(', ')} of ${had} and ${has} packets`;
}

function share(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

function total(counts: VerdictCounts): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}
