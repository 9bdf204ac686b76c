import type { Decision, InventoryHost, Vnf } from '@underware/core';
import { balance } from './balance.js';
import type { Move } from './balance.js';
import type { Board } from './board.js';
import { boundShare } from './bound.js';
import { explainSteps } from './explain.js';
import { fewerMoves } from './fewer-moves.js';
import type { Attachment } from './host-fit.js';
import { noPlacement } from './no-placement.js';
import { compileProblem } from './problem.js';
import type { PlaceOptions } from './place-options.js';
import type { PlacementInput } from './placement-input.js';
import type { Problem } from './problem.js';
import { search } from './search.js';
import type { Step, Wanted } from './search.js';

/** A gap to the bound that is not worth another move. */
const ENOUGH = 1.01;

export interface PlacedVnf {
  vnf: Vnf;
  host: InventoryHost;
  attachments: readonly Attachment[];
  reason: string;
}

/** Every VNF on a host, and why there. */
export interface Placing {
  placed: PlacedVnf[];
  /** By VNF: why its host was taken, and why others were not. */
  decisions: ReadonlyMap<string, readonly Decision[]>;
  peakShare: number;
  boundShare: number;
  moved: number;
}

/**
 * Puts every VNF on a host so that the fullest of them is as little full as can be had: those that are there stay, the
 * others go where they leave their host the least used. Throws PLAN_IMPOSSIBLE with what conflicts.
 */
export function place(input: PlacementInput, options: PlaceOptions = {}): Placing {
  const problem = compileProblem(input);
  const bound = boundShare(problem);
  const kept = wantedOf(problem, options.previous, 'kept');
  const candidates: Candidate[] = [];
  const own = candidate(problem, kept, bound);
  if (own !== undefined) candidates.push(own);
  if (options.suggested !== undefined) {
    const wanted = new Map([...wantedOf(problem, options.suggested, 'suggested'), ...kept]);
    const other = candidate(problem, wanted, bound);
    // Kept ones go first in both, so that a suggestion moves nothing that may stay.
    if (other !== undefined && (own === undefined || other.peak < own.peak)) candidates.unshift(other);
  }
  const [best] = candidates;
  if (best === undefined) throw noPlacement(problem);
  const decisions = explainSteps(problem, best.steps, best.moves, options);
  const placed: PlacedVnf[] = [];
  for (const [u, { vnfs, attachments }] of problem.units.entries()) {
    const host = problem.hosts[best.board.hostOf[u] ?? -1];
    if (host === undefined) throw new RangeError(`unit ${u} has no host`);
    for (const [i, vnf] of vnfs.entries()) {
      const reason = decisions.get(vnf.name)?.[0]?.reason ?? '';
      placed.push({ vnf, host, attachments: attachments[i] ?? [], reason });
    }
  }
  const moved = placed.filter(({ vnf, host }) => {
    const before = options.previous?.get(vnf.name);
    return before !== undefined && before !== host.id;
  }).length;
  return { placed, decisions, peakShare: best.peak, boundShare: Math.min(bound, best.peak), moved };
}

interface Candidate {
  board: Board;
  steps: readonly Step[];
  moves: readonly Move[];
  peak: number;
}

function candidate(
  problem: Problem,
  wanted: ReadonlyMap<number, Wanted>,
  bound: number,
): Candidate | undefined {
  // What the hosts have not all together need not be searched for.
  if (bound > 1) return undefined;
  const found = search(problem, { wanted });
  if ('stuck' in found) return undefined;
  const kept = new Map([...wanted].filter(([, { how }]) => how === 'kept'));
  const { board, steps } = fewerMoves(problem, found, kept);
  // One that had to leave and came back stays, too.
  const stays = new Set([...kept].flatMap(([unit, { host }]) => (board.hostOf[unit] === host ? [unit] : [])));
  const moves = balance(board, bound * ENOUGH, (unit) => !stays.has(unit));
  return { board, steps, moves, peak: peakOf(board) };
}

/** Units whose VNFs all have one host that is there, in the order of units. */
function wantedOf(
  { units, hosts }: Problem,
  hostOf: ReadonlyMap<string, string> | undefined,
  how: Wanted['how'],
): Map<number, Wanted> {
  const wanted = new Map<number, Wanted>();
  if (hostOf === undefined) return wanted;
  const numbers = new Map(hosts.map(({ id }, h) => [id, h]));
  for (const [u, { vnfs }] of units.entries()) {
    const id = hostOf.get(vnfs[0]?.name ?? '');
    const host = id === undefined ? undefined : numbers.get(id);
    if (host === undefined || vnfs.some(({ name }) => hostOf.get(name) !== id)) continue;
    wanted.set(u, { host, how });
  }
  return wanted;
}

/** The share of the fullest host that has a unit. */
function peakOf(board: Board): number {
  return [...new Set(board.hostOf)].reduce((most, h) => Math.max(most, board.share(h)), 0);
}
