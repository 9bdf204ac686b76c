import type { BenchResult } from './result.js';

/** One line for programs: the fields of docs/performance.md in their order; `lost` is null where nothing can be lost. */
export function formatLine(result: BenchResult): string {
  const { bench, ours, peer, peerName, ratio, unit, lost = null, spread } = result;
  const figures = { ours: rounded(ours), peer: rounded(peer), peerName, ratio: rounded(ratio) };
  return JSON.stringify({ bench, case: result.case, ...figures, unit, lost, spread: rounded(spread) });
}

/** One line for people: what, ours against the peer's, and the ratio. */
export function formatResult(result: BenchResult): string {
  const lost = result.lost === undefined ? '' : `, ${result.lost} lost`;
  return (
    `  ${result.case.padEnd(38)} ${figure(result.ours)} ${result.unit} (±${Math.round(result.spread * 100)} %)` +
    `  ${result.peerName} ${figure(result.peer)} ${result.unit}  ratio ${figure(result.ratio)}${lost}`
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
