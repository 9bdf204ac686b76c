import type { BenchResult } from './result.js';

/** One line for people: what, ours against the peer's, and the ratio. */
export function formatResult(result: BenchResult): string {
  const lost = result.lost === undefined ? '' : `, ${result.lost} lost`;
  return (
    `  ${result.case.padEnd(38)} ${figure(result.ours)} ${result.unit} (±${Math.round(result.spread * 100)} %)` +
    `  ${result.peerName} ${figure(result.peer)} ${result.unit}  ratio ${figure(result.ratio)}${lost}`
  );
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
