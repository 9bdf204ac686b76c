/** One line of `./underware bench --json`; the fields are those of docs/performance.md. */
export interface BenchResult {
  bench: string;
  case: string;
  ours: number;
  peer: number;
  peerName: string;
  /** Above 1 is ahead: ours ÷ peer where more is better, peer ÷ ours where less is better. */
  ratio: number;
  unit: string;
  /** Packets or jobs lost by us, where they can be lost. */
  lost?: number;
  /** Half the distance between the first and third quartile of our samples, relative to their median. */
  spread: number;
}

/** Middle of the samples; with an even count, the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Linear interpolation between the two nearest ranks; `q` from 0 to 1. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  if (low === undefined || high === undefined) throw new RangeError('a quantile needs at least one sample');
  return low + (high - low) * (position - Math.floor(position));
}

export function spread(samples: readonly number[]): number {
  const middle = median(samples);
  return middle === 0 ? 0 : (quantile(samples, 0.75) - quantile(samples, 0.25)) / 2 / middle;
}

/** A result where less is better, e.g. a time: the figures are medians of samples taken in turn. */
export function lessIsBetter(
  about: Pick<BenchResult, 'bench' | 'case' | 'peerName' | 'unit'> & { lost?: number },
  ours: readonly number[],
  peer: readonly number[],
): BenchResult {
  const [a, b] = [median(ours), median(peer)];
  return { ...about, ours: a, peer: b, ratio: b / a, spread: spread(ours) };
}

/** A result where more is better, e.g. a rate: the figures are medians of samples taken in turn. */
export function moreIsBetter(
  about: Pick<BenchResult, 'bench' | 'case' | 'peerName' | 'unit'> & { lost?: number },
  ours: readonly number[],
  peer: readonly number[],
): BenchResult {
  const [a, b] = [median(ours), median(peer)];
  return { ...about, ours: a, peer: b, ratio: a / b, spread: spread(ours) };
}
