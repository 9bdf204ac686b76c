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

interface Group {
  /** By host class. */
  fits: Uint8Array;
  /** Units that can go nowhere else. */
  units: number[];
}

/** All units over all hosts, and for each set of hosts that some are bound to, those that are bound to it. */
function eligibilityGroups({ units }: Problem): Group[] {
  const groups = new Map<string, Group>();
  for (const { fits } of units) {
    const key = fits.join('');
    if (!groups.has(key)) groups.set(key, { fits, units: [] });
  }
  const all = [...groups.values()].slice(0, 32);
  for (const group of all) {
    for (const [u, { fits }] of units.entries()) {
      if (fits.every((fit, number) => fit === 0 || group.fits[number] === 1)) group.units.push(u);
    }
  }
  const widest = units[0]?.fits.map((_, number) => (units.some(({ fits }) => fits[number] === 1) ? 1 : 0));
  return widest === undefined ? all : [...all, { fits: widest, units: [...units.keys()] }];
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
  const known = new Map<string, number>();
  let most = 0;
  for (const { need, fits } of units) {
    const [cpus = 0, memory = 0] = need;
    const key = `${cpus} ${memory} ${fits.join('')}`;
    let least = known.get(key);
    if (least === undefined) {
      least = Infinity;
      for (let h = 0, at = 0; h < hosts.length; h++, at += resources.length) {
        if (fits[classes.of[h] ?? 0] !== 1) continue;
        const share = Math.max(
          ((before[at] ?? 0) + cpus) / (capacity[at] ?? 0),
          ((before[at + 1] ?? 0) + memory) / (capacity[at + 1] ?? 0),
        );
        if (share < least) least = share;
      }
      known.set(key, least);
    }
    most = Math.max(most, least);
  }
  return most;
}
