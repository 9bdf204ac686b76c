import type { Board } from '../placement/board.js';
import type { Problem } from '../placement/problem.js';
import { CPUS, MEMORY } from '../placement/resources.js';

/** The name of the variable that says whether a unit is on a host. */
function at(unit: number, host: number): string {
  return `x_${unit}_${host}`;
}

/**
 * A programme in LP format: the units that are on the hosts now, on these hosts again, so that `peak`, the share of the
 * fullest of them, is the least. Bounds on latency and bandwidth are not in it: what it answers has to be checked.
 */
export function wholeModel(board: Board, hosts: readonly number[], free: (unit: number) => boolean): string {
  const { problem } = board;
  const here = new Set(hosts);
  const units = problem.units.flatMap((_, u) => (here.has(board.hostOf[u] ?? -1) && free(u) ? [u] : []));
  const rows: string[] = [];
  const variables: string[] = [];
  for (const u of units) {
    const choices = hosts.filter((h) => problem.units[u]?.fits[problem.classes.of[h] ?? 0] === 1);
    variables.push(...choices.map((h) => at(u, h)));
    rows.push(`${choices.map((h) => at(u, h)).join(' + ')} = 1`);
  }
  const known = new Set(variables);
  for (const h of hosts) {
    const fixed = usedByOthers(board, h, units);
    for (const [r] of problem.resources.entries()) {
      rows.push(
        ...capacityRow(
          problem,
          h,
          r,
          fixed[r] ?? 0,
          units.filter((u) => known.has(at(u, h))),
        ),
      );
    }
    for (const members of keptApart(problem)) {
      const terms = members.filter((u) => known.has(at(u, h)));
      if (terms.length > 1) rows.push(`${terms.map((u) => at(u, h)).join(' + ')} <= 1`);
    }
  }
  // What is no better than now need not be found.
  const now = Math.max(...hosts.map((h) => board.share(h)));
  return text(rows, now * 0.9995, ['Binary', ...variables.map((name) => ` ${name}`)]);
}

/** Which host each unit of a solved `wholeModel` is on. */
export function readPlaces(values: ReadonlyMap<string, number>): Map<number, number> {
  const places = new Map<number, number>();
  for (const [name, value] of values) {
    const [, unit, host] = /^x_(\d+)_(\d+)$/.exec(name) ?? [];
    if (unit !== undefined && host !== undefined && value > 0.5) places.set(Number(unit), Number(host));
  }
  return places;
}

/**
 * The relaxed programme: units in pieces over all hosts. Hosts that are alike are one, which changes nothing in it. Hosts
 * fuller than `open` before the service came are left out; its answer is the bound if it is not below `open`.
 */
export function relaxedModel(problem: Problem, open: number): string {
  const { units, classes, capacity, before, resources } = problem;
  const kinds = new Map<string, { hosts: number; first: number }>();
  for (const [h] of problem.hosts.entries()) {
    const row = h * resources.length;
    const share = [CPUS, MEMORY].map((r) => (before[row + r] ?? 0) / (capacity[row + r] ?? 1));
    if (Math.max(...share) >= open) continue;
    const amounts = [CPUS, MEMORY].map((r) => [capacity[row + r], before[row + r]]);
    const key = JSON.stringify([classes.of[h], amounts]);
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { hosts: 1, first: h });
    else kind.hosts += 1;
  }
  const rows: string[] = [];
  const on = new Map<number, number[]>();
  for (const [u, { fits }] of units.entries()) {
    const choices = [...kinds.values()].filter(({ first }) => fits[classes.of[first] ?? 0] === 1);
    for (const { first } of choices) on.set(first, [...(on.get(first) ?? []), u]);
    rows.push(`${choices.map(({ first }) => at(u, first)).join(' + ')} = 1`);
  }
  for (const { first, hosts } of kinds.values()) {
    for (const r of [CPUS, MEMORY]) {
      const used = before[first * resources.length + r] ?? 0;
      rows.push(...capacityRow(problem, first, r, used, on.get(first) ?? [], hosts));
    }
  }
  return text(rows, 1, []);
}

/** What of a resource the units take of `count` such hosts, at most `peak` of cpu and memory and at most all of others. */
function capacityRow(
  { units, capacity, resources }: Problem,
  host: number,
  r: number,
  used: number,
  candidates: readonly number[],
  count = 1,
): string[] {
  const all = capacity[host * resources.length + r] ?? 0;
  const terms = candidates.flatMap((u) => {
    const need = units[u]?.need[r] ?? 0;
    return need === 0 || !Number.isFinite(all) ? [] : [`${need / all / count} ${at(u, host)}`];
  });
  if (terms.length === 0 || all <= 0) return [];
  const balanced = r === CPUS || r === MEMORY;
  return [`${terms.join(' + ')}${balanced ? ' - peak' : ''} <= ${balanced ? -used / all : 1 - used / all}`];
}

function usedByOthers(board: Board, h: number, units: readonly number[]): Float64Array {
  const width = board.problem.resources.length;
  const used = board.used.slice(h * width, h * width + width);
  for (const u of units) {
    if (board.hostOf[u] !== h) continue;
    for (const [r, need] of (board.problem.units[u]?.need ?? []).entries()) used[r] = (used[r] ?? 0) - need;
  }
  return used;
}

function keptApart({ units, input }: Problem): number[][] {
  const unitOf = new Map(units.flatMap(({ vnfs }, u) => vnfs.map(({ name }): [string, number] => [name, u])));
  return (input.graph.antiAffinity ?? [])
    .filter(({ scope }) => scope !== 'zone')
    .map(({ vnfs }) => vnfs.flatMap((name) => unitOf.get(name) ?? []));
}

function text(rows: readonly string[], most: number, end: readonly string[]): string {
  const numbered = rows.map((row, i) => ` r${i}: ${row}`);
  return [
    'Minimize',
    ' goal: peak',
    'Subject To',
    ...numbered,
    'Bounds',
    ` 0 <= peak <= ${most}`,
    ...end,
    'End',
  ].join('\n');
}
