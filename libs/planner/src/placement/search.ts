import { Board } from './board.js';
import type { Problem } from './problem.js';

/** Units beyond their number that may be tried in one order before another order is. */
const SPARE_TRIES = 200;
/** Orders that are tried. */
const MOST_ORDERS = 24;
/** Tries in the last, patient search. */
const MOST_TRIES = 20_000;
/** Hosts looked at in all before it is given up: about a second. */
const MOST_LOOKS = 60_000_000;

/** How a unit came to its host, in the order in which it happened. */
export interface Step {
  unit: number;
  host: number;
  how: 'kept' | 'suggested' | 'best' | 'later';
  /** Hosts that had been tried before it: they fit, but left no place for another. */
  tried: readonly number[];
  /** How many hosts had room. */
  room: number;
}

export type Found =
  | { board: Board; steps: Step[] }
  | {
      /** Where the first order stuck. */
      stuck: { unit: number; board: Board };
      /** Every way was tried, or that is not known. */
      proven: boolean;
    };

export interface Wanted {
  host: number;
  how: 'kept' | 'suggested';
}

export interface SearchOptions {
  /** Hosts by unit that come first, as long as they are allowed. */
  wanted?: ReadonlyMap<number, Wanted>;
  /** Only these units; all when undefined. */
  only?: readonly number[];
  /** Bounds the looks further. */
  patience?: number;
}

/**
 * Finds a place for every unit: the ones with least choice first, each on the host that is left the least used. Where
 * that ends nowhere, earlier choices are taken back; then the unit that was stuck goes first; and so on within bounds.
 */
export function search(problem: Problem, options: SearchOptions = {}): Found {
  const order = options.only ?? problem.units.map((_, u) => u);
  const budget = { looks: MOST_LOOKS * (options.patience ?? 1) };
  const first: string[] = [];
  let promoted: number[] = [];
  let stuck: { unit: number; board: Board } | undefined;
  for (let round = 0; round < MOST_ORDERS && budget.looks > 0; round++) {
    const attempt = tryOrder(problem, order, promoted, options, order.length + SPARE_TRIES, budget);
    if (!('stuck' in attempt)) return attempt;
    stuck ??= attempt.stuck;
    if (attempt.proven) return { stuck, proven: true };
    promoted = [attempt.stuck.unit, ...promoted.filter((unit) => unit !== attempt.stuck.unit)];
    const key = promoted.join();
    if (first.includes(key)) break;
    first.push(key);
  }
  const patient = tryOrder(problem, order, [], { ...options, wanted: new Map() }, MOST_TRIES, budget);
  return 'stuck' in patient ? { stuck: stuck ?? patient.stuck, proven: patient.proven } : patient;
}

/** One try with all that is wanted where it is, the rest in the usual order; undefined where that leads nowhere. */
export function searchOnce(
  problem: Problem,
  wanted: ReadonlyMap<number, Wanted>,
  budget: { looks: number },
): { board: Board; steps: Step[] } | undefined {
  const order = problem.units.map((_, u) => u);
  const found = tryOrder(problem, order, [], { wanted }, MOST_TRIES, budget);
  return 'stuck' in found || [...wanted].some(([unit, { host }]) => found.board.hostOf[unit] !== host)
    ? undefined
    : found;
}

const NONE: readonly number[] = [];

interface Frame {
  unit: number;
  tried: readonly number[];
  step: Step;
}

function tryOrder(
  problem: Problem,
  order: readonly number[],
  promoted: readonly number[],
  options: SearchOptions,
  mostTries: number,
  budget: { looks: number },
): Found {
  const board = new Board(problem);
  const steps = takeFirst(board, promoted, options);
  if (typeof steps === 'number') {
    budget.looks -= board.looks;
    return { stuck: { unit: steps, board }, proven: promoted.length === 1 };
  }
  const rest = order.filter((unit) => board.hostOf[unit] === -1);
  const frames: Frame[] = [];
  let stuck: number | undefined;
  let tried: readonly number[] = NONE;
  for (let tries = 0; frames.length < rest.length; tries++) {
    const unit = rest[frames.length] ?? 0;
    const spent = tries >= mostTries || board.looks >= budget.looks;
    const { host, room } = spent
      ? { host: -1, room: 0 }
      : board.best(unit, tried.length === 0 ? undefined : new Set(tried));
    if (host >= 0) {
      board.take(unit, host);
      const how = tried.length === 0 ? 'best' : 'later';
      frames.push({ unit, tried, step: { unit, host, how, tried, room } });
      tried = NONE;
      continue;
    }
    stuck ??= unit;
    const last = spent ? undefined : frames.pop();
    if (last === undefined) {
      budget.looks -= board.looks;
      return { stuck: asStuck(problem, steps, rest, stuck), proven: !spent && steps.length === 0 };
    }
    board.release(last.unit);
    tried = [...last.tried, last.step.host];
  }
  budget.looks -= board.looks;
  return { board, steps: [...steps, ...frames.map(({ step }) => step)] };
}

/** Places what goes before all others: what was stuck in another order, then what is wanted. A unit that cannot be, or the steps. */
function takeFirst(board: Board, promoted: readonly number[], options: SearchOptions): Step[] | number {
  const { wanted = new Map<number, Wanted>() } = options;
  const steps: Step[] = [];
  // It looks at hosts as if all that is wanted were so: few have to make room for it then.
  const load = promoted.length === 0 ? board.used : loadOf(board.problem, wanted);
  for (const unit of promoted) {
    const { host, room } = board.best(unit, undefined, load);
    if (host < 0) return unit;
    board.take(unit, host);
    steps.push({ unit, host, how: 'best', tried: NONE, room });
  }
  for (const [unit, { host, how }] of wanted) {
    if (board.hostOf[unit] !== -1 || !board.allows(unit, host)) continue;
    board.take(unit, host);
    steps.push({ unit, host, how, tried: NONE, room: 1 });
  }
  return steps;
}

/** The board as it was when it first was stuck: the ones before in their order, each on its best host. */
function asStuck(problem: Problem, steps: readonly Step[], rest: readonly number[], unit: number) {
  const board = new Board(problem);
  for (const step of steps) board.take(step.unit, step.host);
  for (const before of rest.slice(0, rest.indexOf(unit))) {
    const { host } = board.best(before);
    if (host >= 0) board.take(before, host);
  }
  return { unit, board };
}

/** What is used when all that is wanted were so. */
function loadOf(problem: Problem, wanted: ReadonlyMap<number, Wanted>): Float64Array {
  const load = problem.before.slice();
  const width = problem.resources.length;
  for (const [unit, { host }] of wanted) {
    for (const [r, amount] of (problem.units[unit]?.need ?? []).entries()) {
      load[host * width + r] = (load[host * width + r] ?? 0) + amount;
    }
  }
  return load;
}
