import { compareText } from '../stable-names.js';
import { constraintsOf } from './constraints.js';
import type { Active, Constraint } from './constraints.js';
import { compileProblem } from './problem.js';
import type { PlacementInput } from './placement-input.js';
import type { Problem } from './problem.js';
import { search } from './search.js';
import type { Found } from './search.js';
import { attachmentsOf } from './host-fit.js';
import { inWords } from './resources.js';
import type { Board } from './board.js';

/** Constraints of which all smaller sets are tried. */
const FEW = 40;
/** Searches that looking for a conflict may take. */
const MOST_SEARCHES = 900;
/** How far the first search goes, to be stuck somewhere. */
const FIRST_PATIENCE = 0.3;
/** How far each of them goes, of what a search for a plan may. */
const PATIENCE = 0.02;

export interface Conflict {
  /** In words. Without any one of them there is a placement, unless the search for it was given up. */
  constraints: string[];
  /** No smaller set of constraints is in conflict, as far as was looked. */
  isSmallest: boolean;
  vnfs: string[];
  /** By host: what it has against the conflicting constraints. */
  hosts: Map<string, string[]>;
  /** By host: all that it has against the VNF at which planning was stuck. */
  allReasons: Map<string, string[]>;
}

/** Of a problem that has no placement: what of it conflicts. */
export function findConflict(problem: Problem): Conflict {
  const stuck = stuckOf(search(problem, { patience: FIRST_PATIENCE }));
  const allReasons = reasonsAt(stuck);
  const every = [...problem.units.keys()];
  const isShort = (tooManyApart(problem) ?? shortInAll(problem, every)) !== undefined;
  const units = isShort ? every : fewestUnits(problem, stuck.unit);
  const vnfs = units.flatMap((u) => problem.units[u]?.vnfs ?? []);
  const names = vnfs.map(({ name }) => name).sort(compareText);
  const constraints = constraintsOf(problem.input.graph, vnfs, problem.resources, (vnf) =>
    attachmentsOf(vnf, problem.input.index),
  );
  const short = tooManyApart(problem) ?? shortInAll(problem, units);
  if (short !== undefined && units.length > 1) {
    return { constraints: [short], isSmallest: true, vnfs: names, hosts: allReasons, allReasons };
  }
  const sub = within(problem, names);
  const budget = { searches: MOST_SEARCHES };
  if (!conflicts(sub, constraints, budget)) {
    // Found with more patience than there is here: what is known is where the search was stuck.
    return { constraints: [], isSmallest: false, vnfs: [nameOf(stuck)], hosts: allReasons, allReasons };
  }
  const minimal = irreducible(sub, constraints, budget);
  const smallest = smaller(sub, constraints, minimal.length, budget) ?? minimal;
  const about = new Set(smallest.flatMap((constraint) => constraint.vnfs));
  const last = stuckOf(search(only(sub, smallest), { patience: PATIENCE }));
  return {
    constraints: smallest.map(({ text }) => text),
    isSmallest: budget.searches > 0,
    vnfs: about.size === 0 ? [nameOf(stuck)] : names.filter((name) => about.has(name)),
    hosts: reasonsAt(last),
    allReasons,
  };
}

interface Stuck {
  unit: number;
  board: Board;
}

function stuckOf(found: Found): Stuck {
  if (!('stuck' in found)) throw new RangeError('there is a placement');
  return found.stuck;
}

function nameOf({ unit, board }: Stuck): string {
  return board.unit(unit).vnfs[0]?.name ?? '';
}

function reasonsAt({ unit, board }: Stuck): Map<string, string[]> {
  return new Map(
    board.problem.hosts.map(({ name }, h) => {
      const reasons = board.reasons(unit, h);
      return [name, reasons.length > 0 ? reasons : ['fits, but leaves no place for another VNF']];
    }),
  );
}

/** Units that have no placement by themselves, the one that was stuck among them, left out in ever smaller portions. */
function fewestUnits(problem: Problem, stuck: number): number[] {
  if (hasNone(problem, [stuck])) return [stuck];
  let units = problem.units.map((_, u) => u).filter((u) => u !== stuck);
  let searches = Math.min(200, Math.ceil(4000 / Math.max(1, units.length)) + 40);
  for (let size = Math.ceil(units.length / 2); searches > 0; size = Math.ceil(size / 2)) {
    for (let at = units.length - size; searches > 0 && at > -size; at -= size) {
      const fewer = [...units.slice(0, Math.max(0, at)), ...units.slice(at + size)];
      searches -= 1;
      if (fewer.length < units.length && hasNone(problem, [...fewer, stuck])) units = fewer;
    }
    if (size <= 1) break;
  }
  return [...units, stuck].sort((a, b) => a - b);
}

function hasNone(problem: Problem, only: number[]): boolean {
  return 'stuck' in search(problem, { only, patience: PATIENCE });
}

/** What all the units together need more of than all the hosts have; no single host is to blame then. */
function shortInAll(
  { units, hosts, resources, capacity, before, classes }: Problem,
  among: number[],
): string | undefined {
  for (const [r, resource] of resources.entries()) {
    const need = among.reduce((sum, u) => sum + (units[u]?.need[r] ?? 0), 0);
    if (need === 0) continue;
    let free = 0;
    let fitting = 0;
    for (const [h] of hosts.entries()) {
      if (!among.some((u) => units[u]?.fits[classes.of[h] ?? 0] === 1)) continue;
      fitting += 1;
      const at = h * resources.length + r;
      free += Math.max(0, (capacity[at] ?? 0) - (before[at] ?? 0));
    }
    // Where no host fits any of them, it is not for want of room.
    if (fitting > 0 && need > free) {
      const count = among.reduce((sum, u) => sum + (units[u]?.vnfs.length ?? 0), 0);
      return `${count} VNFs need ${inWords(resource, need)} together, and all hosts that fit them have ${resource.amount(free)} free`;
    }
  }
  return undefined;
}

/** A rule that keeps more VNFs apart than there are hosts that fit any of them. */
function tooManyApart({ units, classes, hosts, input }: Problem): string | undefined {
  const unitOf = new Map(units.flatMap((unit) => unit.vnfs.map(({ name }) => [name, unit] as const)));
  for (const { name, vnfs, scope } of input.graph.antiAffinity ?? []) {
    if (scope === 'zone') continue;
    const members = vnfs.flatMap((vnf) => unitOf.get(vnf) ?? []);
    const tables = new Set(members.map(({ fits }) => fits));
    const fitting = hosts.filter((_, h) => [...tables].some((fits) => fits[classes.of[h] ?? 0] === 1)).length;
    if (members.length > fitting && members.length > 2) {
      return `${name} keeps ${members.length} VNFs on different hosts, and ${fitting} hosts fit any of them`;
    }
  }
  return undefined;
}

/** Some VNFs alone. */
function within({ input }: Problem, names: readonly string[]): PlacementInput {
  const kept = new Set(names);
  const vnfs = input.graph.vnfs.filter(({ name }) => kept.has(name));
  return { ...input, graph: { ...input.graph, vnfs } };
}

function only(input: PlacementInput, constraints: readonly Constraint[]): Problem {
  const keys = new Set(constraints.map(({ key }) => key));
  const active: Active = (key) => keys.has(key);
  return compileProblem(input, active);
}

function conflicts(
  input: PlacementInput,
  constraints: readonly Constraint[],
  budget: { searches: number },
): boolean {
  budget.searches -= 1;
  return 'stuck' in search(only(input, constraints), { patience: PATIENCE });
}

/** Leaves out one constraint after the other wherever the rest still conflict, many at a time as long as that goes. */
function irreducible(
  input: PlacementInput,
  constraints: readonly Constraint[],
  budget: { searches: number },
): Constraint[] {
  let left = [...constraints];
  for (let size = Math.ceil(left.length / 2); budget.searches > 0; size = Math.ceil(size / 2)) {
    for (let at = 0; budget.searches > 0 && at < left.length;) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)];
      if (conflicts(input, fewer, budget)) left = fewer;
      else at += size;
    }
    if (size <= 1) break;
  }
  return left;
}

/** The first set of fewer than `size` constraints that conflict, single ones first; only where there are few to choose from. */
function smaller(
  input: PlacementInput,
  constraints: readonly Constraint[],
  size: number,
  budget: { searches: number },
): Constraint[] | undefined {
  if (constraints.length > FEW) return undefined;
  for (let wanted = 1; wanted < size; wanted++) {
    for (const set of subsets(constraints, wanted)) {
      if (budget.searches <= 0) return undefined;
      if (conflicts(input, set, budget)) return set;
    }
  }
  return undefined;
}

function* subsets<Item>(items: readonly Item[], size: number, from = 0): Generator<Item[], undefined> {
  if (size === 0) {
    yield [];
    return undefined;
  }
  for (let i = from; i <= items.length - size; i++) {
    const item = items[i];
    if (item === undefined) continue;
    for (const rest of subsets(items, size - 1, i + 1)) yield [item, ...rest];
  }
  return undefined;
}
