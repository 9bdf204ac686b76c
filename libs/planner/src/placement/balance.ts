import type { Board } from './board.js';
import { CPUS, MEMORY } from './resources.js';

/** Looks at hosts and pairs of units in all: about a quarter of a second. */
const MOST_LOOKS = 12_000_000;

/** A unit that was moved after all were placed, so that the fullest host is less full. */
export interface Move {
  unit: number;
  from: number;
  to: number;
}

/**
 * Takes load off the fullest host as long as that makes it less full and none as full: moves one of its units, or swaps
 * one for a smaller one of another host. Stops at `enough`. Units that are not `free` stay.
 */
export function balance(board: Board, enough: number, free: (unit: number) => boolean): Move[] {
  const moves: Move[] = [];
  const byHost = unitsByHost(board);
  const budget = { looks: MOST_LOOKS };
  while (budget.looks > 0) {
    const full = fullest(board, byHost);
    if (full < 0 || board.share(full) <= enough) break;
    const step = bestMove(board, byHost, full, free, budget) ?? bestSwap(board, byHost, full, free, budget);
    if (step === undefined) break;
    for (const { unit } of step) board.release(unit);
    for (const { unit, from, to } of step) {
      board.take(unit, to);
      byHost[from] = (byHost[from] ?? []).filter((other) => other !== unit);
      byHost[to]?.push(unit);
    }
    moves.push(...step);
  }
  return moves;
}

function unitsByHost({ problem, hostOf }: Board): number[][] {
  const units: number[][] = problem.hosts.map(() => []);
  for (const [unit, host] of hostOf.entries()) if (host >= 0) units[host]?.push(unit);
  return units;
}

/** Of the hosts with a unit, as others cannot be helped. */
function fullest(board: Board, byHost: readonly (readonly number[])[]): number {
  let [host, most] = [-1, -1];
  for (const [h, units] of byHost.entries()) {
    if (units.length === 0 || board.share(h) <= most) continue;
    host = h;
    most = board.share(h);
  }
  return host;
}

function bestMove(
  board: Board,
  byHost: readonly (readonly number[])[],
  full: number,
  free: (unit: number) => boolean,
  budget: { looks: number },
): Move[] | undefined {
  let least = board.share(full);
  let best: Move[] | undefined;
  for (const unit of byHost[full] ?? []) {
    if (!free(unit)) continue;
    board.release(unit);
    const { host } = board.best(unit, new Set([full]));
    if (host >= 0) {
      const peak = Math.max(board.share(full), board.shareWith(unit, host));
      if (peak < least) [least, best] = [peak, [{ unit, from: full, to: host }]];
    }
    board.take(unit, full);
    budget.looks -= byHost.length;
  }
  return best;
}

/** The first swap in a fixed order that leaves both hosts clearly less full than the full one is. */
function bestSwap(
  board: Board,
  byHost: readonly (readonly number[])[],
  full: number,
  free: (unit: number) => boolean,
  budget: { looks: number },
): Move[] | undefined {
  const now = board.share(full);
  let least = now;
  let best: Move[] | undefined;
  for (const [other, theirs] of byHost.entries()) {
    if (other === full || board.share(other) >= now) continue;
    for (const unit of byHost[full] ?? []) {
      if (!free(unit)) continue;
      for (const swapped of theirs) {
        if (!free(swapped)) continue;
        budget.looks -= 1;
        const peak = peakAfter(board, { unit, from: full, to: other }, swapped);
        if (peak >= least || !canSwap(board, unit, full, swapped, other)) continue;
        least = peak;
        best = [
          { unit, from: full, to: other },
          { unit: swapped, from: other, to: full },
        ];
      }
    }
    if (best !== undefined && least < now * 0.999) return best;
    if (budget.looks <= 0) break;
  }
  return best;
}

function peakAfter(board: Board, { unit, from, to }: Move, swapped: number): number {
  const [mine, theirs] = [board.unit(unit).need, board.unit(swapped).need];
  const cpus = (mine[CPUS] ?? 0) - (theirs[CPUS] ?? 0);
  const memory = (mine[MEMORY] ?? 0) - (theirs[MEMORY] ?? 0);
  return Math.max(board.share(from, -cpus, -memory), board.share(to, cpus, memory));
}

function canSwap(board: Board, a: number, hostOfA: number, b: number, hostOfB: number): boolean {
  board.release(a);
  board.release(b);
  let possible = board.allows(a, hostOfB);
  if (possible) {
    board.take(a, hostOfB);
    possible = board.allows(b, hostOfA);
    board.release(a);
  }
  board.take(a, hostOfA);
  board.take(b, hostOfB);
  return possible;
}
