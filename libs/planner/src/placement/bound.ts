import { listAt } from '../graph-index.js';
import type { Problem } from './problem.js';
import { CPUS, MEMORY } from './resources.js';

/**
 * How full the fullest host of the service must be at least. Two sums say it: VNFs could be cut in pieces and poured over the
 * hosts that fit them, and even the largest must be whole somewhere. What is found is never above any placement.
 */
export function boundShare(problem: Problem): number {
  let bound = largest(problem);
  for (const group of eligibilityGroups(problem)) {
    for (const r of [CPUS, MEMORY]) bound = Math.max(bound, poured(problem, group, r));
  }
  return bound;
}

/** Sets of hosts that are looked at. */
const MOST_GROUPS = 32;

interface Group {
  /** By host class. */
  fits: Uint8Array;
  /** Units that can go nowhere else. */
  units: number[];
}

/** All units over all hosts, and for each set of hosts that some are bound to, those that are bound to it. */
function eligibilityGroups({ units }: Problem): Group[] {
  // Units that fit the same hosts mostly share one table of them.
  const alike = new Map<Uint8Array, number[]>();
  for (const [u, { fits }] of units.entries()) listAt(alike, fits).push(u);
  const tables = [...alike.keys()];
  const groups = new Map(tables.map((fits) => [fits.join(), fits]));
  const widest = tables[0]?.map((_, number) => (tables.some((fits) => fits[number] === 1) ? 1 : 0));
  return [...[...groups.values()].slice(0, MOST_GROUPS), ...(widest === undefined ? [] : [widest])].map(
    (fits) => ({
      fits,
      units: [...alike]
        .filter(([table]) => table.every((fit, number) => fit === 0 || fits[number] === 1))
        .flatMap(([, members]) => members),
    }),
  );
}

/** The least share at which the room of all the group's hosts together holds its units, by halving. */
function poured(
  { hosts, units, classes, capacity, before, resources }: Problem,
  group: Group,
  r: number,
): number {
  const need = group.units.reduce((sum, u) => sum + (units[u]?.need[r] ?? 0), 0);
  if (need === 0) return 0;
  const room = (share: number): number => {
    let sum = 0;
    for (let h = 0; h < hosts.length; h++) {
      if (group.fits[classes.of[h] ?? 0] !== 1) continue;
      const at = h * resources.length + r;
      sum += Math.max(0, share * (capacity[at] ?? 0) - (before[at] ?? 0));
    }
    return sum;
  };
  let [low, high] = [0, 1];
  if (room(high) < need) return Infinity;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (room(middle) < need) low = middle;
    else high = middle;
  }
  return low;
}

/** The least share at which the unit that is hardest to place has a host. */
function largest({ hosts, units, classes, capacity, before, resources }: Problem): number {
  let most = 0;
  for (const { need, fits } of units) {
    const [cpus = 0, memory = 0] = need;
    let least = Infinity;
    // A unit with a host below what is found already adds nothing: most are done at their first host.
    for (let h = 0, at = 0; h < hosts.length && least > most; h++, at += resources.length) {
      if (fits[classes.of[h] ?? 0] !== 1) continue;
      const share = Math.max(
        ((before[at] ?? 0) + cpus) / (capacity[at] ?? 0),
        ((before[at + 1] ?? 0) + memory) / (capacity[at + 1] ?? 0),
      );
      if (share < least) least = share;
    }
    most = Math.max(most, least);
  }
  return most;
}
