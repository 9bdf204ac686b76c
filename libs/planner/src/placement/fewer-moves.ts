import type { Board } from './board.js';
import type { Problem } from './problem.js';
import { searchOnce } from './search.js';
import type { Step, Wanted } from './search.js';

/** Hosts looked at in all: thousands of ways for a handful of VNFs and a few for ten thousand, in some tens of milliseconds. */
const MOST_LOOKS = 400_000;
/** What putting a unit where it was takes, in looks at hosts. */
const LOOKS_OF_ONE = 10;

interface Placed {
  board: Board;
  steps: Step[];
}

/**
 * Where units had to leave the hosts that they were on to make room: the same with fewer of them that do, where that is found.
 * Leaves ever more of them free, beginning with one, and holds all others where they are.
 */
export function fewerMoves(problem: Problem, placed: Placed, before: ReadonlyMap<number, Wanted>): Placed {
  // One whose host is lost, or no longer fits it, moves whatever becomes of the others.
  const kept = new Map([...before].filter(([unit, { host }]) => mayBeOn(problem, unit, host)));
  const moved = movedOf(placed.board, kept);
  if (moved.length < 2) return placed;
  const others = [...kept.keys()].filter((unit) => !moved.includes(unit));
  const budget = { looks: MOST_LOOKS };
  for (let size = 1; size < moved.length; size++) {
    for (const free of choices([...moved, ...others], size)) {
      const wanted = new Map([...kept].filter(([unit]) => !free.includes(unit)));
      budget.looks -= wanted.size * LOOKS_OF_ONE;
      if (budget.looks <= 0) return placed;
      const found = searchOnce(problem, wanted, budget);
      if (found !== undefined && movedOf(found.board, kept).length <= size) return found;
    }
  }
  return placed;
}

function mayBeOn({ units, classes }: Problem, unit: number, host: number): boolean {
  return units[unit]?.fits[classes.of[host] ?? -1] === 1;
}

function movedOf({ hostOf }: Board, kept: ReadonlyMap<number, Wanted>): number[] {
  return [...kept].flatMap(([unit, { host }]) => (hostOf[unit] === host ? [] : [unit]));
}

/** Every choice of so many, in the order of what is listed. */
function* choices(from: readonly number[], size: number, begin = 0): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let at = begin; at <= from.length - size; at++) {
    for (const rest of choices(from, size - 1, at + 1)) yield [from[at] ?? 0, ...rest];
  }
}
